import Documents
import RuleIR
import SourceText

/// Where the values of a rule's tests stand in its text.
///
/// A test knows the place of its item; of a list that has become one set of values it is looked up here which value
/// stands where.
struct ValuePlaces {
  private let scalars: [DocumentNode.Scalar]

  init(of rule: LoadedRule) {
    guard rule.form == "sigma", let documents = try? YAMLReader.read(rule.range.file) else {
      scalars = []
      return
    }
    scalars = documents.filter { $0.range.start <= rule.range.start && rule.range.start < $0.range.end }
      .flatMap { Self.scalars(of: $0["detection"]) + Self.scalars(of: $0["filter"]) }
  }

  private static func scalars(of node: DocumentNode?) -> [DocumentNode.Scalar] {
    switch node?.content {
    case .scalar(let scalar): [scalar]
    case .list(let elements): elements.flatMap { scalars(of: $0) }
    case .mapping(let members): members.flatMap { scalars(of: $0.value) }
    case nil: []
    }
  }

  /// The place of a value inside that of its test.
  ///
  /// - Parameter occurrence: How many of the same text stand before it.
  func place(of text: String, occurrence: Int, within range: SourceRange) -> SourceRange? {
    let found = scalars.filter { scalar in
      scalar.range.file === range.file && scalar.range.start >= range.start && scalar.range.end <= range.end
        && (scalar.text == text || Self.unescaped(scalar.text) == text)
    }
    return occurrence < found.count ? found[occurrence].range : nil
  }

  /// A text without the backslashes that escape wildcards and backslashes.
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var plain = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\\", let next = rest.first, "*?\\".unicodeScalars.contains(next) {
        plain.append(next)
        rest = rest.dropFirst()
      } else {
        plain.append(scalar)
      }
    }
    return String(plain)
  }

  /// The change that takes a value out of its list: its whole line, where nothing else stands on it and another value
  /// stands above or below it in the same column.
  static func removal(of place: SourceRange) -> [Edit] {
    let file = place.file
    let line = place.line
    guard let dash = dashColumn(file, line), file.line(at: place.end) == line else { return [] }
    let start = file.offset(ofLine: line)
    let before = file.bytes[start..<place.start].drop { $0 == 0x20 }
    let end = start + file.text(ofLine: line).utf8.count
    let after = file.bytes[place.end..<max(end, place.end)]
    guard before.first == UInt8(ascii: "-"), before.dropFirst().allSatisfy({ $0 == 0x20 }),
      after.allSatisfy({ $0 == 0x20 || $0 == 9 }),
      [line - 1, line + 1].contains(where: { dashColumn(file, $0) == dash })
    else { return [] }
    return [Edit(SourceRange(file: file, start: start, end: file.offset(ofLine: line + 1)), "")]
  }

  /// The column of a list's dash at the start of a line.
  private static func dashColumn(_ file: SourceFile, _ line: Int) -> Int? {
    let bytes = Array(file.text(ofLine: line).utf8)
    let column = bytes.prefix { $0 == 0x20 }.count
    return column + 1 < bytes.count && bytes[column] == UInt8(ascii: "-") && bytes[column + 1] == 0x20 ? column : nil
  }
}

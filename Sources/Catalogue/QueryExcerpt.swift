import RuleIR
import SourceText

/// The part of a rule's file that holds its tests, as it was written, with each test marked.
struct QueryExcerpt {
  /// The anchors of the tests that are marked.
  private(set) var anchors: Set<String> = []
  private(set) var lines: [EventValue] = []
  private(set) var fileName = ""

  static func anchor(_ line: Int, _ column: Int) -> String { "t\(line)-\(column)" }

  /// A test and where it stands.
  private struct Mark {
    var start: Int
    var end: Int
    var text: String
  }

  /// How much is shown around tests in one long line, in bytes, and before and behind them, in lines.
  private static let aroundInLine = 400
  private static let aroundLines = 40

  init(_ body: RuleBody, of rule: CatalogueRule) {
    let found = Self.tests(of: body)
    let byFile = found.grouped { ObjectIdentifier($0.range.file) }
    guard let most = byFile.max(by: { $0.elements.count < $1.elements.count })?.elements, let first = most.first else {
      return
    }
    let file = first.range.file
    fileName = file.name
    let marks = most.map { Mark(start: $0.range.start, end: $0.range.end, text: $0.text) }
      .filter { $0.end > $0.start }.sorted { ($0.start, -$0.end) < ($1.start, -$1.end) }
    guard let start = marks.first?.start, let end = marks.map(\.end).max() else { return }
    let shown = Self.extent(file, start, end)
    write(file, marks, shown)
  }

  // MARK: - Tests

  private static func tests(of body: RuleBody) -> [(range: SourceRange, text: String)] {
    var found: [(range: SourceRange, text: String)] = []
    func add(_ origin: Origin, _ text: String) {
      if let range = origin.range { found.append((range, text)) }
    }
    func visit(_ predicate: Predicate) {
      switch predicate {
      case .all(let parts), .any(let parts): parts.forEach(visit)
      case .not(let inner): visit(inner)
      case .presence(let test): add(test.origin, PredicateOutline.text(of: test))
      case .field(let test): add(test.origin, PredicateOutline.text(of: test))
      case .some(let test): visit(test.predicate)
      case .every(let test): visit(test.predicate)
      case .anyField(let test): add(test.origin, "any field " + PredicateOutline.text(of: test.condition))
      case .rawTerm(let test): add(test.origin, "raw text has " + test.term.description)
      }
    }
    body.predicates.forEach(visit)
    return found
  }

  // MARK: - Extent

  /// The lines of the block that the tests stand in, or a stretch of them where a line is very long.
  private static func extent(_ file: SourceFile, _ start: Int, _ end: Int) -> Range<Int> {
    let (firstTest, lastTest) = (file.line(at: start), file.line(at: max(start, end - 1)))
    var first = firstTest
    while first > 1, firstTest - first < aroundLines, !startsBlock(file.text(ofLine: first)) { first -= 1 }
    var last = lastTest
    let count = file.line(at: file.bytes.count)
    while last < count, last - lastTest < aroundLines, !startsBlock(file.text(ofLine: last + 1)) { last += 1 }
    while last > lastTest, file.text(ofLine: last).allSatisfy(\.isWhitespace) { last -= 1 }
    let from = file.start(ofLine: first)
    let to = last < count ? file.start(ofLine: last + 1) - 1 : file.bytes.count
    if start - from > 8 * aroundInLine || to - end > 8 * aroundInLine {
      return max(from, start - aroundInLine)..<max(end, min(to, end + aroundInLine))
    }
    return from..<max(from, to)
  }

  /// Whether a line begins a new part of a rule file: a key at its margin, a table of TOML, a function.
  private static func startsBlock(_ line: String) -> Bool {
    let bytes = Array(line.utf8.prefix(80))
    if line.hasPrefix("[") || line.hasPrefix("def ") || line.hasPrefix("---") || line.hasPrefix("'''") {
      return !line.hasPrefix("'''")
    }
    let key = bytes.prefix { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: "-")
    }
    guard !key.isEmpty else { return false }
    let rest = bytes.dropFirst(key.count).drop { $0 == UInt8(ascii: " ") }
    // `key:` alone or with a blank behind it, `key = …`; `verb:get` is a test.
    if rest.first == UInt8(ascii: ":") {
      return rest.count == 1 || rest.dropFirst().first == UInt8(ascii: " ") || rest.dropFirst().first == 13
    }
    return rest.starts(with: Array("= ".utf8)) && rest.count > 2
  }

  // MARK: - Writing

  private mutating func write(_ file: SourceFile, _ marks: [Mark], _ shown: Range<Int>) {
    var starts: [Int: [Mark]] = [:]
    for mark in marks { starts[mark.start, default: []].append(mark) }
    var edges: Set<Int> = [shown.lowerBound, shown.upperBound]
    var change: [Int: Int] = [:]
    for mark in marks {
      edges.formUnion([mark.start, mark.end])
      change[mark.start, default: 0] += 1
      change[mark.end, default: 0] -= 1
    }
    for offset in shown where file.bytes[offset] == 10 { edges.formUnion([offset, offset + 1]) }
    let cuts = edges.filter { shown.lowerBound <= $0 && $0 <= shown.upperBound }.sorted()
    var depth = 0
    var parts: [EventValue] = []
    for (from, to) in zip(cuts, cuts.dropFirst()) {
      depth += change[from, default: 0]
      if file.bytes[from] == 10 {
        endLine(file.line(at: from), &parts)
        continue
      }
      // A test that goes over lines is not seen in their margins.
      let margin = parts.isEmpty && depth > 0 ? file.bytes[from..<to].prefix { $0 == 0x20 || $0 == 9 }.count : 0
      if margin > 0 { parts.append(part(file, from, from + margin, isTest: false, [])) }
      if from + margin < to {
        parts.append(part(file, from + margin, to, isTest: depth > 0, starts[from, default: []]))
      }
    }
    if !parts.isEmpty { endLine(file.line(at: max(shown.lowerBound, shown.upperBound - 1)), &parts) }
  }

  private mutating func part(_ file: SourceFile, _ from: Int, _ to: Int, isTest: Bool, _ begun: [Mark]) -> EventValue {
    let text = String(decoding: file.bytes[from..<to], as: UTF8.self)
    var part: EventObject = ["t": .string(text), "test": .boolean(isTest)]
    if !begun.isEmpty {
      let anchor = Self.anchor(file.line(at: from), file.column(at: from))
      if anchors.insert(anchor).inserted { part["anchor"] = .string(anchor) }
      part["means"] = .string(begun.prefix(8).map(\.text).joined(separator: "\n"))
    }
    return .object(part)
  }

  private mutating func endLine(_ number: Int, _ parts: inout [EventValue]) {
    lines.append(["n": .count(number), "parts": .list(parts)])
    parts = []
  }
}

extension SourceFile {
  /// The offset at which a line starts, counted from one.
  fileprivate func start(ofLine line: Int) -> Int {
    var (low, high) = (0, bytes.count)
    while low < high {
      let middle = (low + high) / 2
      if self.line(at: middle) < line { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

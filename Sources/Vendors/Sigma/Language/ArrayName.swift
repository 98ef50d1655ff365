import RuleIR
import SourceText

/// A field's name in which brackets choose elements of lists.
///
///     name       = "." | part { "." part } [ "[" quantifier "]" ] ;
///     part       = key { "[" index "]" } ;
///     quantifier = "any" | "all" | "all_or_empty" | "none" ;
///
/// A backslash before a bracket makes it a plain one. A single dot is the element itself, inside a block.
struct ArrayName: Hashable {
  /// Of how many elements the block behind the name must hold.
  enum Quantifier: String, CaseIterable, Hashable, Sendable {
    case any, all
    case allOrEmpty = "all_or_empty"
    case none
  }

  var path: FieldPath
  var quantifier: Quantifier?

  init(_ name: Passage) throws(Diagnostic) {
    var steps: [FieldPath.Step] = []
    var key: [UInt8] = []
    let bytes = name.bytes
    var index = 0
    func keep() { if !key.isEmpty { steps.append(.key(String(decoding: key, as: UTF8.self))) } }
    while index < bytes.count {
      let isEscaped = bytes[index] == UInt8(ascii: "\\") && index + 1 < bytes.count && Self.isBracket(bytes[index + 1])
      if isEscaped {
        key.append(bytes[index + 1])
        index += 2
      } else if bytes[index] == UInt8(ascii: "[") {
        guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "]")) else {
          throw Self.fault(name, index..<bytes.count, "this bracket is not closed")
        }
        keep()
        key = []
        let word = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
        if let number = Int(word), !steps.isEmpty {
          steps.append(.index(number))
        } else if let quantifier = Quantifier(rawValue: word), end == bytes.count - 1, !steps.isEmpty {
          self.quantifier = quantifier
        } else {
          throw Self.fault(name, index..<end + 1, Self.reason(word, isLast: end == bytes.count - 1, steps.isEmpty))
        }
        index = end + 1
        // The dot behind a bracket only parts the names.
        if index < bytes.count - 1, bytes[index] == UInt8(ascii: ".") { index += 1 }
      } else {
        key.append(bytes[index])
        index += 1
      }
    }
    keep()
    path = steps == [.key(".")] ? .element : FieldPath(steps)
  }

  private static func isBracket(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") }

  private static func reason(_ word: String, isLast: Bool, _ isFirst: Bool) -> String {
    if isFirst { return "no name stands before it" }
    return Quantifier(rawValue: word) != nil && !isLast
      ? "a quantifier ends the name" : "neither a number nor any, all, all_or_empty or none"
  }

  private static func fault(_ name: Passage, _ bytes: Range<Int>, _ label: String) -> Diagnostic {
    Diagnostic(
      .invalidValue, "the brackets of '\(name.text)' choose no elements", at: name.range(of: bytes), label: label,
      notes: ["under 'sigma-version: 3' brackets choose elements of lists"],
      help: label.hasPrefix("a quantifier")
        ? "write what is behind it into a block" : "write \\[ and \\] where brackets are part of the name")
  }
}

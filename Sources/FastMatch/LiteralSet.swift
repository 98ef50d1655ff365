import Matcher
import RuleIR

/// The literals of an equality, or of a membership, sorted by what they compare with.
final class LiteralSet: Sendable {
  private let sensitive: ByteTable?
  private let folded: ByteTable?
  private let integers: Set<Int>
  /// Every number that a number equals.
  private let numbers: [Number]
  /// Numbers that a string may spell.
  private let coercing: [Number]
  private let booleans: (isTrue: Bool, isFalse: Bool)

  init(_ literals: [Literal]) {
    var sensitive: [[UInt8]] = []
    var folded: [[UInt8]] = []
    var numbers: [Number] = []
    var coercing: [Number] = []
    var booleans = (isTrue: false, isFalse: false)
    for literal in literals {
      switch literal {
      case .text(let text, .sensitive): sensitive.append(Array(text.utf8))
      case .text(let text, .insensitive): folded.append(Array(text.simplyFolded.utf8))
      case .untyped(let text, let textCase):
        let key = Array(textCase.key(text).utf8)
        if textCase == .sensitive { sensitive.append(key) } else { folded.append(key) }
        if let number = Number(text) { numbers.append(number) }
        if key == Array("true".utf8) { booleans.isTrue = true }
        if key == Array("false".utf8) { booleans.isFalse = true }
      case .number(let number, let reading):
        numbers.append(number)
        if reading == .coercing { coercing.append(number) }
      case .boolean(true): booleans.isTrue = true
      case .boolean(false): booleans.isFalse = true
      }
    }
    self.sensitive = Self.table(sensitive)
    self.folded = Self.table(folded)
    self.numbers = numbers
    self.coercing = coercing
    self.booleans = booleans
    integers = Set(numbers.compactMap(\.integer))
  }

  private static func table(_ texts: [[UInt8]]) -> ByteTable? {
    texts.isEmpty ? nil : ByteTable(Set(texts).sorted { $0.lexicographicallyPrecedes($1) }.map { ($0, 1) })
  }

  func free() {
    sensitive?.free()
    folded?.free()
  }

  func containsTrue() -> Bool { booleans.isTrue }
  func containsFalse() -> Bool { booleans.isFalse }

  func contains(number text: Slice) -> Bool {
    if numbers.isEmpty { return false }
    if let integer = PlainInteger.read(text) { return integers.contains(integer) }
    guard let number = Number(text.string) else { return false }
    return numbers.contains(number)
  }

  /// - Parameters:
  ///   - raw: The text as it is.
  ///   - key: Yields it folded.
  func contains(text raw: Slice, folded key: () -> Slice) -> Bool {
    if let sensitive, sensitive.value(raw) >= 0 { return true }
    if let folded, folded.value(key()) >= 0 { return true }
    guard !coercing.isEmpty, let number = Number(raw.string) else { return false }
    return coercing.contains(number)
  }
}

/// Whole numbers in their shortest form, which are nearly all that events have.
enum PlainInteger {
  @inline(__always) static func read(_ text: Slice) -> Int? {
    var at = 0
    let isNegative = text.length > 0 && text.start[0] == 0x2D
    if isNegative { at = 1 }
    guard text.length - at <= 18, text.length > at else { return nil }
    var value = 0
    while at < text.length {
      let digit = text.start[at] &- 0x30
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int(digit)
      at &+= 1
    }
    return isNegative ? -value : value
  }
}

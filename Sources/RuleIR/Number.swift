/// A decimal number, compared by its exact value and remembered as it was written.
///
/// `1`, `1.0` and `1e0` are equal; `9007199254740993` keeps its last digit; `1e999` is no infinity.
public struct Number: Hashable, Sendable, Comparable {
  /// The text as written.
  public let text: String
  let isNegative: Bool
  /// The significant digits, without zeros at either end; empty for zero.
  let digits: [UInt8]
  /// The power of ten of the digit before the first: the value is 0.DIGITS × 10^scale.
  let scale: Int

  /// Reads `-12.5e3` and its like: JSON's form, and a leading `+` or `.` or zeros beside it.
  public init?(_ text: String) {
    var rest = text.utf8[...]
    isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction = rest.prefix(0)
    if rest.first == UInt8(ascii: ".") {
      fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    var exponent = 0
    if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      let negative = rest.first == UInt8(ascii: "-")
      if negative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
      let power = rest.prefix(while: isDigit)
      guard !power.isEmpty else { return nil }
      // Beyond nine digits the exact power no longer matters: the value is past all others, or nil.
      let size = Int(String(decoding: power.drop { $0 == UInt8(ascii: "0") }.prefix(9), as: UTF8.self)) ?? 0
      exponent = negative ? -size : size
      rest = rest.dropFirst(power.count)
    }
    guard rest.isEmpty else { return nil }
    let all = Array(whole) + Array(fraction)
    let zeros = all.prefix { $0 == UInt8(ascii: "0") }.count
    var kept = Array(all.dropFirst(zeros))
    while kept.last == UInt8(ascii: "0") { kept.removeLast() }
    digits = kept
    scale = kept.isEmpty ? 0 : whole.count - zeros + exponent
    self.text = text
  }

  public init(_ value: Int) {
    self.init(exactly: String(value))
  }

  private init(exactly text: String) {
    guard let number = Number(text) else { preconditionFailure("an integer spells a number") }
    self = number
  }

  /// The value as an integer, where it is one that fits.
  public var integer: Int? {
    guard !digits.isEmpty else { return 0 }
    guard scale >= digits.count, scale <= 19 else { return nil }
    let spelled = String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: scale - digits.count)
    return Int((isNegative ? "-" : "") + spelled)
  }

  /// Whether the value has no fraction.
  public var isInteger: Bool { digits.isEmpty || scale >= digits.count }

  /// The nearest double; infinite where none is near.
  public var double: Double { Double(text) ?? .infinity }

  public static func == (lhs: Number, rhs: Number) -> Bool {
    lhs.digits == rhs.digits && lhs.scale == rhs.scale && (lhs.isNegative == rhs.isNegative || lhs.digits.isEmpty)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(digits)
    hasher.combine(scale)
  }

  public static func < (lhs: Number, rhs: Number) -> Bool {
    let left = lhs.digits.isEmpty ? 0 : lhs.isNegative ? -1 : 1
    let right = rhs.digits.isEmpty ? 0 : rhs.isNegative ? -1 : 1
    guard left == right, left != 0 else { return left < right }
    let smaller = left > 0 ? (lhs, rhs) : (rhs, lhs)
    if smaller.0.scale != smaller.1.scale { return smaller.0.scale < smaller.1.scale }
    return smaller.0.digits.lexicographicallyPrecedes(smaller.1.digits)
  }
}

private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

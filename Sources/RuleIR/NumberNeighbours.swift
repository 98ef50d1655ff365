/// Numbers beside others, worked out digit by digit, so that neither size nor closeness matters.
extension Number {
  /// A number as JSON spells it, of the same value: an integer without a point where it fits, `4.5`, else `1.2e400`.
  public var plainSpelling: Number {
    if let integer { return Number(integer) }
    return Self.spelled(isNegative: isNegative, digits, scale: scale)
  }

  /// Other spellings of the value that JSON has: with a fraction of zero, and by powers of ten from either side.
  public var otherSpellings: [Number] {
    guard let first = digits.first else { return ["0.0", "-0", "0e1"].compactMap { Number($0) } }
    let all = String(decoding: digits, as: UTF8.self)
    let rest = String(decoding: digits.dropFirst(), as: UTF8.self)
    let scientific = String(decoding: [first], as: UTF8.self) + (rest.isEmpty ? "" : ".\(rest)") + "e\(scale - 1)"
    return [text + (text.contains(".") ? "0" : ".0"), scientific, "0.\(all)e\(scale)"].compactMap { spelling in
      Number(isNegative && !spelling.hasPrefix("-") ? "-\(spelling)" : spelling)
    }
  }

  /// Whether its power of ten is one that can be reckoned with.
  ///
  /// Beyond a thousand million the power is cut when it is read, and neighbours can no longer be told.
  public var hasNeighbours: Bool { abs(scale) < 100_000_000 }

  /// A number strictly between two, of which the first is the smaller.
  public static func between(_ low: Number, _ high: Number) -> Number {
    switch (low.sign, high.sign) {
    case (-1, 1): return Number(0)
    case (0, _): return spelled(isNegative: false, [one], scale: high.scale - 1)
    case (_, 0): return spelled(isNegative: true, [one], scale: low.scale - 1)
    case (1, _): return above(low, places: max(low.digits.count, high.digits.count), isNegative: false)
    case _: return above(high, places: max(low.digits.count, high.digits.count), isNegative: true)
    }
  }

  /// A number past this one on the side of larger ones.
  public var above: Number {
    sign < 0 ? Number(0) : Self.spelled(isNegative: false, [Self.one], scale: scale + 2)
  }

  /// A number past this one on the side of smaller ones.
  public var below: Number {
    sign > 0 ? Number(0) : Self.spelled(isNegative: true, [Self.one], scale: scale + 2)
  }

  /// The number larger by one; nil where that is not reckoned.
  public var successor: Number? { integer.flatMap { $0 < Int.max ? Number($0 + 1) : nil } }

  /// The number smaller by one; nil where that is not reckoned.
  public var predecessor: Number? { integer.flatMap { $0 > Int.min ? Number($0 - 1) : nil } }

  private static let one = UInt8(ascii: "1")

  private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

  /// The number a little further from zero: half a step behind so many places.
  private static func above(_ number: Number, places: Int, isNegative: Bool) -> Number {
    let padding = [UInt8](repeating: UInt8(ascii: "0"), count: places - number.digits.count)
    return spelled(isNegative: isNegative, number.digits + padding + [UInt8(ascii: "5")], scale: number.scale)
  }

  /// The number 0.DIGITS × 10^scale, spelled as JSON has it.
  private static func spelled(isNegative: Bool, _ digits: [UInt8], scale: Int) -> Number {
    let text = String(decoding: digits, as: UTF8.self)
    let spelling: String
    if (1..<20).contains(scale), digits.count > scale {
      spelling = text.prefix(scale) + "." + text.dropFirst(scale)
    } else if (1..<20).contains(scale) {
      spelling = text + String(repeating: "0", count: scale - digits.count)
    } else if (-5...0).contains(scale) {
      spelling = "0." + String(repeating: "0", count: -scale) + text
    } else {
      spelling = text.prefix(1) + (text.count > 1 ? "." : "") + text.dropFirst() + "e\(scale - 1)"
    }
    guard let number = Number((isNegative ? "-" : "") + spelling) else {
      preconditionFailure("digits spell a number")
    }
    return number
  }
}

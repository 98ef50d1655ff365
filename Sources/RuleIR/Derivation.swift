/// What a rule makes of a text, step by step, before it looks at it.
///
/// Of a number or boolean it takes the spelling. A value of which a step makes nothing is left out, so that every test
/// of it is false. Steps are functions of the text alone; to the prover they are functions of which nothing is known.
public struct Derivation: Hashable, Sendable {
  public enum Step: Hashable, Sendable {
    /// `%41` as `A` and `+` as a blank; nothing where an escape is broken.
    case urlDecoded
    /// What Base64 encodes, as UTF-8 with U+FFFD for what is none; nothing where the text is no Base64.
    case base64Decoded
    /// In small letters, as `String.lowercased()` has them.
    case lowered
    case raised
    /// Every match replaced by a text, in which `$1` stands for a group and a backslash before what is meant as it
    /// stands.
    case replaced(RegexPattern, by: String)
    /// What the first match has in a group, counted from 1; nothing where there is no match or the group has no part
    /// in it.
    case captured(RegexPattern, group: Int)
    /// The number of matches, a number.
    case matchCount(RegexPattern)
    /// The number of Unicode scalars, a number.
    case length
  }

  public var steps: [Step]

  public init(_ steps: [Step]) { self.steps = steps }

  /// Whether it yields numbers and not texts.
  public var yieldsNumber: Bool {
    switch steps.last {
    case .matchCount, .length: true
    case .urlDecoded, .base64Decoded, .lowered, .raised, .replaced, .captured, nil: false
    }
  }

  /// Every regular expression in it.
  public var regexes: [RegexPattern] {
    steps.compactMap { step in
      switch step {
      case .replaced(let regex, _), .captured(let regex, _), .matchCount(let regex): regex
      case .urlDecoded, .base64Decoded, .lowered, .raised, .length: nil
      }
    }
  }
}

extension Derivation: CustomStringConvertible {
  /// The steps in their order, in words.
  public var description: String { steps.map(\.description).joined(separator: ", ") }
}

extension Derivation.Step: CustomStringConvertible {
  public var description: String {
    switch self {
    case .urlDecoded: "URL-decoded"
    case .base64Decoded: "Base64-decoded"
    case .lowered: "in small letters"
    case .raised: "in capitals"
    case .replaced(let regex, let text): "with \(EventValue.quoted(text)) for /\(regex.text)/"
    case .captured(let regex, let group): "group \(group) of /\(regex.text)/"
    case .matchCount(let regex): "number of matches of /\(regex.text)/"
    case .length: "length"
    }
  }
}

extension Derivation.Step {
  public static func == (lhs: Derivation.Step, rhs: Derivation.Step) -> Bool {
    switch (lhs, rhs) {
    case (.urlDecoded, .urlDecoded), (.base64Decoded, .base64Decoded), (.lowered, .lowered), (.raised, .raised),
      (.length, .length):
      true
    case (.replaced(let left, let text), .replaced(let right, let other)): left == right && isSameText(text, other)
    case (.captured(let left, let group), .captured(let right, let other)): left == right && group == other
    case (.matchCount(let left), .matchCount(let right)): left == right
    case (.urlDecoded, _), (.base64Decoded, _), (.lowered, _), (.raised, _), (.length, _), (.replaced, _),
      (.captured, _), (.matchCount, _):
      false
    }
  }
}

extension String {
  /// The text with `%41` as `A` and `+` as a blank; nil where an escape is broken.
  ///
  /// https://url.spec.whatwg.org/#urlencoded-parsing
  public var urlDecoded: String? {
    var decoded: [UInt8] = []
    var bytes = utf8.makeIterator()
    while let byte = bytes.next() {
      switch byte {
      case UInt8(ascii: "+"): decoded.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = bytes.next()?.hexadecimalValue, let low = bytes.next()?.hexadecimalValue else { return nil }
        decoded.append(high << 4 | low)
      case _: decoded.append(byte)
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  /// What the text encodes in Base64 of RFC 4648, its padding left out or whole; nil where it is none.
  public var base64Decoded: String? {
    let padding = utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let digits = utf8.dropLast(padding)
    guard padding == 0 || (padding <= 2 && utf8.count.isMultiple(of: 4)), digits.count % 4 != 1 else { return nil }
    var decoded: [UInt8] = []
    var (bits, count) = (UInt32(0), 0)
    for digit in digits {
      guard let value = digit.base64Value else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}

extension UInt8 {
  fileprivate var hexadecimalValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    case _: nil
    }
  }

  fileprivate var base64Value: UInt8? {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): self - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): self - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    case _: nil
    }
  }
}

import RuleIR

extension EncodedText {
  /// Whether a text has the encoded form where `extent` says.
  func matches(_ text: String) -> Bool {
    if encodings == [.windash] { return matchesDashes(text) }
    return variants.contains { variant in
      let pattern: TextPattern =
        switch extent {
        case .whole: .exact(variant)
        case .prefix: .prefix(variant)
        case .suffix: .suffix(variant)
        case .contains: .contains(variant)
        }
      return pattern.matches(text, textCase)
    }
  }

  /// The forms that the text takes after all encodings, of which one must be met.
  private var variants: [String] {
    var forms = [Array(text.literals.joined().utf8)]
    for encoding in encodings { forms = forms.flatMap { Self.encode($0, encoding) } }
    return forms.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func encode(_ bytes: [UInt8], _ encoding: Encoding) -> [[UInt8]] {
    switch encoding {
    case .utf16le: [utf16(bytes, isBigEndian: false)]
    case .utf16be: [utf16(bytes, isBigEndian: true)]
    case .utf16: [[0xFF, 0xFE] + utf16(bytes, isBigEndian: false)]
    case .base64: [base64(bytes)]
    case .base64offset: (0..<3).map { base64(bytes, offset: $0) }
    case .windash: [bytes]
    }
  }

  private static func utf16(_ bytes: [UInt8], isBigEndian: Bool) -> [UInt8] {
    String(decoding: bytes, as: UTF8.self).utf16.flatMap { unit in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return isBigEndian ? [high, low] : [low, high]
    }
  }

  private static func base64(_ bytes: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let padded = Array(group) + [UInt8](repeating: 0, count: 3 - group.count)
      let value = UInt32(padded[0]) << 16 | UInt32(padded[1]) << 8 | UInt32(padded[2])
      for index in 0..<4 {
        out.append(index > group.count ? UInt8(ascii: "=") : alphabet[Int(value >> (18 - 6 * UInt32(index))) & 63])
      }
    }
    return out
  }

  /// The characters that the text alone decides when it starts at this offset of a group of three bytes.
  private static func base64(_ bytes: [UInt8], offset: Int) -> [UInt8] {
    let encoded = base64([UInt8](repeating: 0, count: offset) + bytes)
    let skipped = [0, 2, 3][offset]
    let dropped = [0, 3, 2][(bytes.count + offset) % 3]
    return Array(encoded.dropFirst(skipped).dropLast(dropped))
  }

  private func matchesDashes(_ subject: String) -> Bool {
    let wanted = dashSymbols
    let scalars = Array(textCase.key(subject).unicodeScalars)
    guard scalars.count >= wanted.count else { return false }
    func matches(at start: Int) -> Bool {
      zip(wanted, scalars[start...]).allSatisfy { symbol, scalar in
        symbol.map { $0 == scalar } ?? Self.dashes.contains(scalar)
      }
    }
    let last = scalars.count - wanted.count
    switch extent {
    case .whole: return last == 0 && matches(at: 0)
    case .prefix: return matches(at: 0)
    case .suffix: return matches(at: last)
    case .contains: return (0...last).contains(where: matches(at:))
    }
  }

  private static let dashes: [Unicode.Scalar] = ["-", "/", "\u{2013}", "\u{2014}", "\u{2015}"]

  /// The text's scalars, nil for a dash before a word that no word comes before.
  private var dashSymbols: [Unicode.Scalar?] {
    let scalars = Array(textCase.key(text.literals.joined()).unicodeScalars)
    return scalars.indices.map { index in
      let isDash = scalars[index] == "-" || scalars[index] == "/"
      let follows = index > 0 && scalars[index - 1].isWordScalar
      let leads = index + 1 < scalars.count && scalars[index + 1].isWordScalar
      return isDash && !follows && leads ? nil : scalars[index]
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isWordScalar: Bool { isTermScalar || self == "_" }
}

extension EncodedText {
  /// The forms that the text takes after all encodings, of which one must be met; of `windash` alone, which is a
  /// matter of single scalars, the text itself.
  public var forms: [String] {
    var forms = [Array(text.literals.joined().utf8)]
    for encoding in encodings { forms = forms.flatMap { Self.encode($0, encoding) } }
    return forms.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The pattern that one of the forms makes where `extent` says.
  public func pattern(of form: String) -> TextPattern {
    switch extent {
    case .whole: .exact(form)
    case .prefix: .prefix(form)
    case .suffix: .suffix(form)
    case .contains: .contains(form)
    }
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
}

import SourceText

/// How a text is written so that every reader of YAML gives back just this text.
enum YAMLScalarText {
  /// The text on one line: plain, in single quotes, or in double quotes with escapes.
  static func inline(_ text: String) -> String {
    guard text.unicodeScalars.allSatisfy(showsAsItself) else { return doubleQuoted(text) }
    return isSafePlain(text) ? text : singleQuoted(text)
  }

  /// Whether a literal block says the text exactly, in every reader.
  ///
  /// Blanks at the start of the first line would be taken for indentation, and lines of blanks alone for empty ones.
  static func isExactAsBlock(_ text: String) -> Bool {
    guard text.unicodeScalars.contains("\n"),
      text.unicodeScalars.allSatisfy({ showsAsItself($0) || $0 == "\n" || $0 == "\t" })
    else { return false }
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first?.first, first != " ", first != "\t" else { return false }
    return lines.allSatisfy { line in line.isEmpty || line.contains { $0 != " " && $0 != "\t" } }
  }

  /// Whether a character may stand in YAML and is seen for what it is.
  private static func showsAsItself(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: true
    case 0xFFFE, 0xFFFF: false
    default: !isHidden(scalar) && !scalar.properties.isWhitespace
    }
  }

  /// Whether the text without quotes is read as this text by everyone.
  private static func isSafePlain(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, !indicators.contains(first) else { return false }
    guard first != 0x20, last != 0x20, last != UInt8(ascii: ":"), !text.hasPrefix("...") else { return false }
    for (byte, next) in zip(bytes, bytes.dropFirst()) {
      if byte == UInt8(ascii: ":"), next == 0x20 { return false }
      if byte == 0x20, next == UInt8(ascii: "#") { return false }
    }
    return YAMLReading.inCoreSchema(bytes) == .text && YAMLReading.inOlderTypes(bytes) == .text
      && !looksLikeValue(bytes)
  }

  /// What a plain scalar must not start with.
  private static let indicators = Set("-?:,[]{}#&*!|>'\"%@`=<".utf8)

  /// Whether some reader, by rules of its own, might take the text for a number, a date or a boolean.
  private static func looksLikeValue(_ bytes: [UInt8]) -> Bool {
    if bytes.count <= 5, olderWords.contains(String(decoding: bytes, as: UTF8.self).lowercased()) { return true }
    guard isDigit(bytes[0]) || bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: ".") else { return false }
    if bytes.count > 2, bytes[0] == UInt8(ascii: "0"),
      ["x", "X", "o", "O", "b", "B"].contains(Unicode.Scalar(bytes[1]))
    {
      return true
    }
    return bytes.allSatisfy { isDigit($0) || numberSigns.contains($0) }
  }

  private static let olderWords: Set<String> = [
    "null", "y", "yes", "n", "no", "true", "false", "on", "off", ".inf", ".nan",
  ]
  private static let numberSigns = Set("+-.:_,eETtZz ".utf8)

  private static func singleQuoted(_ text: String) -> String {
    var quoted = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { quoted += "'" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "'"
  }

  private static func doubleQuoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      default:
        if showsAsItself(scalar) { quoted.unicodeScalars.append(scalar) } else { quoted += escape(scalar) }
      }
    }
    return quoted + "\""
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0..<0x100: "\\x\(hexadecimal(scalar, digits: 2))"
    case 0..<0x10000: "\\u\(hexadecimal(scalar, digits: 4))"
    default: "\\U\(hexadecimal(scalar, digits: 8))"
    }
  }
}

/// The scalar's number in hexadecimal, with leading zeros.
func hexadecimal(_ scalar: Unicode.Scalar, digits: Int) -> String {
  let text = String(scalar.value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}

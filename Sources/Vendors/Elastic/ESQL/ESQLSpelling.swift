import RuleIR

/// Spells names, texts and patterns so that they are read back as just these.
enum ESQLSpelling {
  /// A column's name; in backticks unless every part of it is plainly a name.
  static func name(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { isWord($0) && !ESQLParser.reserved.contains($0.uppercased()) }
    let isConstant = parts.contains { ["NULL", "TRUE", "FALSE"].contains($0.uppercased()) }
    return isPlain && !isConstant
      ? name : "`\(name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``"))`"
  }

  private static func isWord(_ part: Substring) -> Bool {
    guard let first = part.utf8.first else { return false }
    let marks: [UInt8] = [UInt8(ascii: "_"), UInt8(ascii: "@")]
    guard isLetter(first) || (marks.contains(first) && part.utf8.count > 1) else { return false }
    return part.utf8.dropFirst().allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  /// The name of an index, in quotation marks where it is not plainly one.
  static func source(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      isLetter(byte) || isDigit(byte) || "_-.*:".utf8.contains(byte)
    }
    let isKeyword = ["METADATA", "ON"].contains(name.uppercased())
    return isPlain && !isKeyword && !name.isEmpty ? name : escaped(name)
  }

  /// A text as a string; in three quotes where that saves escapes.
  static func text(_ text: String) -> String {
    let hasLineEnd = text.utf8.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return (hasLineEnd ? nil : QueryText.inTripleQuotes(text)) ?? escaped(text)
  }

  private static func escaped(_ text: String) -> String {
    var spelled = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": spelled += "\\\""
      case "\\": spelled += "\\\\"
      case "\n": spelled += "\\n"
      case "\r": spelled += "\\r"
      case "\t": spelled += "\\t"
      case _: spelled.unicodeScalars.append(scalar)
      }
    }
    return spelled + "\""
  }

  /// A pattern of `LIKE`, not yet a string.
  static func pattern(_ pattern: TextPattern) -> String {
    var spelled = ""
    for part in pattern.parts {
      switch part {
      case .anyRun: spelled += "*"
      case .anyScalar: spelled += "?"
      case .literal(let text):
        for scalar in text.unicodeScalars {
          if scalar == "*" || scalar == "?" || scalar == "\\" { spelled += "\\" }
          spelled.unicodeScalars.append(scalar)
        }
      }
    }
    return spelled
  }

  /// A number as ES|QL writes it.
  static func number(_ number: Number) -> String {
    number.text.hasPrefix("+") ? String(number.text.dropFirst()) : number.text
  }

  /// A number that is no integer to ES|QL, as the functions on doubles want it.
  static func double(_ number: Number) -> String {
    let text = self.number(number)
    let isInteger = text.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "-") }
    return isInteger ? text + ".0" : text
  }
}

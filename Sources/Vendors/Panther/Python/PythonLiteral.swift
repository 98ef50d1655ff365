import RuleIR
import SourceText

/// Writes values as Python literals.
///
/// Every value and every field name of a rule reaches the text through here and nowhere else, so that none can leave
/// its literal and run.
enum PythonLiteral {
  /// A text between double quotes, on one line, with every character that does not show as itself escaped.
  static func text(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      case "\r": literal += "\\r"
      case "\t": literal += "\\t"
      case _ where isHidden(scalar) || scalar.properties.isWhitespace && !scalar.isASCII:
        literal += escape(scalar)
      case _: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let (mark, length) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x1_0000 ? ("u", 4) : ("U", 8)
    return "\\\(mark)" + String(repeating: "0", count: length - digits.count) + digits
  }

  /// A number; nil where Python has no literal of sensible length for it.
  static func number(_ number: Number) -> String? {
    if let integer = number.integer { return String(integer) }
    guard number.text.utf8.count <= 300 else { return nil }
    var text = number.text
    if text.hasPrefix("+") { text.removeFirst() }
    let sign = text.hasPrefix("-") ? "-" : ""
    // A literal of several digits must not start with a zero.
    let digits = text.dropFirst(sign.count).drop { $0 == "0" }
    return sign + (digits.first?.isNumber == true ? "" : "0") + digits
  }

  /// A tuple; one element keeps its comma.
  static func tuple(_ elements: [String]) -> String {
    elements.count == 1 ? "(\(elements[0]),)" : "(\(elements.joined(separator: ", ")))"
  }
}

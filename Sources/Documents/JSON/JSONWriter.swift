import SourceText

/// Writes compact JSON.
public enum JSONWriter {
  /// The value on one line, without a line end.
  ///
  /// Characters that do not show, U+2028 among them, are written as escapes.
  public static func write(_ node: OutputNode) -> String {
    var output = ""
    append(node, to: &output)
    return output
  }

  private static func append(_ node: OutputNode, to output: inout String) {
    switch node {
    case .text(let text): append(text, to: &output)
    case .bare(let text): output += text
    case .list(let elements):
      output += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { output += "," }
        append(element, to: &output)
      }
      output += "]"
    case .mapping(let members):
      output += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { output += "," }
        append(member.key, to: &output)
        output += ":"
        append(member.value, to: &output)
      }
      output += "}"
    }
  }

  private static func append(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      default:
        // Hidden characters all lie below U+10000, so that one escape is enough.
        if isHidden(scalar) {
          output += "\\u\(hexadecimal(scalar, digits: 4))"
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    output += "\""
  }
}

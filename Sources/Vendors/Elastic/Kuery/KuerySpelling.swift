import RuleIR
import SourceText

/// Spells values and names so that both flavours read them back as just these.
enum KuerySpelling {
  /// A text in quotation marks.
  ///
  /// A backslash before a quotation mark, or at the end, is written as `\u005c`: the server takes `\\"` for an
  /// escaped quotation mark, Kibana does not.
  static func quoted(_ text: String) -> String {
    var spelled = "\""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\"": spelled += "\\\""
      case "\\":
        let isLast = index + 1 == scalars.count || scalars[index + 1] == "\""
        spelled += isLast ? "\\u005c" : "\\\\"
      case _: spelled += visibly(scalar)
      }
    }
    return spelled + "\""
  }

  /// A pattern without quotation marks, `*` for its wildcards.
  static func unquoted(_ pattern: TextPattern) -> String {
    pattern.parts.map { part in
      switch part {
      case .anyRun, .anyScalar: "*"
      case .literal(let text): unquoted(text)
      }
    }.joined()
  }

  /// The name of a field; in quotation marks unless it is plainly a name.
  static func name(_ key: String) -> String {
    let isPlain =
      key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
          UInt8(ascii: "@"), UInt8(ascii: "/"):
          true
        case _: false
        }
      } && !key.isEmpty
    let isWord = ["and", "or", "null", "true", "false"].contains(key.lowercased()) || key.lowercased().hasSuffix("not")
    return isPlain && !isWord ? key : quoted(key)
  }

  private static func unquoted(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var spelled = ""
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\\", "(", ")", ":", "<", ">", "\"", "*", "{", "}": spelled += "\\\(scalar)"
      // The server makes one space of several, and counts U+3000 among them.
      case "\u{3000}": spelled += escape(scalar)
      case " " where index > 0 && scalars[index - 1] == " ": spelled += escape(scalar)
      case _ where startsKeyword(scalars, at: index): spelled += escape(scalar)
      case _: spelled += visibly(scalar)
      }
    }
    return spelled
  }

  /// Whether `and`, `or` or `not` stands there so that it could be taken for a connective.
  private static func startsKeyword(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
    for word in ["and", "or", "not"] {
      let letters = Array(word.unicodeScalars)
      let end = index + letters.count
      guard end <= scalars.count, zip(scalars[index..<end], letters).allSatisfy({ $0.simplyFolded == $1 })
      else { continue }
      if end == scalars.count || scalars[end].isScriptSpace { return true }
    }
    return false
  }

  private static func visibly(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\t": "\\t"
    case "\r": "\\r"
    case "\n": "\\n"
    case _: isHidden(scalar) && scalar.value <= 0xFFFF ? escape(scalar) : String(Character(scalar))
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

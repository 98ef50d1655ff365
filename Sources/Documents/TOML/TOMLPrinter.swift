import SourceText

/// Builds the lines of a TOML document.
struct TOMLPrinter {
  private(set) var output = ""

  private static let width = 120

  /// Writes the members of a table whose header, if any, is written.
  mutating func table(_ members: [OutputNode.Member], path: [String]) {
    for member in members where !member.value.isTables { pair(member) }
    for member in members where member.value.isTables {
      let path = path + [Self.key(member.key)]
      switch member.value {
      case .mapping(let members):
        header("[\(path.joined(separator: "."))]")
        table(members, path: path)
      case .list(let elements):
        for case .mapping(let members) in elements {
          header("[[\(path.joined(separator: "."))]]")
          table(members, path: path)
        }
      case .text, .bare: break
      }
    }
  }

  private mutating func header(_ text: String) { output += output.isEmpty ? "\(text)\n" : "\n\(text)\n" }

  private mutating func pair(_ member: OutputNode.Member) {
    let start = "\(Self.key(member.key)) = "
    if case .text(let text) = member.value, text.unicodeScalars.contains("\n") {
      output += "\(start)\(Self.multiLine(text))\n"
      return
    }
    let line = start + Self.inline(member.value)
    if case .list(let elements) = member.value, line.unicodeScalars.count > Self.width {
      output += "\(start)[\n\(elements.map { "    \(Self.inline($0)),\n" }.joined())]\n"
    } else {
      output += "\(line)\n"
    }
  }

  private static func key(_ key: String) -> String {
    let isBare = { (byte: UInt8) in
      isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
    return !key.isEmpty && key.utf8.allSatisfy(isBare) ? key : basic(key)
  }

  private static func inline(_ node: OutputNode) -> String {
    switch node {
    case .text(let text): return isShown(text) && isBetterLiteral(text) ? "'\(text)'" : basic(text)
    case .bare(let text): return text
    case .list(let elements): return "[\(elements.map(inline).joined(separator: ", "))]"
    case .mapping(let members):
      let pairs = members.map { "\(key($0.key)) = \(inline($0.value))" }
      return pairs.isEmpty ? "{}" : "{ \(pairs.joined(separator: ", ")) }"
    }
  }

  private static func isShown(_ text: String) -> Bool { !text.unicodeScalars.contains(where: isHidden) }

  /// Whether single quotes spare the text its escapes.
  private static func isBetterLiteral(_ text: String) -> Bool {
    text.utf8.contains { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") }
      && !text.utf8.contains(UInt8(ascii: "'"))
  }

  private static func basic(_ text: String) -> String { "\"\(escaped(text, lineEnd: "\\n"))\"" }

  /// A text of several lines, which starts on the line after the quotes.
  private static func multiLine(_ text: String) -> String {
    let isLiteral = isShown(String(text.unicodeScalars.filter { $0 != "\n" && $0 != "\t" })) && !text.hasQuotesInARow
    return isLiteral ? "'''\n\(text)'''" : "\"\"\"\n\(escaped(text, lineEnd: "\n"))\"\"\""
  }

  private static func escaped(_ text: String, lineEnd: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "\n": escaped += lineEnd
      case "\r": escaped += "\\r"
      case "\t": escaped += "\\t"
      default:
        if isHidden(scalar) {
          escaped += "\\u\(hexadecimal(scalar, digits: 4))"
        } else {
          escaped.unicodeScalars.append(scalar)
        }
      }
    }
    return escaped
  }
}

extension OutputNode {
  /// Whether it stands under headers of its own: a mapping, or a list of mappings.
  fileprivate var isTables: Bool {
    switch self {
    case .text, .bare: false
    case .mapping: true
    case .list(let elements):
      !elements.isEmpty && elements.allSatisfy { if case .mapping = $0 { true } else { false } }
    }
  }
}

extension String {
  /// Whether single quotes would end a literal string early: two in a row, or one at the end.
  fileprivate var hasQuotesInARow: Bool {
    zip(utf8, utf8.dropFirst()).contains { $0 == 0x27 && $1 == 0x27 } || utf8.last == 0x27
  }
}

/// Builds the lines of a YAML document.
struct YAMLPrinter {
  private(set) var output = ""

  private static let step = 4
  /// An implicit key must end within 1,024 characters; a longer one is written after `? `.
  private static let keyLimit = 500

  mutating func root(_ node: OutputNode) {
    switch node {
    case .mapping(let members) where !members.isEmpty: mapping(members, column: 0)
    case .list(let elements) where !elements.isEmpty: list(elements, column: 0)
    case .text, .bare, .mapping, .list: scalar(node, column: Self.step)
    }
  }

  /// Writes members below each other; the first starts where the output ends.
  private mutating func mapping(_ members: [OutputNode.Member], column: Int) {
    for (index, member) in members.enumerated() {
      if index > 0 { indent(column) }
      let key = YAMLScalarText.inline(member.key)
      output += key.unicodeScalars.count > Self.keyLimit ? "? \(key)\n\(blanks(column)):" : "\(key):"
      value(member.value, column: column)
    }
  }

  /// Writes what follows a key's colon.
  private mutating func value(_ node: OutputNode, column: Int) {
    let inner = column + Self.step
    switch node {
    case .mapping(let members) where !members.isEmpty:
      output += "\n"
      indent(inner)
      mapping(members, column: inner)
    case .list(let elements) where !elements.isEmpty:
      output += "\n"
      indent(inner)
      list(elements, column: inner)
    case .text, .bare, .mapping, .list:
      output += " "
      scalar(node, column: inner)
    }
  }

  /// Writes elements below each other; the first starts where the output ends.
  private mutating func list(_ elements: [OutputNode], column: Int) {
    for (index, element) in elements.enumerated() {
      if index > 0 { indent(column) }
      output += "- "
      switch element {
      case .mapping(let members) where !members.isEmpty: mapping(members, column: column + 2)
      case .list(let elements) where !elements.isEmpty: list(elements, column: column + 2)
      case .text, .bare, .mapping, .list: scalar(element, column: column + Self.step)
      }
    }
  }

  /// Writes a scalar, or an empty list or mapping, and ends the line; a block's lines start at the column.
  private mutating func scalar(_ node: OutputNode, column: Int) {
    switch node {
    case .bare(let text): output += "\(text)\n"
    case .list: output += "[]\n"
    case .mapping: output += "{}\n"
    case .text(let text):
      if YAMLScalarText.isExactAsBlock(text) {
        block(text, column: column)
      } else {
        output += "\(YAMLScalarText.inline(text))\n"
      }
    }
  }

  /// Writes a literal block, whose sign says what line ends the text has at its end: none, one, or more.
  private mutating func block(_ text: String, column: Int) {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    let lineEnds = lines.reversed().prefix(while: \.isEmpty).count
    output += lineEnds == 0 ? "|-\n" : lineEnds == 1 ? "|\n" : "|+\n"
    // The piece behind the last line end is empty and no line.
    for line in lineEnds == 0 ? lines[...] : lines.dropLast() {
      output += line.isEmpty ? "\n" : "\(blanks(column))\(String(line))\n"
    }
  }

  private mutating func indent(_ column: Int) { output += blanks(column) }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
}

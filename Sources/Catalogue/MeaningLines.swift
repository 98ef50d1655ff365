import RuleIR

/// What a rule means as lines, each with the place of its test in the rule's text.
enum MeaningLines {
  static func lines(of body: RuleBody, linkedTo anchors: Set<String>) -> [EventValue] {
    RuleOutline.text(of: body).split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let (text, place) = split(line)
      let indent = text.prefix { $0 == " " }.count
      var value: EventObject = ["text": .string(String(text.dropFirst(indent))), "indent": .count(indent / 2)]
      value["pad"] = .string(String(text.prefix(indent)))
      if let place, anchors.contains(place) { value["at"] = .string(place) }
      return .object(value)
    }
  }

  /// A line of the outline without its `@12:5`, and that as an anchor: no test ends in such a place.
  private static func split(_ line: Substring) -> (text: Substring, anchor: String?) {
    guard let mark = line.lastIndex(of: "@"), line[..<mark].hasSuffix("    ") else { return (line, nil) }
    let place = line[line.index(after: mark)...]
    let parts = place.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ Int($0) != nil }) else { return (line, nil) }
    return (line[..<line.index(mark, offsetBy: -4)], QueryExcerpt.anchor(Int(parts[0]) ?? 0, Int(parts[1]) ?? 0))
  }
}

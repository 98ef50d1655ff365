import RuleIR

/// A column that `GROK` or `DISSECT` makes.
///
/// https://www.elastic.co/docs/reference/query-languages/esql/esql-process-data-with-dissect-grok
struct ESQLExtraction {
  var name: String
  /// What it takes from the text; nil where that is not modelled.
  var step: Derivation.Step?
  /// When it takes something, asked of the text itself; nil where only the step tells.
  var found: Condition?

  // MARK: GROK

  /// The columns of a pattern of `GROK`: names in `%{TYPE:name:type}` and in its own groups `(?<name>…)`.
  ///
  /// A name too many does no harm: a test on it is left aside, and not taken for one on the event.
  static func grok(_ pattern: String) -> [ESQLExtraction] {
    var grok = GrokPattern(pattern)
    grok.read()
    let found = grok.regex.map(Condition.regex)
    return named(grok.names.map { ($0.name, $0.group, $0.isAlwaysSet ? found : nil) }, grok.regex)
  }

  private static func named(
    _ columns: [(name: String, group: Int?, found: Condition?)], _ regex: RegexPattern?
  ) -> [ESQLExtraction] {
    columns.map { name, group, found in
      let isAlone = columns.filter { isSameText($0.name, name) }.count == 1
      guard let regex, let group, isAlone, group <= 32 else { return ESQLExtraction(name: name) }
      return ESQLExtraction(name: name, step: .captured(regex, group: group), found: found)
    }
  }

  // MARK: DISSECT

  /// The columns of a pattern of `DISSECT`: what stands between texts that are found in order, from the start on.
  ///
  /// Behind a last text that closes the pattern anything may follow. Of the modifiers, `?` names what is left out and
  /// `->` lets the text behind it repeat; those that join or name columns by others are not modelled.
  static func dissect(_ pattern: String) -> [ESQLExtraction] {
    var regex = "\\A"
    var names: [(name: String, group: Int?)] = []
    var parts: [TextPattern.Part] = []
    var groups = 0
    var rest = Array(pattern.unicodeScalars)[...]
    func literal() -> String {
      var scalars: [Unicode.Scalar] = []
      while !rest.isEmpty, !rest.starts(with: "%{".unicodeScalars) { scalars.append(rest.removeFirst()) }
      parts.append(.literal(text(scalars)))
      return escaped(scalars)
    }
    regex += literal()
    while !rest.isEmpty {
      let inside = rest.dropFirst(2).prefix { $0 != "}" }
      rest = rest.dropFirst(3 + inside.count)
      let marks = inside.prefix { "+?*&".unicodeScalars.contains($0) }
      var name = text(inside.dropFirst(marks.count).prefix { $0 != "/" })
      let repeats = name.hasSuffix("->")
      if repeats { name.removeLast(2) }
      let isKept = marks.isEmpty && !name.isEmpty
      if isKept { groups += 1 }
      if !name.isEmpty, marks.first != "?" { names.append((name, isKept ? groups : nil)) }
      parts.append(.anyRun)
      let delimiter = literal()
      let inner = delimiter.isEmpty ? "[\\s\\S]*" : "[\\s\\S]*?"
      regex += (isKept ? "(\(inner))" : inner) + (repeats && !delimiter.isEmpty ? "(?:\(delimiter))+" : delimiter)
    }
    // What follows a text that closes the pattern does not matter.
    let found = Condition.matches(TextPattern(parts + [.anyRun]), .sensitive)
    return named(names.map { ($0.name, $0.group, found) }, RegexPattern(regex, .pcre, anchoring: .search))
  }

  private static func escaped(_ scalars: [Unicode.Scalar]) -> String {
    scalars.map { scalar in
      ".*+?()[]{}|^$\\".unicodeScalars.contains(scalar) ? "\\\(scalar)" : String(scalar)
    }.joined()
  }

  fileprivate static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}

/// A pattern of `GROK` as a regular expression.
private struct GrokPattern {
  private var rest: ArraySlice<Unicode.Scalar>
  private var groups = 0
  private var depth = 0
  private var hasAlternatives = false
  /// How many names stood before the outermost group that is open.
  private var groupStart = 0
  private var isKnown = true
  private var hasLineAnchor = false
  private var text = ""
  private(set) var names: [(name: String, group: Int?, isAlwaysSet: Bool)] = []

  init(_ pattern: String) { rest = Array(pattern.unicodeScalars)[...] }

  /// Nil where a part of it is not known here; `^` and `$` are the ends of lines, as in Ruby's syntax.
  var regex: RegexPattern? {
    isKnown ? RegexPattern(text, .pcre, flags: hasLineAnchor ? .multiline : [], anchoring: .search) : nil
  }

  /// The patterns by name whose regular expressions are plain; they are the same in all of Elastic's libraries.
  ///
  /// https://github.com/elastic/elasticsearch/blob/main/libs/grok/src/main/resources/patterns/ecs-v1/grok-patterns
  private static let library = [
    "DATA": ".*?", "GREEDYDATA": ".*", "NOTSPACE": "\\S+", "SPACE": "\\s*", "WORD": "\\b\\w+\\b",
    "INT": "(?:[+-]?(?:[0-9]+))", "USERNAME": "[a-zA-Z0-9._-]+", "USER": "[a-zA-Z0-9._-]+",
  ]

  mutating func read() {
    while let scalar = rest.first {
      switch scalar {
      case "%" where rest.dropFirst().first == "{": readReference()
      case "\\":
        // In Ruby's syntax `\h` is a hexadecimal digit.
        if ["h", "H", "R", "X", "K"].contains(rest.dropFirst().first) { isKnown = false }
        text += ESQLExtraction.text(rest.prefix(2))
        rest = rest.dropFirst(2)
      case "[": readSet()
      case "(": openGroup()
      case ")": closeGroup()
      case _:
        if scalar == "^" || scalar == "$" { hasLineAnchor = true }
        if scalar == "|", depth == 0 { hasAlternatives = true }
        copy()
      }
    }
    if hasAlternatives { for index in names.indices { names[index].isAlwaysSet = false } }
  }

  private mutating func closeGroup() {
    depth -= 1
    copy()
    // What may be left out is not always set.
    guard depth == 0, let next = rest.first, ["?", "*", "{"].contains(next) else { return }
    for index in names.indices where index >= groupStart { names[index].isAlwaysSet = false }
  }

  private mutating func copy() { if let scalar = rest.popFirst() { text.unicodeScalars.append(scalar) } }

  private mutating func readReference() {
    let inside = rest.dropFirst(2).prefix { $0 != "}" }
    rest = rest.dropFirst(3 + inside.count)
    let parts = inside.split(separator: ":", omittingEmptySubsequences: false)
    let isNamed = parts.count > 1
    if isNamed {
      groups += 1
      // A type makes it something else than a text.
      names.append((ESQLExtraction.text(parts[1]), parts.count == 2 ? groups : nil, depth == 0))
    }
    if let known = Self.library[ESQLExtraction.text(parts.first ?? [])] {
      text += isNamed ? "(\(known))" : "(?:\(known))"
    } else {
      isKnown = false
    }
  }

  /// A set, copied as it is.
  private mutating func readSet() {
    copy()
    if rest.first == "^" { copy() }
    if rest.first == "]" { copy() }
    while let scalar = rest.first, scalar != "]" {
      // A set within a set, or the intersection of two.
      if scalar == "[", rest.dropFirst().first != ":" { isKnown = false }
      if scalar == "&", rest.dropFirst().first == "&" { isKnown = false }
      if scalar == "\\" { copy() }
      copy()
    }
    copy()
  }

  private mutating func openGroup() {
    if depth == 0 { groupStart = names.count }
    defer { depth += 1 }
    let isNamed = rest.starts(with: "(?<".unicodeScalars) && !["=", "!"].contains(rest.dropFirst(3).first)
    if isNamed {
      groups += 1
      let inside = rest.dropFirst(3).prefix { $0 != ">" }
      names.append((ESQLExtraction.text(inside), groups, depth == 0))
      rest = rest.dropFirst(4 + inside.count)
      text += "("
    } else {
      // In Ruby's syntax plain parentheses beside named ones capture nothing; their number is ours alone.
      if rest.dropFirst().first != "?" { groups += 1 }
      copy()
    }
  }
}

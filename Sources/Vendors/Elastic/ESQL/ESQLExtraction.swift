import RuleIR

/// A column that `GROK` or `DISSECT` makes.
///
/// https://www.elastic.co/docs/reference/query-languages/esql/esql-process-data-with-dissect-grok
struct ESQLExtraction {
  var name: String
  /// When the text yields a value for the column; nil where that is not modelled.
  var condition: Condition?

  // MARK: GROK

  /// The columns of a pattern of `GROK`: names in `%{TYPE:name:type}` and in its own groups `(?<name>…)`.
  ///
  /// A name too many does no harm: a test on it is left aside, and not taken for one on the event.
  static func grok(_ pattern: String) -> [ESQLExtraction] {
    var grok = GrokPattern(pattern)
    grok.read()
    let regex = grok.regex.map { Condition.regex(RegexPattern($0, .pcre, anchoring: .search)) }
    return grok.names.map { ESQLExtraction(name: $0.name, condition: $0.isAlwaysSet ? regex : nil) }
  }

  // MARK: DISSECT

  /// The columns of a pattern of `DISSECT`, `%{+name/1->}`; all of them are set where all that stands between them
  /// is found in order.
  static func dissect(_ pattern: String) -> [ESQLExtraction] {
    var parts: [TextPattern.Part] = []
    var names: [String] = []
    var endsWithKey = false
    var rest = Array(pattern.unicodeScalars)[...]
    while !rest.isEmpty {
      guard rest.starts(with: "%{".unicodeScalars) else {
        parts.append(.literal(String(Character(rest.removeFirst()))))
        endsWithKey = false
        continue
      }
      let inside = rest.dropFirst(2).prefix { $0 != "}" }
      rest = rest.dropFirst(3 + inside.count)
      parts.append(.anyRun)
      endsWithKey = true
      let modifiers = "+?*&".unicodeScalars
      var name = text(inside.drop { modifiers.contains($0) }.prefix { $0 != "/" })
      if name.hasSuffix("->") { name.removeLast(2) }
      if !name.isEmpty { names.append(name) }
    }
    // What may follow a closing delimiter is not written down.
    let condition = endsWithKey ? Condition.matches(TextPattern(parts), .sensitive) : nil
    return names.map { ESQLExtraction(name: $0, condition: condition) }
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
  private var depth = 0
  private var hasAlternatives = false
  /// How many names stood before the outermost group that is open.
  private var groupStart = 0
  private var isKnown = true
  private var text = ""
  private(set) var names: [(name: String, isAlwaysSet: Bool)] = []

  init(_ pattern: String) { rest = Array(pattern.unicodeScalars)[...] }

  /// Nil where a part of it is not known here.
  var regex: String? { isKnown ? text : nil }

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
        text += ESQLExtraction.text(rest.prefix(2))
        rest = rest.dropFirst(2)
      case "[": readSet()
      case "(": openGroup()
      case ")": closeGroup()
      case "|":
        if depth == 0 { hasAlternatives = true }
        copy()
      case _: copy()
      }
    }
    if hasAlternatives { names = names.map { ($0.name, false) } }
  }

  private mutating func copy() { if let scalar = rest.popFirst() { text.unicodeScalars.append(scalar) } }

  private mutating func readReference() {
    let inside = rest.dropFirst(2).prefix { $0 != "}" }
    rest = rest.dropFirst(3 + inside.count)
    let parts = inside.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count > 1 { names.append((ESQLExtraction.text(parts[1]), depth == 0)) }
    if let known = Self.library[ESQLExtraction.text(parts.first ?? [])] {
      text += "(?:\(known))"
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
      if scalar == "\\" { copy() }
      copy()
    }
    copy()
  }

  private mutating func closeGroup() {
    depth -= 1
    copy()
    // What may be left out is not always set.
    guard depth == 0, let next = rest.first, ["?", "*", "{"].contains(next) else { return }
    for index in names.indices where index >= groupStart { names[index].isAlwaysSet = false }
  }

  private mutating func openGroup() {
    if depth == 0 { groupStart = names.count }
    let isNamed = rest.starts(with: "(?<".unicodeScalars) && !["=", "!"].contains(rest.dropFirst(3).first)
    if isNamed {
      let inside = rest.dropFirst(3).prefix { $0 != ">" }
      names.append((ESQLExtraction.text(inside), depth == 0))
      rest = rest.dropFirst(4 + inside.count)
      text += "("
    } else {
      copy()
    }
    depth += 1
  }
}

import LanguageSupport
import RuleIR

/// What functions make of a text, as far as tests of it come to tests of the text.
enum ESQLDerived: Sendable {
  /// `LOCATE`: the place of a part, zero where it is not there.
  case position(ThreeValued)

  var kind: String { "the place of a part" }

  /// When it is not null.
  var hasValue: Predicate {
    switch self {
    case .position(let truth): truth.isDefined
    }
  }

  /// A comparison of it with a constant.
  func compare(
    _ comparison: ESQLExpression.Comparison, _ constant: ESQLValue, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    guard case .position(let isThere) = self, case .number(let number) = constant else {
      throw .unmodelled("a comparison of \(kind)", range)
    }
    // Zero tells absence; beyond that all numbers must be alike.
    let (none, one, many) = (
      comparison.holds(Number(0), number), comparison.holds(Number(1), number),
      comparison.holds(Number(Int.max), number)
    )
    let decides = comparison.order != nil || !(number > Number(0))
    guard one == many, decides else { throw .unmodelled("a comparison of \(kind)", range) }
    if none == one { return .test(none ? .always : .never, defined: hasValue) }
    return one ? isThere : isThere.negated
  }
}

extension ESQLColumnView {
  /// The steps so far, those that change letters among them; nil where no further step can follow.
  private var derivation: [Derivation.Step]? {
    guard isText, reach == .only, !isWrapped else { return nil }
    var steps: [Derivation.Step] = []
    if case .derived(let derivation) = aspect { steps = derivation.steps }
    switch folding {
    case .asWritten: break
    case .lower: steps.append(.lowered)
    case .upper: steps.append(.raised)
    }
    return steps
  }

  /// The column after a further step; nil where that is not modelled.
  func deriving(_ step: Derivation.Step) -> ESQLColumnView? {
    guard let steps = derivation, steps.count < 32 else { return nil }
    var view = self
    view.folding = .asWritten
    view.aspect = .derived(Derivation(steps + [step]))
    // What is known of when there is a text still holds where the step makes something of every text.
    switch step {
    case .lowered, .raised, .replaced, .length, .matchCount: break
    case .urlDecoded, .base64Decoded, .captured: view.found = nil
    }
    return view
  }

  /// The length of a text without the length that is left after one character is taken out of it everywhere: how
  /// often the character stands there.
  func subtracting(_ other: ESQLColumnView) -> ESQLColumnView? {
    guard path == other.path, reach == .only, other.reach == .only, case .derived(let rest) = other.aspect,
      rest.steps.count >= 2, rest.steps.last == .length,
      case .replaced(let regex, by: "") = rest.steps[rest.steps.count - 2], regex.text.unicodeScalars.count == 1,
      !regex.text.unicodeScalars.contains(where: { ".*+?()[]{}|^$\\".unicodeScalars.contains($0) })
    else { return nil }
    let before = Array(rest.steps.dropLast(2))
    switch aspect {
    case .length: guard before.isEmpty else { return nil }
    case .derived(let own): guard own.steps == before + [.length] else { return nil }
    case .value, .spelling, .number, .address, .count, .countOrZero, .distinctCount, .datePart, .date, .partOfDate:
      return nil
    }
    var view = self
    view.aspect = .derived(Derivation(before + [.matchCount(regex)]))
    return view
  }
}

extension ESQLMeaning {
  /// `JSON_EXTRACT(_source, path)`: the value at a path of the document, as text.
  mutating func extracted(_ arguments: [ESQLExpression], at range: Range<Int>) throws(ESQLObstacle) -> ESQLValue {
    guard case .column("_source") = arguments[0].form, case .text(let path) = try value(of: arguments[1]) else {
      throw .unmodelled("the function JSON_EXTRACT", range)
    }
    let name = path.hasPrefix("$.") ? String(path.dropFirst(2)) : path
    let isPlain = name.utf8.allSatisfy { byte in
      byte >= 0x80 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        || (48...57).contains(byte) || (65...90).contains(byte & 0xDF)
    }
    guard isPlain, !name.isEmpty else { throw .unmodelled("the function JSON_EXTRACT", range) }
    assume(
      "JSON_EXTRACT is taken for the value of '\(name)' as text", at: range,
      because: "of a list it would be the list's JSON")
    var view = ESQLColumnView(FieldPath(named: name))
    view.aspect = .spelling
    return .column(view)
  }

  /// The place of a part in a text, `LOCATE(text, part)`.
  mutating func located(_ arguments: [ESQLExpression], at range: Range<Int>) throws(ESQLObstacle) -> ESQLValue {
    .derived(.position(try part(arguments, .contains, at: range)))
  }

  /// `REPLACE(text, regex, replacement)`; the expression is one of Java.
  mutating func replaced(_ arguments: [ESQLExpression], at range: Range<Int>) throws(ESQLObstacle) -> ESQLValue {
    guard case .text(let pattern) = try value(of: arguments[1]), case .text(let text) = try value(of: arguments[2])
    else { throw .unmodelled("the function REPLACE", range) }
    let regex = RegexPattern(pattern, .pcre, anchoring: .search)
    return try derived(try value(of: arguments[0]), .replaced(regex, by: text), "REPLACE", at: range)
  }

  /// A text after a step, branch by branch of a choice.
  func derived(
    _ value: ESQLValue, _ step: Derivation.Step, _ function: String, at range: Range<Int>
  ) throws(ESQLObstacle) -> ESQLValue {
    switch value {
    case .null: return .null
    case .choice(let condition, let first, let second):
      return .choice(
        condition, try derived(first, step, function, at: range), try derived(second, step, function, at: range))
    case .column(let view):
      guard let changed = view.deriving(step) else { break }
      return .column(changed)
    case .text, .number, .boolean, .span, .now, .truth, .list, .derived: break
    }
    throw .unmodelled(Self.reason(function), range)
  }

  // MARK: Near texts

  /// `MATCH(column, text, {"fuzziness": 1})`: a value that one edit makes the text.
  ///
  /// https://www.elastic.co/docs/reference/query-languages/query-dsl/query-dsl-fuzzy-query
  mutating func nearText(_ arguments: [ESQLExpression], at range: Range<Int>) throws(ESQLObstacle) -> ThreeValued {
    guard case .map(let options) = arguments[2].form else { throw .unmodelled("the function MATCH", range) }
    var edits = 0
    for option in options {
      switch (option.key, option.value.form) {
      case ("fuzziness", .number("0")), ("fuzziness", .string("0")): edits = 0
      case ("fuzziness", .number("1")), ("fuzziness", .string("1")): edits = 1
      case ("max_expansions", _):
        assume(
          "every value near the text is taken to be looked for", at: option.value.range,
          because: "max_expansions bounds how many different ones Elasticsearch tries")
      case ("boost", _), ("lenient", _), ("operator", _): break
      case _: throw .unmodelled("the option \(option.key) of MATCH", option.value.range)
      }
    }
    if edits == 0 { return try fullText(arguments[0], arguments[1], at: range) }
    guard case .column(let view) = try value(of: arguments[0]), view.isPlain,
      case .text(let text) = try value(of: arguments[1]), (1...64).contains(text.unicodeScalars.count)
    else { throw .unmodelled("the function MATCH", range) }
    let patterns = TextPattern.oneEdit(from: text)
    try spend(patterns.count, at: range)
    return .total(.disjunction(patterns.map { predicate(view, .matches($0, .sensitive), at: range) }))
  }
}

extension TextPattern {
  /// Patterns of which a text matches one exactly when it is the given one, or one insertion, deletion, change of a
  /// character or exchange of two neighbours away from it.
  fileprivate static func oneEdit(from text: String) -> [TextPattern] {
    let symbols = text.unicodeScalars.map { Part.literal(String($0)) }
    var found: [TextPattern] = []
    for place in symbols.indices {
      var changed = symbols
      changed[place] = .anyScalar
      found.append(TextPattern(changed))
      var fewer = symbols
      fewer.remove(at: place)
      found.append(TextPattern(fewer))
      if place + 1 < symbols.count {
        var exchanged = symbols
        exchanged.swapAt(place, place + 1)
        found.append(TextPattern(exchanged))
      }
    }
    for place in 0...symbols.count {
      var more = symbols
      more.insert(.anyScalar, at: place)
      found.append(TextPattern(more))
    }
    var seen: Set<TextPattern> = []
    return found.filter { seen.insert($0).inserted }
  }
}

import LanguageSupport
import RuleIR

/// What functions and commands make of a text, as far as tests of it come to tests of the text.
indirect enum ESQLDerived: Sendable {
  /// `LOCATE`: the place of a part, zero where it is not there.
  case position(ThreeValued)
  /// A text in which every match of a regular expression is replaced by a mark, and its length.
  case replaced(ESQLReplacement)
  case length(ESQLReplacement)
  /// The number of marks: the length before they are taken out, without the length after.
  case marks(ESQLReplacement)
  /// A part that `GROK` or `DISSECT` takes from a text, and when it finds one.
  case captured(Predicate)

  var kind: String {
    switch self {
    case .position: "the place of a part"
    case .replaced: "a text with replacements"
    case .length: "the length of a text with replacements"
    case .marks: "the number of matches"
    case .captured: "a part taken from a text"
    }
  }

  /// When it is not null.
  var hasValue: Predicate {
    switch self {
    case .position(let truth): truth.isDefined
    case .replaced(let replacement), .length(let replacement), .marks(let replacement): replacement.view.isDefined
    case .captured(let predicate): predicate
    }
  }

  /// A comparison of it with a constant.
  func compare(
    _ comparison: ESQLExpression.Comparison, _ constant: ESQLValue, at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    let isThere: ThreeValued
    switch self {
    case .position(let truth): isThere = truth
    case .marks(let replacement): isThere = replacement.isMarked
    case .replaced, .length, .captured: throw .unmodelled("a comparison of \(kind)", range)
    }
    guard case .number(let number) = constant else { throw .unmodelled("a comparison of \(kind)", range) }
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

  /// What a function of one argument makes of it; nil where that is not modelled.
  func applying(_ name: String) -> ESQLDerived? {
    switch (self, name) {
    case (.replaced(let replacement), "LENGTH"): .length(replacement)
    case (.captured, "TO_LOWER"), (.captured, "TO_UPPER"), (.captured, "TO_STRING"), (.captured, "TRIM"): self
    case (.position, _), (.replaced, _), (.length, _), (.marks, _), (.captured, _): nil
    }
  }

  /// The length with marks without the length after they are taken out.
  func subtracting(_ other: ESQLDerived) -> ESQLDerived? {
    guard case .length(let marked) = self, case .length(var bare) = other, !marked.isStripped, bare.isStripped else {
      return nil
    }
    bare.isStripped = false
    return marked == bare ? .marks(marked) : nil
  }
}

/// Matches of a regular expression in a column, each replaced by one character.
struct ESQLReplacement: Hashable, Sendable {
  var view: ESQLColumnView
  /// Of Java, in which this much is as in PCRE.
  var pattern: String
  var mark: String
  /// Whether the marks are taken out again.
  var isStripped = false

  /// Whether there is a mark: a match, or the character itself.
  var isMarked: ThreeValued {
    let regex = Condition.regex(RegexPattern(pattern, .pcre, anchoring: .search))
    let tests: [Condition] = [regex, .matches(.contains(mark), .sensitive)]
    return .test(
      .disjunction(tests.map { .field(FieldTest(view.path, $0, subject: view.subject)) }), defined: view.isDefined)
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

  /// `REPLACE(text, regex, mark)` where the mark is one character, and taking the marks out again.
  mutating func replaced(_ arguments: [ESQLExpression], at range: Range<Int>) throws(ESQLObstacle) -> ESQLValue {
    guard case .text(let pattern) = try value(of: arguments[1]), case .text(let mark) = try value(of: arguments[2])
    else { throw .unmodelled("the function REPLACE", range) }
    switch try value(of: arguments[0]) {
    case .null: return .null
    case .column(let view)
    where view.isText && view.isUnfolded && view.reach == .only && !view.isWrapped && mark.unicodeScalars.count == 1
      && mark.unicodeScalars.allSatisfy({ !$0.isASCII }):
      return .derived(.replaced(ESQLReplacement(view: view, pattern: pattern, mark: mark)))
    case .derived(.replaced(var replacement))
    where mark.isEmpty && isSameText(pattern, replacement.mark) && !replacement.isStripped:
      replacement.isStripped = true
      return .derived(.replaced(replacement))
    case _: throw .unmodelled("the function REPLACE", range)
    }
  }
}

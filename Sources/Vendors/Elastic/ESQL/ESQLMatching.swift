import LanguageSupport
import RuleIR
import SourceText

/// Membership, patterns and regular expressions.
extension ESQLMeaning {
  /// `value IN (element, …)`: true where some element is equal, else null where the value or an element is.
  mutating func membership(
    of inner: ESQLExpression, in elements: [ESQLExpression], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    try membership(of: try value(of: inner), in: try values(of: elements), at: range)
  }

  private mutating func membership(
    of value: ESQLValue, in elements: [ESQLValue], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    if case .choice(let condition, let first, let second) = value {
      try spend(condition.size, at: range)
      return .choice(
        condition, try membership(of: first, in: elements, at: range),
        try membership(of: second, in: elements, at: range))
    }
    var constants: [ESQLValue] = []
    var others: [ThreeValued] = []
    for element in elements {
      if case .column = value, element.isOrdered || element.isBoolean {
        constants.append(element)
      } else {
        others.append(try compare(.equal, value, element, at: range))
      }
    }
    if case .column(let view) = value, !constants.isEmpty {
      others.insert(try equality(of: view, with: constants, at: range), at: 0)
    }
    return others.count == 1 ? others[0] : .or(others)
  }

  /// `value LIKE pattern` and `value RLIKE pattern`, with one pattern or a list of them.
  mutating func match(
    _ value: ESQLValue, _ kind: ESQLExpression.PatternKind, _ patterns: [ESQLExpression], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    switch value {
    case .null: return .unknown
    case .choice(let condition, let first, let second):
      try spend(condition.size, at: range)
      return .choice(
        condition, try match(first, kind, patterns, at: range), try match(second, kind, patterns, at: range))
    case .column(let view) where view.isText && (view.reach == .only || view.reach == .onlyDistinct):
      return try match(view, kind, patterns, at: range)
    case .column(let view):
      guard case .joined(let delimiter) = view.reach, kind == .like else { break }
      return try matchJoined(view, delimiter, patterns, at: range)
    case .text, .number, .boolean, .span, .now, .truth, .list, .derived: break
    }
    throw .unmodelled("a pattern on \(value.kind)", range)
  }

  private mutating func match(
    _ view: ESQLColumnView, _ kind: ESQLExpression.PatternKind, _ patterns: [ESQLExpression], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    var tests: [Predicate] = []
    var matchesAll = false
    for pattern in patterns {
      let text = try text(of: pattern)
      try spend(1, at: range)
      switch kind {
      case .like:
        let glob = TextPattern(esql: text)
        matchesAll = matchesAll || glob.shape == .anything
        tests += try conditions(glob, view, at: range).map { predicate(view, $0, at: range) }
      case .rlike:
        let regex = try regex(text, view, at: pattern.range)
        matchesAll = matchesAll || LuceneRegex.matchesEverything(text)
        tests += regex.map { [predicate(view, LuceneRegex.condition($0), at: range)] } ?? []
      }
    }
    // A pattern that every text matches is rewritten to IS NOT NULL, which lists pass and null fails; that the column
    // holds texts is what the operator demands of it.
    if matchesAll {
      let isPlain = !view.isWrapped
      return .total(
        isPlain ? predicate(view, .matches(.anything, .sensitive), at: range) : try hasValue(.column(view), at: range))
    }
    return .test(.disjunction(tests), defined: view.isDefined)
  }

  /// The pattern as conditions on the column itself, of which one must hold; none where no value can match.
  private func conditions(
    _ pattern: TextPattern, _ view: ESQLColumnView, at range: Range<Int>
  ) throws(ESQLObstacle) -> [Condition] {
    if view.isWrapped, pattern.literals.contains(where: { $0.utf8.count > 1_000 }) {
      throw .unmodelled("a long pattern on CONCAT", range)
    }
    guard let textCase = view.textCase(for: pattern.literals) else { return [] }
    return pattern.unwrapped(before: view.before, after: view.after).map { .matches($0, textCase) }
  }

  /// An equality with what `CONCAT` makes of a column.
  mutating func wrapped(
    _ view: ESQLColumnView, equals constants: [ESQLValue], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    var tests: [Predicate] = []
    for constant in constants {
      guard case .text(let text) = constant else { throw .unmodelled("a text compared with \(constant.kind)", range) }
      try spend(1, at: range)
      tests += try conditions(.exact(text), view, at: range).map { predicate(view, $0, at: range) }
    }
    return .test(.disjunction(tests), defined: view.isDefined)
  }

  /// A part looked for in all values joined: in one of them, as long as it cannot reach across a delimiter.
  private mutating func matchJoined(
    _ view: ESQLColumnView, _ delimiter: String, _ patterns: [ESQLExpression], at range: Range<Int>
  ) throws(ESQLObstacle) -> ThreeValued {
    var tests: [Predicate] = []
    for pattern in patterns {
      guard case .contains(let part) = TextPattern(esql: try text(of: pattern)).shape,
        !delimiter.isEmpty, !part.unicodeScalars.contains(where: delimiter.unicodeScalars.contains)
      else { throw .unmodelled("a pattern on joined values", range) }
      try spend(1, at: range)
      guard let textCase = view.textCase(for: [part]) else { continue }
      tests.append(predicate(view, .matches(.contains(part), textCase), at: range))
    }
    return .test(.disjunction(tests), defined: view.isDefined)
  }

  /// A regular expression for the column; nil where the column, folded, can match it nowhere.
  private func regex(
    _ text: String, _ view: ESQLColumnView, at range: Range<Int>
  ) throws(ESQLObstacle) -> RegexPattern? {
    if let fault = LuceneRegex.fault(in: text) {
      throw .wrong(
        Diagnostic(
          .invalidRegex, "a regular expression is wrong: \(fault)", at: passage.range(of: range),
          label: "not a regular expression of Lucene"))
    }
    guard !view.isWrapped else { throw .unmodelled("a regular expression on CONCAT", range) }
    guard !view.isUnfolded else { return RegexPattern(text, .lucene, anchoring: .whole) }
    guard let folded = LuceneRegex.ignoringCase(text, of: view.folding) else {
      throw .unmodelled("a regular expression on changed letters", range)
    }
    return RegexPattern(folded, .lucene, flags: .ignoreCase, anchoring: .whole)
  }

  private func text(of pattern: ESQLExpression) throws(ESQLObstacle) -> String {
    guard case .string(let text) = pattern.form else { throw .unmodelled("a parameter", pattern.range) }
    return text
  }
}

extension TextPattern {
  /// Reads a pattern of `LIKE`: `*` any run, `?` one character, a backslash before what is meant as it stands.
  init(esql text: String) {
    var parts: [Part] = []
    var literal = String.UnicodeScalarView()
    func flush() {
      parts.append(.literal(String(literal)))
      literal.removeAll()
    }
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*":
        flush()
        parts.append(.anyRun)
      case "?":
        flush()
        parts.append(.anyScalar)
      case "\\": literal.append(rest.popFirst() ?? scalar)
      case _: literal.append(scalar)
      }
    }
    flush()
    self.init(parts)
  }

  /// The patterns of which a text matches one exactly when it, with texts before and after it, matches this one.
  func unwrapped(before: String, after: String) -> [TextPattern] {
    if before.isEmpty, after.isEmpty { return [self] }
    let ends = Self.quotients(of: symbols, by: Array(after.unicodeScalars))
    let starts = ends.flatMap {
      Self.quotients(of: $0.reversed(), by: Array(before.unicodeScalars.reversed()))
    }
    var seen: Set<TextPattern> = []
    return starts.map { TextPattern($0.reversed()) }.filter { seen.insert($0).inserted }
  }

  /// What is left of a row of symbols when a text is taken off its end, in every way.
  private static func quotients(of symbols: [Part], by text: [Unicode.Scalar]) -> [[Part]] {
    var rows = [symbols]
    for scalar in text.reversed() {
      rows = rows.flatMap { shortened($0, by: scalar) }
      rows = rows.enumerated().filter { index, row in !rows[..<index].contains(row) }.map(\.element)
    }
    return rows
  }

  private static func shortened(_ row: [Part], by scalar: Unicode.Scalar) -> [[Part]] {
    switch row.last {
    case .anyRun: [row] + shortened(row.dropLast(), by: scalar)
    case .anyScalar: [row.dropLast()]
    case .literal(let literal): literal.unicodeScalars.elementsEqual([scalar]) ? [row.dropLast()] : []
    case nil: []
    }
  }

  /// The parts with every literal cut into its scalars.
  private var symbols: [Part] {
    parts.flatMap { part -> [Part] in
      guard case .literal(let text) = part else { return [part] }
      return text.unicodeScalars.map { .literal(String($0)) }
    }
  }
}

import RuleIR
import SourceText

/// Gives a `search` expression its meaning.
///
/// Values are texts: equality ignores case, `*` is any run, an address block is a block, an order against a number
/// is one of numbers. Any value of a field is enough. `field!=x` needs the field and looks for a value that differs;
/// `NOT field=x` does neither.
///
/// https://docs.splunk.com/Documentation/Splunk/latest/Search/NOTexpressions
struct SearchLowering {
  let scope: FieldScope
  let query: ExpandedQuery
  private(set) var notes: [Diagnostic] = []

  init(_ scope: FieldScope, in query: ExpandedQuery) {
    self.scope = scope
    self.query = query
  }

  mutating func predicate(_ tree: SearchTree) throws(Obstacle) -> Predicate {
    switch tree {
    case .all(let parts):
      var lowered: [Predicate] = []
      for part in parts { lowered.append(try predicate(part)) }
      return .conjunction(lowered)
    case .any(let parts):
      var lowered: [Predicate] = []
      for part in parts { lowered.append(try predicate(part)) }
      return .disjunction(lowered)
    case .not(let part):
      noteExclusion(part)
      return .negation(of: try predicate(part))
    case .comparison(let test): return try predicate(test)
    case .membership(let test): return try predicate(test)
    case .term(let term): return predicate(term)
    case .time(let modifier):
      throw Obstacle(
        reason: "time modifier in a condition", detail: "a time range under OR or NOT", place: modifier.place)
    case .subsearch(let place):
      throw Obstacle(
        reason: "subsearch", detail: "its result is known only when the search runs", place: place)
    }
  }

  /// Names the macro by which a rule leaves events out: published ones are examples that each deployment fills.
  private mutating func noteExclusion(_ part: SearchTree) {
    guard let place = part.place, let macro = query.macro(behind: place) else { return }
    notes.append(
      Diagnostic(
        .assumedMeaning,
        "the macro '\(macro)' leaves events out, and has the meaning that it is given here",
        severity: .warning, at: place, label: "this is left out",
        help: "give another with --macro '\(macro)=…', or a macros.conf with --macros"))
  }

  // MARK: Words of the raw text

  private mutating func predicate(_ term: SearchTerm) -> Predicate {
    if term.word.pattern.shape == .anything { return .always }
    if let bare = term.word.bare, ["and", "or", "not"].contains(bare.lowercased()) {
      notes.append(
        Diagnostic(
          .assumedMeaning, "'\(bare)' is a word to search for here", severity: .warning, at: term.place,
          label: "no connective", help: "connectives of search are written in capitals"))
    }
    return .rawTerm(
      RawTermTest(
        term.word.pattern, term.directive == .caseSensitive ? .sensitive : .insensitive,
        origin: query.origin(of: term.place)))
  }

  // MARK: Comparisons

  private mutating func predicate(_ test: SearchComparison) throws(Obstacle) -> Predicate {
    try noteDotted(test.field, test.place)
    let condition = SearchCondition(test.value, test.comparison, test.directive)
    return try predicate(test.field, condition, at: test.place)
  }

  private mutating func predicate(_ test: SearchMembership) throws(Obstacle) -> Predicate {
    var texts: [Literal] = []
    var others: [Predicate] = []
    let plain = scope.binding(of: test.field)
    for value in test.values {
      let condition = SearchCondition(value, .equal, nil)
      if case .event = plain, case .equals(let literal)? = condition.plainCondition {
        texts.append(literal)
      } else {
        others.append(try predicate(test.field, condition, at: test.place))
      }
    }
    guard case .event(let path) = plain, !texts.isEmpty else { return .disjunction(others) }
    try refuseMetadata(test.field, test.place)
    let origin = query.origin(of: test.place)
    let set = FieldTest(path, texts.count == 1 ? .equals(texts[0]) : .oneOf(texts), origin: origin)
    return .disjunction([.field(set)] + others)
  }

  private func refuseMetadata(_ name: String, _ place: SourceRange) throws(Obstacle) {
    guard name == "_raw" || name == "_time" else { return }
    throw Obstacle(reason: name, detail: "a test of \(name)", place: place)
  }

  private func noteDotted(_ name: String, _ place: SourceRange) throws(Obstacle) {
    guard name.contains("*") else { return }
    throw Obstacle(reason: "wildcard in a field's name", detail: "'\(name)' stands for several fields", place: place)
  }

  private func predicate(
    _ name: String, _ condition: SearchCondition, at place: SourceRange
  ) throws(Obstacle) -> Predicate {
    let origin = query.origin(of: place)
    switch scope.binding(of: name) {
    case .event(let path):
      try refuseMetadata(name, place)
      return condition.test(of: path, origin)
    case .filled(let path, let text):
      let hasValue = Predicate.presence(PresenceTest(.value, path, origin: origin))
      guard condition.holds(for: text) else { return condition.test(of: path, origin) }
      return .disjunction([condition.test(of: path, origin), .not(hasValue)])
    case .value(let alternatives):
      var parts: [Predicate] = []
      for alternative in alternatives {
        let test = try self.test(condition, of: alternative.operand, name, origin, place)
        parts.append(.guarded(by: alternative.when, test))
      }
      return .disjunction(parts.filter { $0 != .never })
    case .collected: throw Obstacle.gathered.met(as: name, at: place)
    case .moment:
      throw Obstacle(reason: "test of an aggregate in a condition", detail: "\(name) is a time", place: place)
    case .measure(let measure):
      throw Obstacle(
        reason: "test of an aggregate in a condition", detail: "\(name) is \(measure.function)", place: place)
    case .opaque(let obstacle): throw obstacle.met(as: name, at: place)
    case .absent: return .never
    }
  }

  private func test(
    _ condition: SearchCondition, of operand: Operand, _ name: String, _ origin: Origin, _ place: SourceRange
  ) throws(Obstacle) -> Predicate {
    switch operand {
    // Case is ignored here in any case.
    case .field(let path, .plain), .field(let path, .lower), .field(let path, .upper):
      return condition.test(of: path, origin)
    case .text(let text): return condition.holds(for: text) ? .always : .never
    case .number(let number): return condition.holds(for: number.text) ? .always : .never
    case .absent: return .never
    case .opaque(let obstacle): throw obstacle.met(as: name, at: place)
    case .place(let found) where condition.isPlaceAtAll: return found
    case .present(_, let hidden): throw hidden.met(as: name, at: place)
    case .field, .place:
      throw Obstacle(reason: "computed value", detail: "'\(name)' is computed", place: place)
    }
  }
}

extension Obstacle {
  /// The obstacle as a later stage meets it: the field that it hides, and where.
  func met(as name: String, at place: SourceRange) -> Obstacle {
    Obstacle(reason: reason, detail: "'\(name)' comes from \(reason)", place: place)
  }
}

extension Predicate {
  /// A predicate that counts only where another holds; a test that needs a field does not ask for it twice.
  static func guarded(by guardian: Predicate, _ predicate: Predicate) -> Predicate {
    if predicate == .never || guardian == .never { return .never }
    if case .presence(let presence) = guardian, presence.kind == .value, case .field(let test) = predicate,
      test.field == presence.field, test.subject != .count
    {
      return predicate
    }
    return .conjunction([guardian, predicate])
  }
}

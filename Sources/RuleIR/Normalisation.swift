extension Predicate {
  /// The predicate in a form in which many spellings of one meaning are equal.
  ///
  /// The rewrites, each of which keeps the meaning:
  /// - `not` is pushed down to the tests, double negation falls away;
  /// - nested `all` and `any` are flattened, doubles dropped, parts put in one order;
  /// - a part that is always true or never true decides or disappears; so do `a` beside `not a`;
  /// - presence that another part of an `all` says as well, and absence that one of an `any` covers, is dropped;
  /// - `any` of equalities on one field is one set; a set of one is an equality; sets have one order; so is `all` of
  ///   their opposites the opposite of one set;
  /// - a pattern without a wildcard is an equality;
  /// - texts that ignore case are folded; one without a letter that has a case ignores it or not alike: sensitive;
  /// - an untyped literal that spells neither a number nor a boolean is a text;
  /// - `some` of an `any` is the `any` of each `some`; `some` of what never holds never holds.
  public func normalised() -> Predicate { normalised(negated: false, .ordered) }

  /// The predicate after the same rewrites, but for the one order of parts: quicker, for where none is compared.
  public func simplified() -> Predicate { normalised(negated: false, .asFound) }

  /// How parts stand in the end.
  private enum Arrangement { case ordered, asFound }

  private func normalised(negated: Bool, _ arrangement: Arrangement) -> Predicate {
    switch self {
    case .not(let inner): return inner.normalised(negated: !negated, arrangement)
    case .all(let parts):
      return negated
        ? Self.joinedAny(parts.map { $0.normalised(negated: true, arrangement) }, arrangement)
        : Self.joinedAll(parts.map { $0.normalised(negated: false, arrangement) }, arrangement)
    case .any(let parts):
      return negated
        ? Self.joinedAll(parts.map { $0.normalised(negated: true, arrangement) }, arrangement)
        : Self.joinedAny(parts.map { $0.normalised(negated: false, arrangement) }, arrangement)
    case .presence, .rawTerm: return .literal(self, negated: negated)
    case .field(var test):
      test.condition = test.condition.normalised()
      if case .oneOf(let literals) = test.condition, literals.isEmpty, test.polarity == .someValuePasses {
        return negated ? .always : .never
      }
      return .literal(.field(test), negated: negated)
    case .anyField(var test):
      test.condition = test.condition.normalised()
      return .literal(.anyField(test), negated: negated)
    case .some(var test):
      test.predicate = test.predicate.normalised(negated: false, arrangement)
      if test.predicate == .never { return negated ? .always : .never }
      if case .any(let parts) = test.predicate {
        let each = parts.map { Predicate.some(ElementTest(test.path, $0, origin: test.origin)) }
        return Predicate.any(each).normalised(negated: negated, arrangement)
      }
      return .literal(.some(test), negated: negated)
    case .every(var test):
      test.predicate = test.predicate.normalised(negated: false, arrangement)
      return .literal(.every(test), negated: negated)
    }
  }

  private static func literal(_ predicate: Predicate, negated: Bool) -> Predicate {
    negated ? .not(predicate) : predicate
  }

  private static func joinedAll(_ parts: [Predicate], _ arrangement: Arrangement) -> Predicate {
    var flat = flattened(parts) { part in
      if case .all(let inner) = part { inner } else { nil }
    }
    if flat.contains(.never) || hasContradiction(flat) || denyImpliedPresence(all: flat) { return .never }
    flat = mergingExclusions(withoutImpliedPresence(all: flat))
    return flat.count == 1 ? flat[0] : .all(ordered(flat, arrangement))
  }

  private static func joinedAny(_ parts: [Predicate], _ arrangement: Arrangement) -> Predicate {
    var flat = flattened(parts) { part in
      if case .any(let inner) = part { inner } else { nil }
    }
    if flat.contains(.always) || hasContradiction(flat) || coverImpliedPresence(any: flat) { return .always }
    flat = mergingEqualities(withoutImpliedAbsence(any: flat))
    return flat.count == 1 ? flat[0] : .any(ordered(flat, arrangement))
  }

  private static func flattened(_ parts: [Predicate], _ open: (Predicate) -> [Predicate]?) -> [Predicate] {
    var seen: Set<Predicate> = []
    return parts.flatMap { open($0) ?? [$0] }.filter { seen.insert($0).inserted }
  }

  private static func hasContradiction(_ parts: [Predicate]) -> Bool {
    let positive = Set(parts)
    return parts.contains { part in
      if case .not(let inner) = part { positive.contains(inner) } else { false }
    }
  }

  /// Joins the equalities and sets on each field and subject into one set.
  private static func mergingEqualities(_ parts: [Predicate]) -> [Predicate] {
    var merged: [FieldTest: (first: Int, literals: [Literal])] = [:]
    var rest: [Predicate] = []
    for (index, part) in parts.enumerated() {
      guard case .field(var test) = part, test.polarity == .someValuePasses,
        let literals = test.condition.alternatives
      else {
        rest.append(part)
        continue
      }
      test.condition = .oneOf([])
      merged[test, default: (index, [])].literals += literals
    }
    return rest
      + merged.sorted { $0.value.first < $1.value.first }.map { test, found in
        var joined = test
        joined.condition = Condition.oneOf(found.literals).normalised()
        return .field(joined)
      }
  }

  /// Joins what is denied of each field: that no value equals one, and none another, is that none is in their set.
  private static func mergingExclusions(_ parts: [Predicate]) -> [Predicate] {
    var denied: [Predicate] = []
    var rest: [Predicate] = []
    for part in parts {
      if case .not(let inner) = part { denied.append(inner) } else { rest.append(part) }
    }
    return denied.count < 2 ? parts : rest + mergingEqualities(denied).map(Predicate.not)
  }

  private static func ordered(_ parts: [Predicate], _ arrangement: Arrangement) -> [Predicate] {
    guard arrangement == .ordered else { return parts }
    return parts.map { (key: $0.orderingKey, part: $0) }.sorted { $0.key < $1.key }.map(\.part)
  }

  /// A text that differs between predicates that differ.
  private var orderingKey: String { String(reflecting: self.outline) }

  private var outline: String { PredicateOutline(.terse).text(of: self) }
}

extension Condition {
  /// The literals that the condition lists, where that is all it does.
  fileprivate var alternatives: [Literal]? {
    switch self {
    case .equals(let literal): [literal]
    case .oneOf(let literals): literals
    case .matches, .regex, .order, .network, .term, .encoded, .field: nil
    }
  }

  fileprivate func normalised() -> Condition {
    switch self {
    case .equals(let literal): return .equals(literal.normalised())
    case .oneOf(let literals):
      let unique = Set(literals.map { $0.normalised() }).map { (key: $0.orderingKey, literal: $0) }
        .sorted { $0.key < $1.key }.map(\.literal)
      return unique.count == 1 ? .equals(unique[0]) : .oneOf(unique)
    case .matches(let pattern, let textCase):
      if case .exact(let text) = pattern.shape { return .equals(Literal.text(text, textCase).normalised()) }
      let folded = pattern.mapLiterals(textCase.key)
      let matters = pattern.literals.contains(where: \.hasCase)
      return .matches(folded, matters ? textCase : .sensitive)
    case .order(let order, let literal): return .order(order, literal.normalised())
    case .term(var match):
      if !match.text.hasCase { match.textCase = .sensitive }
      match.text = match.textCase.key(match.text)
      return .term(match)
    case .regex, .network, .encoded, .field: return self
    }
  }
}

extension Literal {
  fileprivate func normalised() -> Literal {
    switch self {
    case .text(let text, let textCase): return .text(textCase.key(text), text.hasCase ? textCase : .sensitive)
    case .untyped(let text, let textCase):
      let textCase = text.hasCase ? textCase : .sensitive
      let folded = textCase.key(text)
      let typed = Number(text) != nil || ["true", "false"].contains(text.simplyFolded)
      return typed ? .untyped(folded, textCase) : .text(folded, textCase)
    case .number, .boolean: return self
    }
  }

  fileprivate var orderingKey: String {
    switch self {
    case .text(let text, let textCase): "t\(text)\u{0}\(textCase.rawValue)"
    case .untyped(let text, let textCase): "u\(text)\u{0}\(textCase.rawValue)"
    case .number(let number, let reading): "n\(number.text)\u{0}\(reading == .strict ? "strict" : "coercing")"
    case .boolean(let flag): "b\(flag)"
    }
  }
}

extension String {
  /// Whether folding could make the text equal to another.
  fileprivate var hasCase: Bool {
    unicodeScalars.contains { $0.properties.isCased || $0.properties.changesWhenCaseFolded }
  }
}

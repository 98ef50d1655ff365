import LanguageSupport
import RuleIR
import SourceText

/// A part of a conjunction or disjunction as Kuery writes it best.
enum KueryPiece {
  case alone(Predicate)
  /// Values of one field, of which one is enough: `f:("a" or b*)`.
  case values([FieldTest])
  /// A field that has a value, and none of these: `f:(* and not "a" and not ("b" or "c"))`.
  case present(PresenceTest, but: [[FieldTest]], isNotEmpty: Bool)
}

extension KueryPrinter {
  func idiom(_ parts: [Predicate], joinedBy connective: Connective) throws(Diagnostic) -> Fragment? {
    var losses: [Loss] = []
    let pieces = connective == .or ? alternatives(parts) : presences(parts, &losses)
    guard pieces.count < parts.count else { return nil }
    var fragments: [Fragment] = []
    for piece in pieces { fragments.append(try print(piece)) }
    var joined = KueryValuePrinter.join(fragments, connective)
    joined.losses += losses
    return joined
  }

  private func print(_ piece: KueryPiece) throws(Diagnostic) -> Fragment {
    switch piece {
    case .alone(let predicate): return try print(predicate)
    case .values(let tests): return try values(tests)
    case .present(let test, let excluded, let isNotEmpty):
      return try present(test, but: excluded, isNotEmpty: isNotEmpty)
    }
  }

  /// The parts of a disjunction, with the tests of values of one field put together where the first of them stands.
  private func alternatives(_ parts: [Predicate]) -> [KueryPiece] {
    var groups: [FieldPath: [FieldTest]] = [:]
    for part in parts {
      if case .field(let test) = part, test.isOfValues { groups[test.field, default: []].append(test) }
    }
    return parts.compactMap { part in
      guard case .field(let test) = part, test.isOfValues else { return .alone(part) }
      return groups.removeValue(forKey: test.field).map(KueryPiece.values)
    }
  }

  /// The parts of a conjunction, with each field's presence and its exclusions put together, and without what another
  /// part implies.
  private func presences(_ parts: [Predicate], _ losses: inout [Loss]) -> [KueryPiece] {
    let tested = Set(parts.compactMap(\.testedField))
    let present = Set(parts.compactMap { $0.presence(.value)?.field })
    var places: [FieldPath: Int] = [:]
    var pieces: [KueryPiece] = []
    var waiting: [FieldPath: [[FieldTest]]] = [:]
    for part in parts {
      if let test = part.presence(.single), tested.contains(test.field) {
        if column(of: test.field)?.isList != false { losses.append(singleLoss(test)) }
      } else if let test = part.presence(.value), places[test.field] == nil {
        places[test.field] = pieces.count
        pieces.append(.present(test, but: [], isNotEmpty: false))
      } else if let tests = part.excludedValues, present.contains(tests[0].field) {
        waiting[tests[0].field, default: []].append(tests)
      } else {
        pieces.append(.alone(part))
      }
    }
    for (field, tests) in waiting {
      guard let place = places[field], case .present(let presence, _, _) = pieces[place] else { continue }
      let storesEmpty = column(of: field)?.isRemovedWhenEmpty != true
      let excluded = tests.filter { storesEmpty || !$0.allSatisfy(\.isOfEmptyText) }
      pieces[place] = .present(presence, but: excluded, isNotEmpty: excluded.count < tests.count)
    }
    return pieces
  }

  private func values(_ tests: [FieldTest]) throws(Diagnostic) -> Fragment {
    try named(tests[0].field, list(tests), at: tests[0].origin)
  }

  /// The values of tests of one field, joined by `or`.
  private func list(_ tests: [FieldTest]) throws(Diagnostic) -> Fragment {
    // A text that spells a block of addresses already finds the addresses in it.
    let texts = Set(tests.compactMap(\.spelledBlock))
    let blocks = Set(tests.compactMap(\.block))
    var values: [Fragment] = []
    for test in tests {
      if let block = test.block, texts.contains(block) { continue }
      let printer = KueryValuePrinter(column: column(of: test.field), origin: test.origin)
      var value = try printer.value(test.condition)
      if let block = test.spelledBlock, blocks.contains(block) { value.losses = [] }
      values.append(value)
    }
    return KueryValuePrinter.join(values, .or)
  }

  private func present(
    _ test: PresenceTest, but excluded: [[FieldTest]], isNotEmpty: Bool
  ) throws(Diagnostic) -> Fragment {
    guard !excluded.isEmpty || isNotEmpty else { return try print(.presence(test)) }
    let column = column(of: test.field)
    var values = [Fragment("*")]
    for tests in excluded { values.append(negate(try list(tests))) }
    var fragment = try named(test.field, KueryValuePrinter.join(values, .and), at: test.origin)
    if !excluded.isEmpty { fragment.losses += fragment.losses.filter { $0.feature == .keyPattern }.map(\.negated) }
    if column?.isRemovedWhenEmpty == true, !isNotEmpty {
      fragment.losses.append(Loss(.hasValue, .narrower, because: "an empty text is not stored", at: test.origin))
    }
    return fragment
  }
}

extension Predicate {
  /// The field of a test that only a value can pass.
  fileprivate var testedField: FieldPath? {
    guard case .field(let test) = self, test.subject == .value || test.subject == .spelling else { return nil }
    return test.field
  }

  fileprivate func presence(_ kind: PresenceTest.Kind) -> PresenceTest? {
    if case .presence(let test) = self, test.kind == kind { test } else { nil }
  }
}

extension Predicate {
  /// The tests of values of one field, none of which may pass.
  fileprivate var excludedValues: [FieldTest]? {
    guard case .not(let inner) = self else { return nil }
    switch inner {
    case .field(let test): return test.isOfValues ? [test] : nil
    case .any(let parts):
      let tests = parts.compactMap { part -> FieldTest? in
        if case .field(let test) = part, test.isOfValues { test } else { nil }
      }
      let isOneField = tests.count == parts.count && !tests.isEmpty && tests.allSatisfy { $0.field == tests[0].field }
      return isOneField ? tests : nil
    case .all, .not, .presence, .some, .every, .anyField, .rawTerm: return nil
    }
  }
}

extension FieldTest {
  /// Whether the test can stand behind a colon.
  fileprivate var isOfValues: Bool {
    guard subject == .value, polarity == .someValuePasses else { return false }
    switch condition {
    case .equals, .matches, .network, .term: return true
    case .oneOf(let literals): return !literals.isEmpty
    case .regex, .order, .encoded, .field: return false
    }
  }

  fileprivate var isOfEmptyText: Bool {
    guard case .equals(let literal) = condition else { return false }
    return literal.spelling.isEmpty
  }

  /// The block of addresses that the test is about.
  fileprivate var block: Network? {
    if case .network(let network) = condition { network } else { nil }
  }

  /// The block of addresses that the test's text spells.
  fileprivate var spelledBlock: Network? {
    guard case .equals(let literal) = condition else { return nil }
    return Network(blockAround: literal.spelling)
  }
}

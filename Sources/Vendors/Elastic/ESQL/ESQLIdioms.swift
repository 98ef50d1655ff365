import LanguageSupport
import RuleIR
import SourceText

extension ESQLPrinter {
  /// Writes parts that stand together with what they tell of one another: beside `f IS NOT NULL` no test of `f`
  /// needs a branch for null, and beside "f has one value" the plain operators are exact.
  func idiom(_ parts: [Predicate], joinedBy connective: Connective) throws(Diagnostic) -> Fragment? {
    var inner = self
    var facts: [FieldPath: Knowledge] = [:]
    for part in parts {
      guard let (field, fact) = fact(of: part, beside: connective) else { continue }
      facts[field] = facts[field] == .single ? .single : fact
    }
    inner.known.merge(facts) { old, new in old == .single ? old : new }
    var beside = inner
    let present = parts.compactMap { $0.positiveField(connective) }
    beside.known.merge(present.map { ($0, .present) }) { old, _ in old }
    return try join(parts, connective, inner, beside)
  }

  /// Writes each part with what it may take for granted: a denied one also that the fields of the asserted ones have
  /// values, for where they have none the whole is false.
  private func join(
    _ parts: [Predicate], _ connective: Connective, _ inner: ESQLPrinter, _ beside: ESQLPrinter
  ) throws(Diagnostic) -> Fragment {
    var fragments: [Fragment] = []
    let implied = connective == .and ? Set(parts.compactMap { inner.impliedSingle(by: $0) }) : []
    for part in parts {
      guard let (field, _) = fact(of: part, beside: connective) else {
        if case .not = part {
          fragments.append(try beside.print(part))
        } else {
          fragments.append(try inner.print(part))
        }
        continue
      }
      if !implied.contains(field) { fragments.append(try print(part)) }
    }
    return joined(fragments, connective)
  }

  /// Joins conditions; a constant that changes nothing falls away, and one that decides stands alone.
  func joined(_ fragments: [Fragment], _ connective: Connective) -> Fragment {
    let (neutral, deciding) = connective == .and ? ("true", "false") : ("false", "true")
    if let constant = fragments.first(where: { $0.text == deciding && $0.losses.isEmpty }) { return constant }
    let kept = fragments.filter { $0.text != neutral }
    let losses = fragments.flatMap(\.losses)
    guard kept.count > 1 else {
      return Fragment(kept.first?.text ?? neutral, binding: kept.first?.binding ?? .max, losses: losses)
    }
    let weakest = max(booleans.and.binding, booleans.or.binding)
    let texts = kept.map { $0.binding <= weakest ? "(\($0.text))" : $0.text }
    let spelling = connective == .and ? booleans.and.spelling : booleans.or.spelling
    return Fragment(
      texts.joined(separator: " \(spelling) "), binding: booleans.binding(of: connective), losses: losses)
  }

  /// What the other parts may take for granted: in a conjunction what a part asserts, in a disjunction what it denies.
  private func fact(of part: Predicate, beside connective: Connective) -> (FieldPath, Knowledge)? {
    let test: PresenceTest
    switch (part, connective) {
    case (.presence(let presence), .and), (.not(.presence(let presence)), .or): test = presence
    case _: return nil
    }
    guard !test.field.hasKeyPattern, schema.type(of: test.field) != .object else { return nil }
    switch test.kind {
    case .key: return nil
    case .value: return (test.field, .present)
    case .single: return (test.field, .single)
    }
  }

  /// The field of which a part, written by the plain operators, demands exactly one value.
  private func impliedSingle(by part: Predicate) -> FieldPath? {
    let test: FieldTest
    switch part {
    case .field(let field), .not(.field(let field)): test = field
    case _: return nil
    }
    guard known[test.field] == .single || (known[test.field] == .present && !schema.mayBeList(test.field)),
      ESQLTestPrinter.isPlain(test, type: schema.type(of: test.field)), !test.field.hasKeyPattern
    else { return nil }
    return test.field
  }
}

extension Predicate {
  /// The field that a part of a conjunction shows to have a value.
  fileprivate func positiveField(_ connective: Connective) -> FieldPath? {
    guard connective == .and, case .field(let test) = self, test.subject != .count else { return nil }
    return test.field
  }
}

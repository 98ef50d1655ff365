public import LanguageSupport
public import RuleIR
public import SourceText

extension EQL {
  /// Writes an event query or a sequence.
  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let feature: Feature
    let origin: Origin
    switch rule.body {
    case .predicate(let predicate):
      let event = try EQLEventWriter(schema: schema).event(predicate, indent: "  ")
      return written(event, rule.body)
    case .sequence(let sequence): return written(try EQLSequenceWriter(schema).text(of: sequence), rule.body)
    case .threshold(let threshold): (feature, origin) = (threshold.feature, threshold.origin)
    case .newTerms(let terms): (feature, origin) = (.newTerms, terms.origin)
    case .unmodelled(let rest): throw .unmodelled(rest, in: name)
    }
    throw .untranslatable(feature, in: name, because: "events are put in order, and not counted", at: origin)
  }

  private static func written(_ fragment: Fragment, _ body: RuleBody) -> WrittenRule {
    let measures = body.predicates.contains(where: \.measuresTexts)
    let notes = measures ? ["'length' counts a character beyond U+FFFF as two"] : []
    return WrittenRule(text: fragment.text + "\n", losses: fragment.losses, notes: notes)
  }
}

/// Writes `category where condition`.
struct EQLEventWriter {
  let schema: TargetSchema

  /// The category is what the predicate asks of the field of categories, else `any`.
  ///
  /// - Parameter indent: What goes before each further line.
  func event(_ predicate: Predicate, indent: String) throws(Diagnostic) -> Fragment {
    let printer = EQLPrinter(schema: schema)
    var parts: [Predicate]
    if case .all(let several) = predicate { parts = several } else { parts = [predicate] }
    var category = "any"
    if let place = parts.firstIndex(where: { $0.eventCategory != nil }), let name = parts[place].eventCategory {
      category = name
      parts.remove(at: place)
    }
    var losses: [Loss] = []
    let kept = printer.conjuncts(parts, &losses)
    var fragments: [Fragment] = []
    for part in kept { fragments.append(try printer.print(part)) }
    guard !fragments.isEmpty else { return Fragment("\(category) where true", losses: losses) }
    let isLong = fragments.reduce(0) { $0 + $1.text.utf8.count } > 90
    let condition = printer.joined(fragments, .and, by: isLong ? "\n\(indent)" : " ")
    return Fragment("\(category) where \(condition.text)", losses: condition.losses + losses)
  }
}

extension Predicate {
  /// The category that the predicate asks for, where that is all it does and the name can stand before `where`.
  fileprivate var eventCategory: String? {
    guard case .field(let test) = self, test.subject == .value, test.polarity == .someValuePasses,
      test.field.dotted == EQL.categoryField, case .equals(.text(let text, let textCase)) = test.condition,
      textCase == .sensitive, EQLSpelling.isCategory(text)
    else { return nil }
    return text
  }

  /// Whether a test is about the length of a text.
  fileprivate var measuresTexts: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.contains(where: \.measuresTexts)
    case .not(let inner): inner.measuresTexts
    case .some(let test), .every(let test): test.predicate.measuresTexts
    case .field(let test): test.subject == .length
    case .presence, .anyField, .rawTerm: false
    }
  }
}

/// EQL in a rule file.
extension EQLQuery: QueryWriter {
  static func support(for feature: Feature) -> Support { EQL.support(for: feature) }

  static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenQuery {
    let written = try EQL.write(rule, for: schema)
    return WrittenQuery(
      type: "eql", language: name, text: written.text.trimmed, losses: written.losses, notes: written.notes)
  }
}

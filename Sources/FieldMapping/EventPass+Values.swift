import RuleIR
import SourceText

extension EventPass {
  /// The test of a name under which the vendor has other values than the event.
  mutating func translatingValues(
    _ test: FieldTest, _ field: ResolvedField, _ values: [VendorField.ValuePair]
  ) -> Predicate {
    let name = field.name?.spelling ?? test.field.dotted
    guard test.subject == .value || test.subject == .spelling, test.polarity == .someValuePasses,
      test.condition.isOfWholeValues
    else {
      diagnostics.append(
        Diagnostic(
          .untranslatable, "this test of '\(name)' has no form on the event", at: test.origin.range,
          notes: ["'\(name)' is worked out from '\(field.eventPath)', value by value: only its values can be mapped"]))
      return .never
    }
    let events = values.filter { test.condition.holds(for: $0.vendor) == true }.map(\.event)
    for choice in test.condition.listed ?? [] where !values.contains(where: { choice.isSame(as: $0.vendor) }) {
      diagnostics.append(
        .impossibleValue(
          "'\(name)' is never \(choice.shown)", at: test.origin.range, label: "no event passes this",
          notes: ["its values are \(values.map(\.vendor).joined(separator: ", "))"]))
    }
    if events.isEmpty, test.condition.listed == nil {
      diagnostics.append(
        .impossibleValue(
          "no value of '\(name)' passes this test", at: test.origin.range, label: "no event passes this",
          notes: ["its values are \(values.map(\.vendor).joined(separator: ", "))"]))
    }
    return events.isEmpty ? .never : .field(test.asking(texts: events))
  }

  /// Whether the event has a value that the vendor writes under the name.
  mutating func isWritten(
    _ field: ResolvedField, _ values: [VendorField.ValuePair], at origin: Origin
  ) -> Predicate {
    let events = values.map(\.event)
    if let known = field.row?.knownValues, !known.isEmpty, Set(known).isSubset(of: events) {
      return .presence(PresenceTest(.value, field.path, origin: origin))
    }
    return .field(FieldTest(field.path, .oneOf([]), origin: origin).asking(texts: events))
  }

  /// The test of a field that has one value in every event.
  mutating func constant(_ constant: VendorStore.Constant, _ test: FieldTest) -> Predicate {
    guard test.subject == .value || test.subject == .spelling, let holds = constant.verdict(test.condition)
    else {
      diagnostics.append(
        Diagnostic(
          .untranslatable, "this test of '\(constant.spelling)' cannot be decided", at: test.origin.range,
          notes: ["'\(constant.spelling)' is '\(constant.shownValues)' in every event of \(mapping.name)"]))
      return .never
    }
    let passes = holds == (test.polarity == .someValuePasses)
    if !passes {
      diagnostics.append(
        .impossibleValue(
          "'\(constant.spelling)' is always '\(constant.shownValues)' here", at: test.origin.range,
          label: "no event passes this", notes: ["the mapping \(mapping.name) is about these events alone"]))
    }
    return passes ? .always : .never
  }
}

extension VendorStore.Constant {
  fileprivate var shownValues: String { values.joined(separator: "' or '") }
}

extension FieldTest {
  /// Whether the value is one of these.
  func asking(texts: [String]) -> FieldTest {
    var changed = self
    changed.subject = .value
    let literals = texts.map { Literal.text($0, .sensitive) }
    changed.condition = literals.count == 1 ? .equals(literals[0]) : .oneOf(literals)
    return changed
  }
}

extension Condition {
  /// Whether each of a few whole values can be said to pass or not.
  var isOfWholeValues: Bool {
    switch self {
    case .equals, .oneOf, .matches, .order: true
    case .regex, .network, .term, .encoded, .field: false
    }
  }
}

extension Literal {
  fileprivate func isSame(as text: String) -> Bool { Condition.equals(self).holds(for: text) == true }
}

extension Diagnostic {
  /// A warning that no event has what a rule looks for.
  static func impossibleValue(
    _ message: String, at range: SourceRange?, label: String, notes: [String] = [], help near: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      .impossibleValue, message, severity: .warning, at: range, label: label, notes: notes,
      help: near.map { "did '\($0)' stand here?" })
  }
}

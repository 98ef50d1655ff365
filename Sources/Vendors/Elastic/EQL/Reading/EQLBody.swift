import LanguageSupport
import RuleIR
import SourceText

/// What a whole query says: a predicate of one event, or a sequence.
struct EQLBody {
  private let passage: Passage
  /// The field that `process where` is about.
  private let category: FieldPath
  private var meaning: EQLMeaning
  private var pipeNotes: [Diagnostic] = []

  init(_ passage: Passage, category: FieldPath) {
    self.passage = passage
    self.category = category
    meaning = EQLMeaning(passage)
  }

  var notes: [Diagnostic] { meaning.notes + pipeNotes }

  mutating func body(of statement: EQLStatement) throws(Diagnostic) -> RuleBody {
    do throws(EQLObstacle) {
      let body: RuleBody
      switch statement.form {
      case .event(let event): body = .predicate(try predicate(of: event))
      case .series(let series): body = .sequence(try sequence(series))
      }
      for pipe in statement.pipes { try apply(pipe) }
      return body
    } catch {
      switch error {
      case .wrong(let diagnostic): throw diagnostic
      case .unmodelled(let reason, let range):
        return .unmodelled(
          Unmodelled(
            text: passage.text, understood: try understood(of: statement), reason: reason,
            origin: Origin(passage.range(of: range))))
      }
    }
  }

  // MARK: Events

  private mutating func predicate(of event: EQLEvent) throws(EQLObstacle) -> Predicate {
    .conjunction(categoryTest(of: event) + [try meaning.truth(of: event.condition)])
  }

  private func categoryTest(of event: EQLEvent) -> [Predicate] {
    event.category.map { name in
      [
        .field(
          FieldTest(
            category, .equals(.text(name, .sensitive)), origin: Origin(passage.range(of: event.categoryRange))))
      ]
    } ?? []
  }

  /// What every event of the query satisfies, as far as it is modelled; nil where that is nothing.
  private mutating func understood(of statement: EQLStatement) throws(Diagnostic) -> Predicate? {
    let events: [EQLEvent]
    switch statement.form {
    case .event(let event): events = [event]
    case .series(let series): events = series.terms.filter { !$0.isMissing }.map(\.event)
    }
    var parts: [Predicate] = []
    for event in events { parts.append(try understood(of: event)) }
    let whole = Predicate.disjunction(parts)
    return whole == .always ? nil : whole
  }

  private mutating func understood(of event: EQLEvent) throws(Diagnostic) -> Predicate {
    var parts = categoryTest(of: event)
    for part in event.condition.conjuncts {
      do throws(EQLObstacle) {
        parts.append(try meaning.truth(of: part))
      } catch {
        if case .wrong(let diagnostic) = error { throw diagnostic }
      }
    }
    return .conjunction(parts)
  }

  // MARK: Series

  private mutating func sequence(_ series: EQLSeries) throws(EQLObstacle) -> EventSequence {
    guard series.kind == .sequence else { throw .unmodelled("a \(series.kind.rawValue)", series.range) }
    if let missing = series.terms.first(where: \.isMissing) {
      throw .unmodelled("a missing event in a sequence", missing.range)
    }
    try checkCounts(of: series)
    let shared = try keys(series.keys)
    var steps: [EventSequence.Step] = []
    for term in series.terms {
      let step = EventSequence.Step(try predicate(of: term.event), joinedBy: shared + (try keys(term.keys)))
      steps += Array(repeating: step, count: term.runs)
    }
    var until: EventSequence.Step?
    if let term = series.until {
      until = EventSequence.Step(try predicate(of: term.event), joinedBy: shared + (try keys(term.keys)))
    }
    var span: TimeSpan?
    if let (milliseconds, range) = series.span {
      guard milliseconds.isMultiple(of: 1_000) else { throw .unmodelled("a span of milliseconds", range) }
      span = TimeSpan(seconds: milliseconds / 1_000)
    }
    return EventSequence(.ordered, steps, span: span, until: until, origin: Origin(passage.range(of: series.range)))
  }

  private func checkCounts(of series: EQLSeries) throws(EQLObstacle) {
    let count = series.terms.reduce(0) { $0 + $1.runs }
    guard count >= 2 else {
      throw wrong("a sequence needs at least two events", "only one", at: series.range)
    }
    guard count <= EQLParser.termLimit else {
      throw wrong("the sequence has more than \(EQLParser.termLimit) events", "\(count) events", at: series.range)
    }
    let expected = series.terms[0].keys.count
    for term in series.terms.dropFirst() + (series.until.map { [$0] } ?? []) where term.keys.count != expected {
      throw wrong(
        "the events of a sequence are joined by different numbers of fields",
        "\(term.keys.count) here, and \(expected) in the first", at: term.range)
    }
  }

  private func wrong(_ message: String, _ label: String, at range: Range<Int>) -> EQLObstacle {
    .wrong(Diagnostic(.wrongArguments, message, at: passage.range(of: range), label: label))
  }

  private func keys(_ expressions: [EQLExpression]) throws(EQLObstacle) -> [FieldPath] {
    var keys: [FieldPath] = []
    for expression in expressions {
      guard case .field(let path, let isOptional) = expression.form else {
        throw .unmodelled("a computed field to join by", expression.range)
      }
      // Events without the field are joined to one another.
      if isOptional { throw .unmodelled("an optional field to join by", expression.range) }
      keys.append(path)
    }
    return keys
  }

  // MARK: Pipes

  private mutating func apply(_ pipe: EQLPipe) throws(EQLObstacle) {
    guard pipe.name == "head" || pipe.name == "tail" else { throw .unmodelled("the pipe '\(pipe.name)'", pipe.range) }
    guard pipe.arguments.count == 1, case .number(let number) = pipe.arguments[0].form, let count = number.integer,
      count > 0
    else {
      throw wrong("'\(pipe.name)' takes a positive whole number", "expected a number", at: pipe.range)
    }
    pipeNotes.append(
      Diagnostic(
        .ignoredStage, "'\(pipe.name)' is left aside: it bounds what is shown", severity: .info,
        at: passage.range(of: pipe.range), label: "not part of the condition"))
  }
}

extension EQLExpression {
  /// The parts that must all hold.
  fileprivate var conjuncts: [EQLExpression] {
    if case .and(let parts) = form { parts.flatMap(\.conjuncts) } else { [self] }
  }
}

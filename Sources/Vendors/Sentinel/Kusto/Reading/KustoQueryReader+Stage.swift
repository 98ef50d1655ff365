import RuleIR
import SourceText

extension KustoQueryReader {
  /// Takes one stage into account.
  mutating func walk(_ stage: KustoStage) {
    switch stage.form {
    case .filter(let expression): filter(expression, stage)
    case .columns(let columns): bind(columns, stage)
    case .neutral: ignore(stage, because: "it changes what is shown, not which events there are")
    case .capped:
      cap = cap ?? stage
      ignore(stage, because: "it caps how many rows are shown")
    case .summarize(let measures, let keys): summarize(measures, keys, stage)
    case .apply(let name, let path, let stages): apply(name, path, stages, stage)
    case .opaque: close(KustoGap(reason: stage.name, range: stage.range))
    }
  }

  /// Notes a construct behind which rows are no longer the events themselves.
  private mutating func close(_ found: KustoGap) {
    note(found)
    isClosed = true
  }

  private mutating func ignore(_ stage: KustoStage, because reason: String) {
    guard !isClosed else { return }
    diagnostics.append(
      Diagnostic(
        .ignoredStage, "'\(stage.name)' is left out", severity: .info, at: passage.range(of: stage.range),
        label: reason))
  }

  private mutating func filter(_ expression: KustoExpression, _ stage: KustoStage) {
    guard !isClosed else { return }
    if let cap { return close(KustoGap(reason: "a filter behind '\(cap.name)'", range: stage.range)) }
    if threshold != nil { return bound(expression, stage) }
    for part in expression.conjuncts { conjunct(part) }
  }

  private mutating func conjunct(_ part: KustoExpression) {
    do {
      let resolved = try scope.resolved(part)
      for part in resolved.conjuncts {
        do { try test(part) } catch { note(error) }
      }
    } catch {
      note(error)
    }
  }

  private mutating func test(_ part: KustoExpression) throws(KustoGap) {
    if isWindow(part) { return }
    filters.append(try lowering.condition(part).isTrue)
  }

  /// Whether a condition is about the time of the event alone: the window of the search, and no part of the rule.
  private mutating func isWindow(_ part: KustoExpression) -> Bool {
    guard case .comparison(let operation, let left, let right) = part.form else { return false }
    var bounds = [right]
    if case .interval(let lower, let upper) = right.form { bounds = [lower, upper] }
    guard isTime(left) else { return false }
    for bound in bounds where !isTime(bound) { return false }
    diagnostics.append(
      Diagnostic(
        .assumedMeaning, "a test of the event's time is the search's window", severity: .info,
        at: passage.range(of: part.range), label: "taken to be always true"))
    if operation.relation == .greater || operation.relation == .greaterOrEqual,
      case .call("ago", let arguments) = right.form, arguments.count == 1,
      case .timespan(let ticks) = arguments[0].form, let span = TimeSpan(ticks: ticks)
    {
      lookback = max(lookback ?? span, span)
    }
    return true
  }

  private mutating func isTime(_ expression: KustoExpression) -> Bool {
    switch try? lowering.operand(expression) {
    case .eventTime?, .moment?: true
    case .field?, .constant?, .list?, .null?, .condition?, nil: false
    }
  }

  private mutating func bind(_ columns: [KustoStage.Column], _ stage: KustoStage) {
    if threshold != nil || isClosed { return ignore(stage, because: "it changes what is shown") }
    if stage.name == "project" { ignore(stage, because: "it changes what is shown; its columns are followed") }
    // All of a stage's columns are computed from the columns before it.
    let before = scope
    for column in columns {
      guard let name = column.name else { continue }
      do { scope.bind(name, to: try before.resolved(column.value)) } catch {
        scope.bind(name, to: KustoExpression(.opaque(error.reason), column.value.range))
      }
    }
  }

  private mutating func apply(
    _ name: String, _ path: KustoExpression, _ stages: [KustoStage], _ stage: KustoStage
  ) {
    guard !isClosed, threshold == nil, cap == nil else {
      return close(KustoGap(reason: stage.name, range: stage.range))
    }
    do {
      filters.append(try elements(name, path, stages, stage))
    } catch {
      close(error)
    }
  }

  private mutating func elements(
    _ name: String, _ path: KustoExpression, _ stages: [KustoStage], _ stage: KustoStage
  ) throws(KustoGap) -> Predicate {
    let list = try lowering.field(try scope.resolved(path))
    var inner = KustoLowering(passage, element: name)
    var scope = scope
    scope.unbind(name)
    let origin = Origin(passage.range(of: stage.range))
    let shape = try KustoApplication(stages, stage.range)
    let predicate = try inner.condition(try scope.resolved(shape.condition))
    switch shape.quantifier {
    case .some: return .some(ElementTest(list, predicate.isTrue, origin: origin))
    case .every: return .every(ElementTest(list, .negation(of: predicate.isTrue), origin: origin))
    }
  }
}

/// What `mv-apply` says of the elements of a list, in the two forms that the writer has for it.
///
///     where C | take 1                                                        some element satisfies C
///     where isnotnull(e) | summarize n = count(), m = countif(C) | where n > 0 and m == 0       none satisfies C
private struct KustoApplication {
  enum Quantifier { case some, every }

  var quantifier: Quantifier
  var condition: KustoExpression

  init(_ stages: [KustoStage], _ range: Range<Int>) throws(KustoGap) {
    guard case .filter(let condition)? = stages.first?.form else {
      throw KustoGap(reason: "mv-apply", range: range)
    }
    if stages.count == 2, case .capped = stages[1].form, stages[1].name == "take" || stages[1].name == "limit" {
      (quantifier, self.condition) = (.some, condition)
      return
    }
    guard stages.count == 3, case .call("isnotnull", _) = condition.form,
      case .summarize(let measures, let keys) = stages[1].form, keys.isEmpty, measures.count == 2,
      case .call("count", let none) = measures[0].value.form, none.isEmpty,
      case .call("countif", let failing) = measures[1].value.form, failing.count == 1,
      case .filter(let bound) = stages[2].form, case .allOf(let bounds) = bound.form, bounds.count == 2,
      bounds[0].compares(measures[0].name, .greater), bounds[1].compares(measures[1].name, .equals)
    else { throw KustoGap(reason: "mv-apply", range: range) }
    (quantifier, self.condition) = (.every, failing[0])
  }
}

extension KustoExpression {
  /// Whether it is `name > 0` or `name == 0`.
  fileprivate func compares(_ name: String?, _ relation: KustoComparison.Relation) -> Bool {
    guard case .comparison(let operation, let left, let right) = form, operation == KustoComparison(relation),
      case .name(let found) = left.form, found == name, case .number(let zero) = right.form
    else { return false }
    return zero == Number(0)
  }
}

extension TimeSpan {
  /// A span of whole seconds from ticks of 100 nanoseconds.
  init?(ticks: Double) {
    let seconds = (ticks / 10_000_000).rounded()
    guard seconds >= 1, seconds < 1_000_000_000, abs(seconds * 10_000_000 - ticks) < 1 else { return nil }
    self.init(seconds: Int(seconds))
  }
}

import LanguageSupport
import RuleIR
import SourceText

/// Reads what may stand behind a bar at the end of an old rule's condition.
///
///     aggregation = function "(" [ field ] ")" [ "by" field { "," field } ] comparison number ;
///                 | "near" name { "and" name } ;
///     function    = "count" | "sum" | "avg" | "min" | "max" ;
///     comparison  = ">" | ">=" | "<" | "<=" | "=" | "==" ;
///
/// Sigma has given it up for correlations, and so it means what the correlation would: `count` is `event_count`,
/// `count(f)` is `value_count`, `near` is `temporal`, and `timeframe` is the time span, a sliding one.
struct AggregationReader {
  private var tokens: TokenCursor<ConditionParser.Kind>
  private let passage: Passage
  private let selections: Selections

  /// - Parameter tokens: a cursor at the bar.
  init(_ tokens: TokenCursor<ConditionParser.Kind>, of passage: Passage, over selections: Selections) {
    self.tokens = tokens
    self.passage = passage
    self.selections = selections
  }

  /// The body that the aggregation makes of what comes before it.
  mutating func body(over predicate: Predicate, within timeframe: TimeSpan?) throws(Diagnostic) -> RuleBody {
    let start = tokens.position
    tokens.advance()
    let rest = passage.range(of: (tokens.current?.range.lowerBound ?? passage.bytes.count)..<passage.bytes.count)
    let function = word()?.lowercased() ?? ""
    guard ["count", "sum", "avg"].contains(function) else {
      if function == "near", let steps = steps() {
        let all = ([predicate] + steps).map { EventSequence.Step($0, joinedBy: []) }
        return .sequence(EventSequence(.unordered, all, span: timeframe, origin: Origin(rest)))
      }
      guard ["near", "min", "max"].contains(function) else {
        throw Diagnostic(
          .unexpectedToken, "expected an aggregation behind the bar", at: rest,
          label: "expected count, sum or avg")
      }
      return .unmodelled(
        Unmodelled(
          text: passage.text, understood: predicate, reason: "aggregation '\(function)'", origin: Origin(rest)))
    }
    tokens.advance()
    let field = try argument()
    let groupBy = try grouping()
    let (bound, value) = try comparison()
    guard tokens.isAtEnd else { throw tokens.unexpected(expected: "the end of the condition") }
    return .threshold(
      Threshold(
        predicate, groupBy: groupBy, absentKey: .dropped,
        window: timeframe.map(Threshold.Window.sliding) ?? .searchSpan,
        measure: try measure(function, of: field, at: rest), bound, value,
        origin: Origin(tokens.range(since: start))))
  }

  /// The selections behind `near`, where they are but joined by `and`.
  private func steps() -> [Predicate]? {
    var cursor = tokens
    var steps: [Predicate] = []
    repeat {
      cursor.advance()
      guard let token = cursor.current, token.kind == .word,
        let predicate = selections[passage.slice(token.range).text]?.predicate
      else { return nil }
      steps.append(predicate)
      cursor.advance()
    } while cursor.current.map { $0.kind == .word && passage.slice($0.range).text.lowercased() == "and" } ?? false
    return cursor.isAtEnd ? steps : nil
  }

  private func word() -> String? {
    tokens.current.flatMap { $0.kind == .word ? passage.slice($0.range).text : nil }
  }

  private func measure(
    _ function: String, of field: FieldPath?, at range: SourceRange
  ) throws(Diagnostic) -> Threshold.Measure {
    guard let field else {
      guard function == "count" else {
        throw Diagnostic(.wrongArguments, "'\(function)' needs a field", at: range, label: "no field in parentheses")
      }
      return .count
    }
    return function == "count" ? .distinctCount([field]) : function == "sum" ? .sum(field) : .average(field)
  }

  private mutating func argument() throws(Diagnostic) -> FieldPath? {
    guard tokens.skip(.open) else { throw tokens.unexpected(expected: "'('") }
    var field: FieldPath?
    if let name = word() {
      field = FieldPath(named: name)
      tokens.advance()
    }
    guard tokens.skip(.close) else { throw tokens.unexpected(expected: "')'") }
    return field
  }

  private mutating func grouping() throws(Diagnostic) -> [FieldPath] {
    guard word()?.lowercased() == "by" else { return [] }
    tokens.advance()
    var fields: [FieldPath] = []
    while let text = word(), !"<>=".contains(text.first ?? "=") {
      fields += text.split(separator: ",").map { FieldPath(named: String($0)) }
      tokens.advance()
    }
    guard !fields.isEmpty else { throw tokens.unexpected(expected: "a field to group by") }
    return fields
  }

  /// The sign and the number, with or without a blank between them.
  private mutating func comparison() throws(Diagnostic) -> (Threshold.Bound, Number) {
    let text = word() ?? ""
    let sign = String(text.prefix { "<>=".contains($0) })
    let bounds: [String: Threshold.Bound] = [
      ">": .order(.greater), ">=": .order(.greaterOrEqual), "<": .order(.less), "<=": .order(.lessOrEqual),
      "=": .equal, "==": .equal,
    ]
    guard let bound = bounds[sign] else { throw tokens.unexpected(expected: "a comparison such as '>'") }
    var digits = String(text.dropFirst(sign.count))
    if digits.isEmpty {
      tokens.advance()
      digits = word() ?? ""
    }
    guard let value = Number(digits) else { throw tokens.unexpected(expected: "a number") }
    tokens.advance()
    return (bound, value)
  }
}

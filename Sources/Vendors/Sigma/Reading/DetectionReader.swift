import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Reads the `detection` of a rule: its selections and the condition over them.
struct DetectionReader {
  /// The key of the document under which selections and condition stand.
  private let key: String
  /// Keys there that name no selection.
  private let reserved: Set<String>
  private let placeholders: Placeholders
  private(set) var diagnostics: [Diagnostic] = []

  init(under key: String = "detection", reserving further: Set<String> = [], _ placeholders: Placeholders) {
    self.key = key
    self.placeholders = placeholders
    reserved = further.union(["condition", "timeframe"])
  }

  /// What the rule fires on; nil where it cannot be told, with at least one error.
  mutating func body(of document: DocumentNode) -> RuleBody? {
    guard let detection = document[key] else {
      fail(.missingKey, "the rule has no '\(key)'", at: document.startRange, help: "say what the rule looks for")
      return nil
    }
    guard let members = detection.members else {
      fail(.wrongType, "'\(key)' is a mapping", at: detection.range, label: "this is \(detection.kindName)")
      return nil
    }
    let dialect: SigmaDialect
    do {
      dialect = try SigmaDialect(of: document, placeholders: placeholders)
    } catch {
      diagnostics.append(error)
      return nil
    }
    let selections = selections(of: members, dialect)
    guard let condition = detection["condition"] else {
      missingCondition(in: detection, of: document)
      return nil
    }
    let body = body(of: condition, over: selections, timeframe: detection.member("timeframe"))
    return diagnostics.contains { $0.severity == .error } ? nil : body
  }

  private mutating func selections(of members: [DocumentNode.Member], _ dialect: SigmaDialect) -> Selections {
    var selections = Selections()
    var reader = SelectionReader(dialect)
    for member in members where !reserved.contains(member.key.text) {
      selections.add(member.key.text, reader.predicate(of: member.value), at: member.key.range)
    }
    diagnostics += reader.diagnostics
    return selections
  }

  private mutating func missingCondition(in detection: DocumentNode, of document: DocumentNode) {
    let inner = detection.members?.lazy.compactMap { $0.value.member("condition") }.first
    let message = "no 'condition' inside '\(key)'"
    if let stray = document.member("condition") {
      fail(
        .misplacedKey, "\(message); found one at the top level, line \(stray.key.range.line)", at: stray.key.range,
        label: "belongs inside '\(key)'", help: "is it indented wrongly?")
    } else if let stray = inner {
      fail(
        .misplacedKey, "\(message); found one inside a selection, line \(stray.key.range.line)",
        at: stray.key.range, label: "belongs directly inside '\(key)'", help: "is it indented wrongly?")
    } else {
      let range = document.member(key)?.key.range ?? detection.range
      fail(.missingKey, message, at: range, label: "has no condition", help: "name the selections that must match")
    }
  }

  // MARK: Conditions

  /// A list of conditions fires on each of them.
  private mutating func body(
    of condition: DocumentNode, over selections: Selections, timeframe: DocumentNode.Member?
  ) -> RuleBody? {
    guard let elements = condition.elements else {
      return body(ofOne: condition, over: selections, timeframe: timeframe)
    }
    guard !elements.isEmpty else {
      fail(.emptyQuery, "the list of conditions is empty", at: condition.range, label: "no condition stands here")
      return nil
    }
    var parts: [Predicate] = []
    for element in elements {
      guard let part = body(ofOne: element, over: selections, timeframe: nil) else { continue }
      guard case .predicate(let predicate) = part else {
        fail(
          .unsupportedConstruct, "an aggregation in a list of conditions is not read", at: element.range,
          label: "one of several conditions")
        continue
      }
      parts.append(predicate)
    }
    return .predicate(.disjunction(parts))
  }

  private mutating func body(
    ofOne condition: DocumentNode, over selections: Selections, timeframe: DocumentNode.Member?
  ) -> RuleBody? {
    guard let scalar = condition.scalar, scalar.kind != .null else {
      let kind: DiagnosticCode = condition.isNull ? .emptyQuery : .wrongType
      fail(
        kind, condition.isNull ? "the condition is empty" : "a condition is a text", at: condition.range,
        label: condition.isNull ? "expected the name of a selection" : "this is \(condition.kindName)")
      return nil
    }
    do throws(Diagnostic) {
      var parser = try ConditionParser(scalar.passage, over: selections)
      defer { diagnostics += parser.lints }
      let predicate = try parser.condition()
      guard !parser.tokens.isAtEnd else { return .predicate(predicate) }
      lintAggregation(at: parser.tokens.place)
      var reader = AggregationReader(parser.tokens, of: scalar.passage, over: selections)
      return try reader.body(over: predicate, within: try span(timeframe))
    } catch {
      diagnostics.append(error)
      return nil
    }
  }

  private mutating func lintAggregation(at range: SourceRange) {
    diagnostics.append(
      Diagnostic(
        .assumedMeaning, "an aggregation is taken for the correlation it has become", severity: .warning, at: range,
        label: "it starts here", notes: ["Sigma has given up aggregations in conditions"],
        help: "write a correlation"))
  }

  private func span(_ timeframe: DocumentNode.Member?) throws(Diagnostic) -> TimeSpan? {
    guard let timeframe else { return nil }
    guard let span = TimeSpan(sigma: timeframe.value.text ?? "") else { throw .notATimeSpan(timeframe.value) }
    return span
  }

  private mutating func fail(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, label: String = "", help: String? = nil
  ) {
    diagnostics.append(Diagnostic(code, message, at: range, label: label, help: help))
  }
}

extension DocumentNode {
  /// Where a document starts: its first key.
  var startRange: SourceRange { members?.first?.key.range ?? range }
}

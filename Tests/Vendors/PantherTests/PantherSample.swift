import LanguageSupport
import Panther
import RuleIR
import SourceText
import Testing

/// Writing and reading back, as short as tests want it.
enum PantherSample {
  static func python(_ predicate: Predicate, _ schema: TargetSchema = TargetSchema()) throws -> String {
    try PantherRuleWriter.write(Rule(body: .predicate(predicate)), for: schema).text
  }

  /// What stands behind `def rule(event):`.
  static func rule(_ predicate: Predicate, _ schema: TargetSchema = TargetSchema()) throws -> String {
    let text = try python(predicate, schema)
    let start = try #require(text.range(of: "def rule(event):\n"))
    return String(text[start.upperBound...])
  }

  static func reading(_ python: String) throws -> RuleReading {
    let file = SourceFile(name: "rule.py", text: python)
    let readings = PantherRuleReader.read(file, in: ReadingContext())
    return try #require(readings.first)
  }

  static func predicate(_ python: String) throws -> Predicate {
    let reading = try reading(python)
    if let error = reading.diagnostics.first { throw error }
    return try #require(reading.rule?.body.predicates.first)
  }

  /// What mapping does where a field is no list: `single` falls away beside a test of the same field.
  static func mapped(_ predicate: Predicate, _ schema: TargetSchema = schema) -> Predicate {
    switch predicate {
    case .all(let parts):
      .conjunction(
        parts.filter { part in
          guard case .presence(let test) = part, test.kind == .single else { return true }
          return schema.mayBeList(test.field)
        }.map { mapped($0, schema) })
    case .any(let parts): .disjunction(parts.map { mapped($0, schema) })
    case .not(let inner): .not(mapped(inner, schema))
    case .presence, .field, .some, .every, .anyField, .rawTerm: predicate
    }
  }

  /// Fields of audit events that hold one scalar each, and one that is a list.
  static let schema: TargetSchema = {
    var columns: [FieldPath: TargetSchema.Column] = [:]
    for path in [FieldPath(keys: "verb"), FieldPath(keys: "userAgent"), FieldPath(keys: "objectRef", "resource")] {
      columns[path] = .init(spelling: path.description, type: .text)
    }
    let decision = FieldPath(keys: "annotations", "authorization.k8s.io/decision")
    columns[decision] = .init(spelling: decision.description, type: .text)
    let code = FieldPath(keys: "responseStatus", "code")
    columns[code] = .init(spelling: code.description, type: .number)
    let groups = FieldPath(keys: "user", "groups")
    columns[groups] = .init(spelling: groups.description, type: .text, isList: true)
    return TargetSchema(source: LogSource(vendor: "panther", [.init("log-type", "Kubernetes.Audit")]), columns: columns)
  }()
}

extension String {
  /// The first place of a text.
  func range(of text: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}

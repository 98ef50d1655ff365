import LanguageSupport
import RuleIR
import SourceText

@testable import Splunk

/// Writes a predicate as a bare search.
func written(
  _ predicate: Predicate, _ schema: TargetSchema = TargetSchema()
) throws(Diagnostic) -> WrittenRule {
  try SPLWriter.write(Rule(body: .predicate(predicate)), for: schema)
}

/// The one line of a written search.
func spl(_ predicate: Predicate, _ schema: TargetSchema = TargetSchema()) throws -> String {
  String(try written(predicate, schema).text.dropLast())
}

func test(
  _ field: String, _ condition: Condition, _ subject: FieldTest.Subject = .value,
  _ polarity: FieldTest.Polarity = .someValuePasses
) -> Predicate {
  .field(FieldTest(FieldPath(splunkName: field), condition, subject: subject, polarity: polarity))
}

func text(_ field: String, _ text: String, _ textCase: TextCase = .insensitive) -> Predicate {
  test(field, .equals(.text(text, textCase)))
}

/// A field in 10.0.0.0/8.
func network(_ field: String) -> Predicate {
  Network("10.0.0.0/8").map { test(field, .network($0)) } ?? .never
}

func hasValue(_ field: String) -> Predicate { .presence(PresenceTest(.value, FieldPath(splunkName: field))) }

/// What is known of an audit event's fields in Splunk.
let auditSchema = TargetSchema(
  source: LogSource(vendor: "splunk", [.init("macro", "kube_audit"), .init("sourcetype", "_json")]),
  columns: Dictionary(
    uniqueKeysWithValues: [
      ("verb", TargetSchema.FieldType.text), ("userAgent", .text), ("objectRef.resource", .text),
      ("responseStatus.code", .number), ("user.groups{}", .text), ("sourceIPs{}", .ip), ("flag", .boolean),
      ("objectRef", .object),
    ].map { name, type in
      let path = FieldPath(splunkName: name)
      return (path, TargetSchema.Column(spelling: name, type: type, isList: name.hasSuffix("{}")))
    }))

import CResources
import FieldMapping
import RuleIR
import SourceText
import Testing

/// The mapping that the program carries, and short ways to use it.
enum CarriedMapping {
  static let vendors = ["sigma", "elastic", "splunk", "sentinel", "panther"]

  static let file: SourceFile = {
    for index in 0..<cresources_count() where String(cString: cresources_at(index).name) == "kubernetes-audit.yml" {
      let resource = cresources_at(index)
      return SourceFile(
        name: "mappings/kubernetes-audit.yml",
        bytes: Array(UnsafeBufferPointer(start: resource.bytes, count: resource.size)))
    }
    return SourceFile(name: "absent", text: "")
  }()

  static let reading = MappingReader.read(file, vendors: vendors)

  static func mapping() throws -> Mapping { try #require(reading.mapping) }

  /// What a predicate in a vendor's names comes to, and what is said of it.
  static func toEvent(
    _ predicate: Predicate, from vendor: String, unmapped: UnmappedPolicy = .error
  ) throws -> (predicate: Predicate?, diagnostics: [Diagnostic]) {
    let mapped = try mapping().toEvent(Rule(body: .predicate(predicate)), from: vendor, unmapped: unmapped)
    return (mapped.rule?.body.predicates.first, mapped.diagnostics)
  }

  static func toVendor(_ predicate: Predicate, _ vendor: String, unmapped: UnmappedPolicy = .error) throws -> VendorRule
  {
    try mapping().toVendor(Rule(body: .predicate(predicate)), vendor, unmapped: unmapped)
  }
}

/// A test of a dotted name, as importers build it.
func named(_ name: String, _ condition: Condition, subject: FieldTest.Subject = .value) -> Predicate {
  .field(FieldTest(FieldPath(named: name), condition, subject: subject))
}

func present(_ kind: PresenceTest.Kind, _ name: String) -> Predicate {
  .presence(PresenceTest(kind, FieldPath(named: name)))
}

func text(_ text: String) -> Condition { .equals(.text(text, .sensitive)) }
func untyped(_ text: String) -> Condition { .equals(.untyped(text, .insensitive)) }

func outline(_ predicate: Predicate?) -> String {
  predicate.map { PredicateOutline(.terse).text(of: $0) } ?? "refused"
}

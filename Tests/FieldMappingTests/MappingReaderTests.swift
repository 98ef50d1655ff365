import FieldMapping
import RuleIR
import SourceText
import Testing

@Suite struct MappingReaderTests {
  @Test func `the carried mapping is read without a word`() throws {
    let (mapping, diagnostics) = CarriedMapping.reading
    #expect(diagnostics.isEmpty, "\(diagnostics.map { "\($0.primary?.range.description ?? ""): \($0.message)" })")
    let rows = try #require(mapping).rows
    #expect(rows.count > 300)
    #expect(try #require(mapping).stores.keys.sorted() == CarriedMapping.vendors.sorted())
  }

  @Test func `names behind an open object follow from its own`() throws {
    let mapping = try CarriedMapping.mapping()
    let path = FieldPath(keys: "requestObject", "spec", "containers", "image")
    let fields = try #require(mapping.row(at: path)).fields
    #expect(fields["splunk"]?.names.map(\.spelling) == ["requestObject.spec.containers{}.image"])
    #expect(fields["sentinel"]?.names.map(\.spelling) == ["RequestObject.spec.containers.image"])
    #expect(fields["panther"]?.names.map(\.path) == [path])
    #expect(
      fields["elastic"]?.names.map(\.spelling)
        == ["kubernetes.audit.requestObject.spec.containers.image", "container.image.name"])
  }

  /// A mapping file with a part that is wrong.
  struct Fault: CustomTestStringConvertible, Sendable {
    var code: DiagnosticCode
    var line: Int
    var message: String
    var head = """
      name: n
      title: t
      applies-to:
        sigma: { product: p }
        elastic: { index: logs-* }

      """
    var fields: String
    var testDescription: String { message }
  }

  static let faults: [Fault] = [
    Fault(
      code: .duplicateMapping, line: 8, message: "two rows are about 'verb'",
      fields: "fields:\n  - { event: verb, type: text, sigma: a }\n  - { event: verb, type: text, sigma: b }\n"),
    Fault(
      code: .duplicateMapping, line: 8, message: "the sigma name 'x' is claimed twice",
      fields: "fields:\n  - { event: a, type: text, sigma: x }\n  - { event: b, type: text, sigma: [y, x] }\n"),
    Fault(
      code: .duplicateMapping, line: 8, message: "two rows have the common name 'C'",
      fields: "fields:\n  - { event: a, type: text, common: C }\n  - { event: b, type: text, common: C }\n"),
    Fault(
      code: .unknownVendor, line: 7, message: "'elastik' is neither a vendor nor a key of a field",
      fields: "fields:\n  - { event: a, type: text, elastik: x }\n"),
    Fault(
      code: .unknownVendor, line: 4, message: "'sigmo' is no vendor",
      head: "name: n\ntitle: t\napplies-to:\n  sigmo: { product: p }\n",
      fields: "fields:\n  - { event: a, type: text }\n"),
    Fault(
      code: .invalidMapping, line: 7, message: "an event path is keys joined by dots",
      fields: "fields:\n  - { event: a..b, type: text }\n"),
    Fault(
      code: .invalidMapping, line: 7, message: "an event path is keys joined by dots",
      fields: "fields:\n  - { event: 'a[*].b', type: text }\n"),
    Fault(
      code: .invalidMapping, line: 7, message: "'type' is one of text, number",
      fields: "fields:\n  - { event: a, type: txt }\n"),
    Fault(
      code: .invalidMapping, line: 7, message: "the field 'a' needs a 'type'", fields: "fields:\n  - { event: a }\n"),
    Fault(
      code: .invalidMapping, line: 7, message: "only an object can be open",
      fields: "fields:\n  - { event: a, type: text, open: keys }\n"),
    Fault(
      code: .invalidMapping, line: 7, message: "'list' is true or false",
      fields: "fields:\n  - { event: a, type: text, list: maybe }\n"),
    Fault(
      code: .invalidMapping, line: 7, message: "'applies-to' does not say how splunk knows these events",
      fields: "fields:\n  - { event: a, type: text, splunk: a }\n"),
    Fault(
      code: .invalidMapping, line: 7, message: "'w' is not among the known values of 'a'",
      fields: "fields:\n  - { event: a, type: text, known: [u], elastic: { name: x, values: { v: w } } }\n"),
    Fault(
      code: .invalidMapping, line: 7, message: "'valeus' is no key of a name",
      fields: "fields:\n  - { event: a, type: text, elastic: { name: x, valeus: {} } }\n"),
    Fault(
      code: .invalidMapping, line: 4, message: "'prodct' is no key of a vendor's log source",
      head: "name: n\ntitle: t\napplies-to:\n  sigma: { prodct: p }\n",
      fields: "fields:\n  - { event: a, type: text }\n"),
    Fault(
      code: .invalidMapping, line: 4, message: "a vendor's log source needs something to know it by",
      head: "name: n\ntitle: t\napplies-to:\n  sigma: { names: flat }\n",
      fields: "fields:\n  - { event: a, type: text }\n"),
    Fault(
      code: .invalidMapping, line: 6, message: "'field' is no key of a mapping file",
      fields: "field: []\nfields:\n  - { event: a, type: text }\n"),
    Fault(code: .invalidMapping, line: 6, message: "a mapping file needs a list 'fields'", fields: "fields: []\n"),
    Fault(
      code: .invalidMapping, line: 1, message: "'name' must be a text",
      head: "name: []\ntitle: t\napplies-to:\n  sigma: { product: p }\n",
      fields: "fields:\n  - { event: a, type: text }\n"),
  ]

  @Test(arguments: faults) func `a fault is named with its place`(fault: Fault) throws {
    let file = SourceFile(name: "m.yml", text: fault.head + fault.fields)
    let (mapping, diagnostics) = MappingReader.read(file, vendors: CarriedMapping.vendors)
    #expect(mapping == nil)
    let found = try #require(
      diagnostics.first { $0.message.hasPrefix(fault.message) }, "\(diagnostics.map(\.message))")
    #expect(found.code == fault.code)
    #expect(found.primary?.range.line == fault.line)
  }

  @Test(arguments: ["", "- a\n", "a: b\n---\nc: d\n", "name: [\n"])
  func `a file that is no mapping is refused`(text: String) {
    let (mapping, diagnostics) = MappingReader.read(SourceFile(name: "m.yml", text: text), vendors: ["sigma"])
    #expect(mapping == nil)
    #expect(!diagnostics.isEmpty)
  }
}

import CResources
import FieldMapping
import RuleIR
import SourceText
import Testing

/// Every mapping that the program carries.
@Suite struct AllMappingsTests {
  static let files: [SourceFile] = (0..<cresources_count()).map { cresources_at($0) }
    .filter { String(cString: $0.folder) == "mappings" }
    .map { resource in
      SourceFile(
        name: "mappings/\(String(cString: resource.name))",
        bytes: Array(UnsafeBufferPointer(start: resource.bytes, count: resource.size)))
    }

  static let mappings: [Mapping] = files.compactMap { MappingReader.read($0, vendors: CarriedMapping.vendors).mapping }

  @Test func `all are read without a word, each under the name of its file`() {
    #expect(Self.files.count > 5)
    for file in Self.files {
      let (mapping, diagnostics) = MappingReader.read(file, vendors: CarriedMapping.vendors)
      #expect(diagnostics.isEmpty, "\(diagnostics.map { "\($0.primary?.range.description ?? ""): \($0.message)" })")
      #expect(file.name == "mappings/\(mapping?.name ?? "").yml")
    }
  }

  @Test func `every row comes back from every vendor as it was`() throws {
    var compared = 0
    for mapping in Self.mappings {
      for row in mapping.rows {
        for (vendor, field) in row.fields {
          // That a constant is there is true of every event.
          let constants = mapping.stores[vendor]?.constants.map(\.field) ?? []
          if let name = field.names.first, constants.contains(name.path) { continue }
          let present = Predicate.presence(PresenceTest(.value, row.path))
          for predicate in [present, .not(present)] {
            let written = mapping.toVendor(Rule(body: .predicate(predicate)), vendor, unmapped: .error)
            guard written.losses.isEmpty, let rule = written.rule else { continue }
            let back = mapping.toEvent(rule, from: vendor, unmapped: .error)
            #expect(
              back.rule?.body.predicates.first?.normalised() == predicate.normalised(),
              "\(mapping.name) \(vendor) \(row.path): \(back.diagnostics.map(\.message))")
            compared += 1
          }
        }
      }
    }
    #expect(compared > 500)
  }

  /// A log source of Sigma's, and the mapping that is about it.
  static let sources: [(selectors: [(String, String)], mapping: String?)] = [
    ([("product", "windows"), ("category", "process_creation")], "windows-process-creation"),
    ([("category", "process_creation"), ("product", "windows")], "windows-process-creation"),
    ([("product", "linux"), ("category", "process_creation")], nil),
    ([("product", "windows")], nil),
    ([("product", "windows"), ("service", "sysmon")], nil),
    ([("product", "windows"), ("category", "file_event")], "windows-file"),
    ([("product", "windows"), ("category", "file_delete")], nil),
    ([("product", "windows"), ("category", "registry_set")], "windows-registry-set"),
    ([("product", "windows"), ("category", "registry_event")], "windows-registry"),
    ([("product", "windows"), ("category", "network_connection")], "windows-network"),
    ([("product", "windows"), ("category", "image_load")], "windows-image-load"),
    ([("product", "windows"), ("service", "security")], "windows-security"),
    ([("product", "windows"), ("service", "system")], nil),
    ([("product", "aws"), ("service", "cloudtrail")], "aws-cloudtrail"),
    ([("product", "linux"), ("service", "auditd")], "linux-auditd"),
    ([("category", "proxy")], "web-proxy"),
    ([("category", "webserver")], nil),
    ([("product", "kubernetes"), ("service", "audit")], "kubernetes-audit"),
  ]

  @Test func `a log source is served by its mapping and by no other`() {
    for (selectors, name) in Self.sources {
      let source = LogSource(vendor: "sigma", selectors.map { LogSource.Selector($0, $1) })
      let rule = Rule(metadata: RuleMetadata(source: source), body: .predicate(.always))
      #expect(Self.mappings.filter { $0.applies(to: rule, of: "sigma") }.map(\.name) == (name.map { [$0] } ?? []))
    }
  }

  @Test func `a rule of Elastic's is of the log source whose constant it asks for`() {
    func rule(_ parts: [Predicate]) -> Rule {
      let source = LogSource(vendor: "elastic", [LogSource.Selector("index", "winlogbeat-*")])
      return Rule(metadata: RuleMetadata(source: source), body: .predicate(.all(parts)))
    }
    func names(_ rule: Rule) -> [String] { Self.mappings.filter { $0.applies(to: rule, of: "elastic") }.map(\.name) }
    #expect(names(rule([named("event.category", text("process"))])) == ["windows-process-creation"])
    #expect(names(rule([named("event.category", text("session"))])) == [])
    #expect(names(rule([named("process.name", text("x"))])) == [])
  }

  @Test func `constants with several values are written as a set, and read where they decide`() throws {
    let mapping = try #require(Self.mappings.first { $0.name == "windows-registry" })
    let rule = Rule(body: .predicate(named("TargetObject", text("x"))))
    let written = try #require(mapping.toVendor(rule, "splunk", unmapped: .error).rule?.body.predicates.first)
    #expect(outline(written).contains(#"EventCode in ("12", "13", "14")"#), "\(outline(written))")
    let back = mapping.toEvent(Rule(body: .predicate(written)), from: "splunk", unmapped: .error)
    #expect(outline(back.rule?.body.predicates.first) == outline(named("TargetObject", text("x"))))
    let one = mapping.toEvent(
      Rule(body: .predicate(named("EventCode", untyped("13")))), from: "splunk", unmapped: .error)
    #expect(outline(one.rule?.body.predicates.first) == "EventID = 13")
  }

  @Test func `a number that a vendor stores as a text is spelled, and read back`() throws {
    let mapping = try #require(Self.mappings.first { $0.name == "windows-security" })
    let number = named("EventID", .oneOf([.number(Number(4624), .strict), .number(Number(4625), .strict)]))
    let written = try #require(
      mapping.toVendor(Rule(body: .predicate(number)), "elastic", unmapped: .error).rule?.body.predicates.first)
    #expect(outline(written).contains(#""4624", "4625""#), "\(outline(written))")
    let back = mapping.toEvent(Rule(body: .predicate(written)), from: "elastic", unmapped: .error)
    #expect(outline(back.rule?.body.predicates.first) == outline(number))
    let order = named("EventID", .order(.greater, .number(Number(4624), .strict)))
    let refused = mapping.toVendor(Rule(body: .predicate(order)), "elastic", unmapped: .error)
    #expect(refused.rule == nil && refused.diagnostics.map(\.code) == [.untranslatable])
  }
}

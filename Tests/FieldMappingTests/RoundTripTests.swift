import FieldMapping
import RuleIR
import SourceText
import TestSupport
import Testing

/// What is mapped to a vendor and back without a loss is what it was.
@Suite struct RoundTripTests {
  private static func samples(of row: MappedField) -> [Predicate] {
    let field = row.path
    func test(_ condition: Condition) -> Predicate { .field(FieldTest(field, condition)) }
    let empty = test(text(""))
    let present = Predicate.presence(PresenceTest(.value, field))
    var samples: [Predicate] = [present, .not(present)]
    switch row.type {
    case .text, .date, .ip:
      samples += [
        .all([present, .not(empty)]), .any([.not(present), empty]), test(text("a")),
        .not(test(.equals(.text("b", .insensitive)))), test(.matches(.prefix("c"), .sensitive)),
        test(.oneOf([.text("a", .sensitive), .text("b", .sensitive)])), test(.term(TermMatch("w", .insensitive))),
        test(.field(.equals, FieldPath(keys: "verb"), .sensitive)),
        .field(FieldTest(field, .order(.greater, .number(Number(3), .strict)), subject: .length)),
      ]
      if row.type == .ip, let network = Network("10.0.0.0/8") { samples.append(test(.network(network))) }
    case .number:
      samples += [test(.equals(.number(Number(3), .strict))), test(.order(.less, .number(Number(3), .strict)))]
    case .boolean: samples += [test(.equals(.boolean(true))), .not(test(.equals(.boolean(false))))]
    case .object: samples += [.some(ElementTest(field, .always)), .every(ElementTest(field, .not(.never)))]
    }
    return samples
  }

  @Test(arguments: CarriedMapping.vendors) func `every row comes back as it was`(vendor: String) throws {
    let mapping = try CarriedMapping.mapping()
    var compared = 0
    for row in mapping.rows where row.fields[vendor] != nil {
      for predicate in Self.samples(of: row) {
        let written = mapping.toVendor(Rule(body: .predicate(predicate)), vendor, unmapped: .error)
        guard written.losses.isEmpty, let rule = written.rule else {
          // Only what Elastic does not store is lost; a comparison with a field that a vendor lacks is refused.
          #expect(vendor == "elastic" && !written.losses.isEmpty)
          continue
        }
        let back = mapping.toEvent(rule, from: vendor, unmapped: .error)
        let predicates = try #require(back.rule, "\(back.diagnostics.map(\.message))").body.predicates
        #expect(
          predicates.map { outline($0.normalised()) } == [outline(predicate.normalised())],
          "\(vendor): \(outline(rule.body.predicates.first))")
        compared += 1
      }
    }
    #expect(compared > 1_000)
  }

  private static let fields = [
    "verb", "userAgent", "objectRef.resource", "objectRef.apiGroup", "responseStatus.code", "user.groups",
    "requestObject.spec.hostPID", "requestObject.spec.containers.image",
  ].map(FieldPath.init(named:))

  private static let features: Set<Feature> = [
    .negation, .alwaysTrue, .alwaysFalse, .caseSensitiveText, .caseInsensitiveText, .emptyText, .numberEquality,
    .untypedLiteral, .valueSet, .caseSensitivePattern, .innerWildcard, .hasValue, .singleValue, .numberOrder,
    .booleanEquality, .wholeTerm, .fieldEqualsField, .textLength, .regexSearch,
  ]

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `random predicates come back as they were`(seed: UInt64) throws {
    let mapping = try CarriedMapping.mapping()
    var random = RandomPredicate(seed: seed, features: Self.features, fields: Self.fields)
    var compared = 0
    for _ in 0..<50 {
      let rule = Rule(body: .predicate(random.next()))
      let event = try #require(mapping.toEvent(rule, from: "sigma", unmapped: .error).rule)
      for vendor in CarriedMapping.vendors {
        let written = mapping.toVendor(event, vendor, unmapped: .error)
        guard written.losses.isEmpty, let form = written.rule else { continue }
        let back = mapping.toEvent(form, from: vendor, unmapped: .error)
        #expect(
          back.rule?.body.predicates.map { outline($0.normalised()) }
            == event.body.predicates.map { outline($0.normalised()) },
          "\(vendor) \(outline(form.body.predicates.first))")
        compared += 1
      }
    }
    #expect(compared > 100)
  }
}

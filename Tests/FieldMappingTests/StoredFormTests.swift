import Events
import FieldMapping
import Matcher
import RuleIR
import SourceText
import TestSupport
import Testing

/// A rule says the same of an event as its mapped form says of what the product stores of it.
@Suite struct StoredFormTests {
  /// Predicates and events over few fields and values, so that they often meet.
  private struct Generator {
    var random: SeededRandom
    let fields: [FieldPath]

    private static let texts = ["", "a", "b", "ab"]

    mutating func predicate(depth: Int = 3) -> Predicate {
      if depth == 0 || random.once(in: 4) { return leaf() }
      if random.once(in: 3) { return .negation(of: predicate(depth: depth - 1)) }
      let parts = (0..<2).map { _ in predicate(depth: depth - 1) }
      return random.once(in: 2) ? .all(parts) : .any(parts)
    }

    private mutating func leaf() -> Predicate {
      let field = random.pick(fields)
      switch Int.random(in: 0..<11, using: &random) {
      case 0, 1, 2: return .field(FieldTest(field, .equals(literal())))
      case 3: return .field(FieldTest(field, .oneOf([literal(), literal()])))
      case 4: return .presence(PresenceTest(.value, field))
      case 5: return .presence(PresenceTest(.single, field))
      case 6: return .field(FieldTest(field, .matches(.prefix("a"), .sensitive)))
      case 7: return .field(FieldTest(field, .matches(.anything, .sensitive)))
      case 8: return .field(FieldTest(field, .equals(literal()), polarity: .someValueFails))
      case 9: return .field(FieldTest(field, .order(.less, .text("b", .sensitive))))
      default:
        return .field(FieldTest(field, .order(.greater, .number(Number(0), .strict)), subject: .length))
      }
    }

    private mutating func literal() -> Literal { .text(random.pick(Self.texts), .sensitive) }

    private mutating func text() -> EventValue? {
      random.once(in: 4) ? .none : .string(random.pick(Self.texts))
    }

    mutating func event() -> EventValue {
      var event = EventObject()
      var reference = EventObject()
      reference["apiGroup"] = text()
      reference["resource"] = random.once(in: 3) ? .none : .string(random.pick(["a", "b"]))
      event["objectRef"] = .object(reference)
      event["annotations"] = .object(
        EventObject(
          [
            ("authorization.k8s.io/reason", text()),
            ("authorization.k8s.io/decision", .string(random.pick(["allow", "forbid"]))),
          ]
          .compactMap { key, value in value.map { .init(key: key, value: $0) } }))
      let groups = (0..<Int.random(in: 0...2, using: &random)).map { _ in EventValue.string(random.pick(["a", "b"])) }
      event["user"] = .object(EventObject([.init(key: "groups", value: .list(groups))]))
      let containers = (0..<Int.random(in: 0...2, using: &random)).map { _ -> EventValue in
        var container = EventObject()
        container["image"] = text()
        container["name"] = text()
        return .object(container)
      }
      event["requestObject"] = ["spec": ["containers": .list(containers), "other": text() ?? .null]]
      return .object(event)
    }
  }

  private static let eventFields = [
    FieldPath(keys: "objectRef", "apiGroup"), FieldPath(keys: "objectRef", "resource"),
    FieldPath(keys: "annotations", "authorization.k8s.io/reason"), FieldPath(keys: "user", "groups"),
    FieldPath(keys: "requestObject", "spec", "containers", "image"), FieldPath(keys: "requestObject", "spec", "other"),
  ]

  private static let elasticFields = [
    "kubernetes.audit.objectRef.apiGroup", "orchestrator.resource.type",
    "kubernetes.audit.annotations.authorization_k8s_io/reason", "kubernetes.audit.user.groups",
    "kubernetes.audit.requestObject.spec.containers.image", "kubernetes.audit.requestObject.spec.other",
    "kubernetes.audit.requestObject.spec.containers.name",
  ].map(FieldPath.init(named:))

  private static func stored(_ event: EventValue, as form: EventForm) -> EventValue {
    form.value(of: EventRecord(event: event, place: EventPlace(source: "f", line: 1, offset: 0)))
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `an Elastic rule means on the event what it says of the document`(seed: UInt64) throws {
    var generator = Generator(random: SeededRandom(seed: seed), fields: Self.elasticFields)
    let events = (0..<40).map { _ in generator.event() }
    var compared = 0
    for _ in 0..<50 {
      let own = generator.predicate()
      let (predicate, diagnostics) = try CarriedMapping.toEvent(own, from: "elastic")
      let mapped = try #require(predicate)
      if diagnostics.contains(where: { $0.code == .assumedMeaning }) { continue }
      compared += 1
      let (before, after) = (try TreeMatcher(own), try TreeMatcher(mapped))
      for event in events {
        let document = Self.stored(event, as: .elastic)
        #expect(
          try before.matches(document) == after.matches(event),
          "\(outline(own))\nbecame\n\(outline(mapped))\non \(event.json)")
      }
    }
    #expect(compared > 25)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `a rule means on a product's document what it says of the event, up to its losses`(seed: UInt64) throws {
    var generator = Generator(random: SeededRandom(seed: seed), fields: Self.eventFields)
    let events = (0..<40).map { _ in generator.event() }
    var exact = 0
    for _ in 0..<50 {
      let own = generator.predicate()
      for (vendor, form) in [("elastic", EventForm.elastic), ("sentinel", .aks), ("splunk", .raw), ("panther", .raw)] {
        let written = try CarriedMapping.toVendor(own, vendor)
        guard let mapped = written.rule?.body.predicates.first else { continue }
        let drifts = Set(written.losses.map(\.drift))
        if drifts.isEmpty { exact += 1 }
        let (before, after) = (try TreeMatcher(own), try TreeMatcher(mapped))
        for event in events {
          let (wanted, found) = (try before.matches(event), try after.matches(Self.stored(event, as: form)))
          let isAllowed =
            wanted == found || (found ? drifts.contains(.broader) : drifts.contains(.narrower))
            || drifts.contains(.both)
          #expect(isAllowed, "\(outline(own))\nbecame, for \(vendor),\n\(outline(mapped))\non \(event.json)")
        }
      }
    }
    #expect(exact > 120)
  }
}

import RuleIR
import SourceText

/// One thing that a rule looks for, in the words of its vendor and with the value as it is spelled there.
public struct RawIndicator: Hashable, Sendable, Comparable {
  public var field: String
  public var kind: String
  public var value: String

  public static func < (one: RawIndicator, other: RawIndicator) -> Bool {
    [one.field, one.value, one.kind].lexicographicallyPrecedes([other.field, other.value, other.kind])
  }
}

/// Collects what a rule looks for as the reference page does: what is excluded, and what selects the data set, is no
/// part of it.
struct RawIndicators {
  private(set) var found: Set<RawIndicator> = []
  private let vendor: String

  /// The names that the page gives to some of Elastic's fields; all others keep their own.
  private static let names = [
    "event.action": "EventType", "user_agent.original": "aws::userAgent", "source.ip": "src_ip", "user.name": "user",
    "client.user.email": "user",
  ]
  private static let dataSets: Set = ["data_stream.dataset", "event.dataset"]

  init(_ rule: Rule, vendor: String) {
    self.vendor = vendor
    for predicate in rule.body.predicates { visit(predicate, isNegated: false, at: nil, listed: []) }
    if case .threshold(let threshold) = rule.body, let further = threshold.further { visit(further) }
    if case .unmodelled(let rest) = rule.body { addFirstSeen(rest.text) }
  }

  /// - Parameter listed: The fields that stand several times in the list around the predicate.
  private mutating func visit(_ predicate: Predicate, isNegated: Bool, at base: FieldPath?, listed: Set<FieldPath>) {
    switch predicate {
    case .all(let parts): for part in parts { visit(part, isNegated: isNegated, at: base, listed: []) }
    case .any(let parts):
      let fields = Dictionary(grouping: parts.compactMap(\.equatedField), by: \.self).filter { $0.value.count > 1 }
      for part in parts { visit(part, isNegated: isNegated, at: base, listed: Set(fields.keys)) }
    case .not(let inner): visit(inner, isNegated: !isNegated, at: base, listed: [])
    case .some(let test), .every(let test):
      visit(test.predicate, isNegated: isNegated, at: test.path, listed: [])
    case .presence(let test):
      if !isNegated, test.kind != .single { add(test.field, base, "is_not_null", "") }
    case .field(let test):
      if isNegated == (test.polarity == .someValueFails) { add(test, base, isListed: listed.contains(test.field)) }
    case .anyField, .rawTerm: break
    }
  }

  private mutating func add(_ test: FieldTest, _ base: FieldPath?, isListed: Bool) {
    for (kind, value) in test.condition.rawIndicators(written: test.origin.range?.text) {
      // The page has lists of Elastic as `in` and those of Sigma as so many `eq`.
      let isIn = kind == "in" || (kind == "eq" && isListed)
      add(test.field, base, isIn ? (vendor == "sigma" ? "eq" : "in") : kind, value)
    }
  }

  private mutating func add(_ field: FieldPath, _ base: FieldPath?, _ kind: String, _ value: String) {
    let name = (base?.appending(field) ?? field).dotted
    guard !Self.dataSets.contains(name) else { return }
    found.insert(RawIndicator(field: vendor == "elastic" ? Self.names[name] ?? name : name, kind: kind, value: value))
  }

  /// The same in the text of a query that is not modelled for another reason: the page counts what stands there.
  private mutating func addFirstSeen(_ text: String) {
    let mark = Array("Esql.timestamp_first_seen >= NOW() - ".utf8)
    let bytes = Array(text.utf8)
    guard let place = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else { return }
    let digits = bytes[(place + mark.count)...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let value = "NOW() - " + String(decoding: digits, as: UTF8.self)
    found.insert(RawIndicator(field: "Esql.timestamp_first_seen", kind: "ge", value: value))
  }

  /// What is asked of a group's first moment, which rules of Elastic name so; its unit is left out, as on the page.
  private mutating func visit(_ condition: GroupCondition) {
    switch condition {
    case .all(let parts), .any(let parts): for part in parts { visit(part) }
    case .elapsed(let time):
      if case .first(.always) = time.start, time.end == .search, time.order == .lessOrEqual {
        found.insert(
          RawIndicator(field: "Esql.timestamp_first_seen", kind: "ge", value: "NOW() - \(time.seconds / 60)"))
      }
    case .not, .measure, .key: break
    }
  }
}

extension Predicate {
  /// The field of a test for one value.
  fileprivate var equatedField: FieldPath? {
    guard case .field(let test) = self, case .equals = test.condition else { return nil }
    return test.field
  }
}

extension Condition {
  fileprivate func rawIndicators(written: String?) -> [(kind: String, value: String)] {
    switch self {
    case .equals(let literal): return [("eq", literal.spelling)]
    case .oneOf(let literals): return literals.map { ("in", $0.spelling) }
    case .matches(let pattern, _): return [pattern.rawIndicator(written: written)]
    case .regex(let regex): return [("regex_match", regex.text)]
    case .order(let order, let literal): return [(order.rawWord, literal.spelling)]
    case .network(let network): return [("cidr", network.description)]
    case .term(let term): return [("match", term.text)]
    case .encoded(let encoded): return [("contains", encoded.text.description)]
    case .field: return []
    }
  }
}

extension Order {
  fileprivate var rawWord: String {
    switch self {
    case .less: "lt"
    case .lessOrEqual: "le"
    case .greater: "gt"
    case .greaterOrEqual: "ge"
    }
  }
}

extension TextPattern {
  /// - Parameter written: The text in the rule's file, which the page shows with its escapes.
  fileprivate func rawIndicator(written: String?) -> (kind: String, value: String) {
    switch shape {
    case .exact(let text): ("eq", text)
    case .prefix(let text): ("starts_with", Self.escaped(written) ?? text)
    case .suffix(let text): ("ends_with", Self.escaped(written) ?? text)
    case .contains(let text): ("contains", Self.escaped(written) ?? text)
    case .anything: ("is_not_null", "")
    case .glob: ("wildcard", description)
    }
  }

  /// The text between the wildcards, where it has escapes and stands alone.
  private static func escaped(_ written: String?) -> String? {
    guard let written, written.contains("\\"), !written.contains(where: \.isWhitespace) else { return nil }
    var text = Substring(written)
    if text.first == "*" { text = text.dropFirst() }
    if text.last == "*" { text = text.dropLast() }
    return String(text)
  }
}

import LanguageSupport
import Matcher
import RuleIR
import Sentinel
import SourceText
import TestSupport

/// A predicate written as Kusto and read again.
struct KustoRoundTrip {
  var written: WrittenRule
  var read: Predicate

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  init(_ predicate: Predicate, _ schema: TargetSchema = TargetSchema()) throws {
    written = try KustoWriter.write(Rule(body: .predicate(predicate)), for: schema)
    read = try Self.predicate(written.text)
  }

  static func rule(_ text: String, name: String = "t.kusto") throws -> Rule {
    let readings = KustoReader.read(SourceFile(name: name, text: text), in: ReadingContext())
    guard let rule = readings.first?.rule else {
      throw Failure(description: "refused: \(readings.first?.diagnostics.map(\.message) ?? []) \(text)")
    }
    return rule
  }

  static func predicate(_ text: String) throws -> Predicate {
    let rule = try rule(text)
    guard case .predicate(let predicate) = rule.body else { throw Failure(description: "\(rule.body) \(text)") }
    return predicate
  }

  /// Why the verdicts on an event do not agree as the losses allow; nil where they do.
  func disagreement(with original: TreeMatcher, _ copy: TreeMatcher, on event: EventValue) throws -> String? {
    let (before, after) = (try original.matches(event), try copy.matches(event))
    let drifts = Set(written.losses.map(\.drift))
    if drifts.contains(.both) || drifts.count > 1 { return nil }
    switch drifts.first {
    case nil where before != after: return "exact, yet \(before) became \(after) on \(event.json)"
    case .broader? where before && !after: return "broader, yet lost \(event.json)"
    case .narrower? where !before && after: return "narrower, yet gained \(event.json)"
    case _: return nil
    }
  }
}

/// Events over the fields of random predicates, with values that the predicate's tests nearly or just meet.
struct RandomEvents {
  private var random: SeededRandom
  private let values: [EventValue]
  private let lists: Set<String>

  init(seed: UInt64, about predicate: Predicate, lists: Set<String> = []) {
    random = SeededRandom(seed: seed)
    self.lists = lists
    var values: [EventValue] = [nil, "", "0", 0, 1, 403, "403", true, false, "true", "kubectl"]
    values += [Number("1.5"), Number("-3")].compactMap { $0 }.map(EventValue.number)
    for text in predicate.texts {
      values += [.string(text), .string(text.uppercased()), .string("x" + text), .string(text + "x")]
      if let number = Number(text) { values.append(.number(number)) }
    }
    self.values = values
  }

  mutating func next() -> EventValue {
    var event = EventObject()
    if let value = value("verb") { event["verb"] = value }
    if let value = value("userAgent") { event["userAgent"] = value }
    for (outer, inner) in [("objectRef", "resource"), ("responseStatus", "code"), ("user", "groups")] {
      if random.once(in: 8) { continue }
      var object = EventObject()
      if let value = value("\(outer).\(inner)") { object[inner] = value }
      event[outer] = .object(object)
    }
    return .object(event)
  }

  private mutating func value(_ field: String) -> EventValue? {
    if random.once(in: 5) { return nil }
    guard lists.contains(field) else { return random.pick(values) }
    return .list((0..<Int.random(in: 0...3, using: &random)).map { _ in random.pick(values.filter(\.isText)) })
  }
}

extension EventValue {
  fileprivate var isText: Bool { if case .string = self { true } else { false } }
}

extension Predicate {
  /// Every text and number that a test names.
  var texts: [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.texts)
    case .not(let inner): inner.texts
    case .some(let test), .every(let test): test.predicate.texts
    case .field(let test): test.condition.texts
    case .anyField(let test): test.condition.texts
    case .presence, .rawTerm: []
    }
  }
}

extension Condition {
  fileprivate var texts: [String] {
    switch self {
    case .equals(let literal), .order(_, let literal): [literal.spelling]
    case .oneOf(let literals): literals.map(\.spelling)
    case .matches(let pattern, _): [pattern.literals.joined(), pattern.literals.joined(separator: "y")]
    case .regex: ["v1", "a", "kubex", "x.y", "get ", "\\srv"]
    case .network: ["10.1.2.3", "192.168.1.7", "::1", "2001:db8::1"]
    case .term(let match): [match.text, "a " + match.text + "/1"]
    case .encoded, .field: []
    }
  }
}

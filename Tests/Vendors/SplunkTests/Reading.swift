import Documents
import LanguageSupport
import Matcher
import RuleIR
import SourceText
import Testing

@testable import Splunk

/// A search read as a rule, for tests.
struct ReadSearch {
  let reading: RuleReading

  init(_ spl: String, macros: [String] = []) {
    let files = macros.enumerated().map { SourceFile(name: "macros\($0.offset).conf", text: $0.element) }
    reading = SPLReader.read(SourceFile(name: "rule.spl", text: spl), in: ReadingContext(macroFiles: files))[0]
  }

  var body: RuleBody? { reading.rule?.body }

  var predicate: Predicate? {
    if case .predicate(let predicate)? = body { predicate } else { nil }
  }

  var threshold: Threshold? {
    if case .threshold(let threshold)? = body { threshold } else { nil }
  }

  var unmodelled: Unmodelled? {
    if case .unmodelled(let rest)? = body { rest } else { nil }
  }

  /// The diagnostics as people see them.
  var rendered: String {
    reading.diagnostics.map { DiagnosticRenderer().render($0) }.joined(separator: "\n")
  }

  var codes: [DiagnosticCode] { reading.diagnostics.map(\.code) }

  /// The verdict on an event in JSON.
  func matches(_ json: String) throws -> Bool {
    let predicate = try #require(predicate, "\(rendered)")
    return try TreeMatcher(predicate).matches(event(json))
  }
}

/// An event in JSON.
func event(_ json: String) throws -> EventValue {
  EventValue(try JSONReader.read(Passage(name: "event", text: json)))
}

extension EventValue {
  init(_ node: DocumentNode) {
    switch node.content {
    case .list(let elements): self = .list(elements.map(EventValue.init))
    case .mapping(let members):
      self = .object(EventObject(members.map { .init(key: $0.key.text, value: EventValue($0.value)) }))
    case .scalar(let scalar):
      switch scalar.kind {
      case .null: self = .null
      case .boolean(let flag): self = .boolean(flag)
      case .number: self = Number(scalar.text).map(EventValue.number) ?? .string(scalar.text)
      case .string, .date: self = .string(scalar.text)
      }
    }
  }
}

/// A read of a secret, as the audit log has it.
let secretRead = """
  {"verb":"get","user":{"username":"system:serviceaccount:ci:runner","groups":["system:serviceaccounts","ci"]},\
  "sourceIPs":["10.2.3.4","203.0.113.9"],"userAgent":"kubectl/v1.30.1",\
  "objectRef":{"resource":"secrets","namespace":"ci","name":"token"},"responseStatus":{"code":200},\
  "requestObject":{"spec":{"containers":[{"image":"nginx:1"},{"image":"evil"}],"hostNetwork":true}},\
  "annotations":{"authorization.k8s.io/decision":"allow"}}
  """

import Coverage
import Events
import Foundation
import Matcher
import RuleIR
import TestSupport
import Testing
import Translation

/// Requests to a real API server, each with the events it left, and what the operations and the rule pack say of them.
@Suite struct SecretsOperationsTests {
  struct Case: Sendable {
    var name: String
    var verb: String
    var isSecret: Bool
    var events: [EventValue]
  }

  static let cases: [Case] = {
    let file = RulePack.root.appendingPathComponent("Tests/Golden/secrets-operations/cases.jsonl")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let parser = EventParser()
    return text.split(separator: "\n").compactMap { line in
      guard case .object(let object)? = (try? parser.parse(line.utf8))?.value,
        case .list(let events)? = object["events"], let name = object["case"]?.spelling
      else { return nil }
      return Case(
        name: name, verb: object["verb"]?.spelling ?? "", isSecret: object["isSecret"] == true, events: events)
    }
  }()

  @Test func `there are 86 cases`() { #expect(Self.cases.count == 86) }

  @Test(arguments: cases.indices)
  func `every event is the operation that its request was`(index: Int) throws {
    let example = Self.cases[index]
    let operations = try #require(try RulePack.translator?.operationSet(named: "kubernetes-secrets"))
    for event in example.events {
      let found = try operations.operations.filter { try TreeMatcher($0.predicate).matches(event) }.map(\.id)
      #expect(found == (example.isSecret ? ["\(example.verb)-secrets"] : []), "\(example.name): \(event.json)")
    }
  }

  /// One line a rule: the cases in which one of its events satisfies the rule's condition.
  @Test func `the cases that each rule fires on are as recorded`() throws {
    var text = ""
    for rule in RulePack.rules {
      let predicates = rule.neutral?.body.predicates ?? []
      let matchers = try predicates.map { try TreeMatcher($0) }
      let fired = try Self.cases.filter { example in
        try example.events.contains { event in try matchers.contains { try $0.matches(event) } }
      }
      text += "\(rule.path)\t\(fired.map(\.name).joined(separator: " "))\n"
    }
    let difference = GoldenText.difference(of: text, from: "secrets-operations/pack.tsv")
    #expect(difference == nil, "\(difference ?? "")")
  }
}

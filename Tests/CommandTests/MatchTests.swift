import Foundation
import Testing

/// `match`, from files to exit codes.
@Suite struct MatchTests {
  private static let rule = """
    title: Secrets listed
    logsource: {product: kubernetes, service: audit}
    detection: {s: {verb: list, objectRef.resource: secrets}, condition: s}
    """
  private static func event(_ number: Int, verb: String = "list") -> String {
    "{\"auditID\":\"\(number)\",\"stage\":\"ResponseComplete\",\"verb\":\"\(verb)\",\"objectRef\":{\"resource\":\"secrets\"}}"
  }

  private func match(_ text: String, _ arguments: [String] = [], rule: String = rule) throws -> (
    Program.Outcome, String
  ) {
    let folder = try ScratchFolder()
    try folder.write(rule, to: "rule.yml")
    try folder.write(text, to: "events.jsonl")
    let outcome = try Program.run(
      ["match", "--rules", "rule.yml", "events.jsonl", "--dead-letter", "dead.jsonl"] + arguments, in: folder.url)
    return (outcome, (try? folder.read("dead.jsonl")) ?? "")
  }

  @Test func `lines in are events and unreadable and blank lines`() throws {
    let text = "\(Self.event(1))\n\n{\"verb\":\n\(Self.event(2))\r\n  \nhello\n\(Self.event(3, verb: "get"))"
    let (outcome, letters) = try match(text)
    #expect(outcome.errors.contains("7 lines = 3 events + 2 unreadable + 2 blank; 2 hits of 1 rules"))
    #expect(outcome.status == 2)
    #expect(letters.split(separator: "\n").count == 2)
    let first = try #require(letters.split(separator: "\n").first)
    #expect(first.contains("\"line\":3,\"offset\":\(Self.event(1).utf8.count + 2),\"code\":\"unreadable-event\""))
    #expect(first.contains("\"reason\":\""))
  }

  @Test func `batches and documents of several lines add up too`() throws {
    let text =
      "{\n \"items\": [\n\(Self.event(1)),\n\(Self.event(2))]\n}\n\(Self.event(3))\n\n\(Self.event(4))\(Self.event(5))\n"
    let (outcome, _) = try match(text)
    #expect(outcome.errors.contains("8 lines = 3 with events + 0 unreadable + 1 blank + 4 inside documents; 5 events"))
    #expect(outcome.output.split(separator: "\n").count == 5)
    #expect(outcome.status == 0)
  }

  @Test func `one thread and many write the same bytes`() throws {
    var text = ""
    for number in 0..<14_000 {
      text += Self.event(number, verb: number % 3 == 0 ? "list" : "get") + "\n"
      if number % 1_000 == 7 { text += "{\"verb\":\n\n" }
      if number % 2_500 == 9 { text += "[\n\(Self.event(number)),\n\(Self.event(number))\n]\n" }
    }
    // A list that goes on over several of the pieces in which threads read.
    text += "[\n" + (0..<12_000).map { Self.event($0) }.joined(separator: ",\n") + "\n]\n" + Self.event(1)
    let (one, oneDead) = try match(text, ["--threads", "1"])
    let (many, manyDead) = try match(text, ["--threads", "4"])
    #expect(one.output == many.output)
    #expect(one.errors == many.errors)
    #expect(oneDead == manyDead)
    #expect(one.output.split(separator: "\n").count > 16_000)
    #expect(oneDead.split(separator: "\n").count == 14)
  }

  @Test func `a rule without a verdict is named, and the code is 2`() throws {
    let rule = """
      name: Look ahead
      id: 1fc0809e-06bf-4de3-ad52-25e5263b7699
      version: 1
      date: '2026-01-01'
      author: someone
      status: production
      type: Anomaly
      description: Looks ahead.
      search: '`kube_audit` | regex userAgent="^(?=(a+)+$)"'
      how_to_implement: None.
      known_false_positives: None.
      """
    let agent = String(repeating: "a", count: 80)
    let (outcome, _) = try match("{\"auditID\":\"1\",\"verb\":\"get\",\"userAgent\":\"\(agent)!\"}\n", rule: rule)
    #expect(outcome.errors.contains("'Look ahead' has no verdict on 1 events"))
    #expect(outcome.status == 2)
  }

  @Test func `a threshold counts events of all threads in their order`() throws {
    let rule =
      Self.rule.replacingOccurrences(of: "title: Secrets listed", with: "title: Secrets listed\nname: base")
      + "\n---\ntitle: Burst\ncorrelation: {type: event_count, rules: [base], group-by: [user.username], timespan: 5m, "
      + "condition: {gte: 1000}}\n"
    let events = (0..<9_000).map { number in
      "{\"auditID\":\"\(number)\",\"stage\":\"ResponseComplete\",\"verb\":\"list\",\"user\":{\"username\":\"u\(number % 5)\"},"
        + "\"objectRef\":{\"resource\":\"secrets\"},\"stageTimestamp\":\"2026-01-01T00:00:00Z\"}"
    }
    let text = events.joined(separator: "\n")
    let (one, _) = try match(text, ["--threads", "1"], rule: rule)
    let (many, _) = try match(text, ["--threads", "3"], rule: rule)
    #expect(one.output == many.output)
    #expect(one.output.split(separator: "\n").filter { $0.contains("\"Burst\"") }.count == 5)
  }

  @Test func `what is no log is given up with code 3`() throws {
    let (outcome, _) = try match(String(repeating: "<p>text</p>\n", count: 100))
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("does not look like events"))
  }
}

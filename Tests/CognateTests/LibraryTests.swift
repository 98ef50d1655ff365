import Cognate
import Testing

/// What a program that imports the library can do.
@Suite struct LibraryTests {
  private static let sigma = RuleBook.File(
    name: "secrets.yml",
    text: """
      title: Secrets listed
      id: 0d1f7f3e-8f9e-4c0e-9a53-0f6c0a3c7a11
      level: high
      logsource: {product: kubernetes, service: audit}
      detection: {s: {verb: list, objectRef.resource: secrets}, condition: s}
      """)
  private static let event = """
    {"auditID":"1","stage":"ResponseComplete","verb":"list","objectRef":{"resource":"secrets"}}
    """

  @Test func `rules are read, asked and explained`() throws {
    let broken = RuleBook.File(
      name: "broken.yml", text: "title: Broken\nlogsource: {product: kubernetes}\ndetection: 1\n")
    let book = try RuleBook([broken, Self.sigma])
    #expect(book.entries.map(\.isRunnable) == [false, true])
    #expect(book.entries[0].problems.contains { !$0.isHarmless })
    #expect(book.entries[1].title == "Secrets listed")
    #expect(book.entries[1].level == "high")
    let matcher = EventMatcher(book)
    let firings = try matcher.match(json: Self.event)
    #expect(firings.map(\.rule) == [1])
    #expect(firings.allSatisfy { $0.failure == nil })
    let reasons = try #require(try matcher.explain(1, json: Self.event).first)
    #expect(reasons.isTrue)
    #expect(reasons.parts.map(\.place) == ["secrets.yml:5:17", "secrets.yml:5:29"])
    #expect(reasons.description.contains("verb = \"list\""))
    #expect(try matcher.explain(0, json: Self.event).isEmpty)
  }

  @Test func `a text that is no event is a problem`() throws {
    let matcher = EventMatcher(try RuleBook([Self.sigma]))
    #expect(throws: Problem.self) { try matcher.match(json: "{") }
    #expect(throws: Problem.self) { try matcher.explain(0, json: "no") }
  }

  @Test func `windows are remembered from event to event`() throws {
    let file = RuleBook.File(
      name: "burst.yml",
      text: """
        title: Many reads
        logsource: {product: kubernetes, service: audit}
        detection: {s: {verb: list}, condition: s | count() by user.username > 2, timeframe: 10m}
        """)
    let matcher = EventMatcher(try RuleBook([file]))
    let counts = try (0..<4).map { second in
      try matcher.match(
        json: "{\"verb\":\"list\",\"user\":{\"username\":\"u\"},\"stageTimestamp\":\"2026-03-01T10:00:0\(second)Z\"}"
      ).count
    }
    #expect(counts == [0, 0, 1, 0])
  }
}

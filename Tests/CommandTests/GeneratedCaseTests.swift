import Foundation
import Testing

/// `test --generate` and `test --mutate`.
@Suite struct GeneratedCaseTests {
  private static func rule(_ detection: String, title: String = "A rule") -> String {
    let lines = detection.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return "title: \(title)\nid: 0f2d6b1e-6b0e-4f7e-9d0a-2b8f5f0f7a11\nlogsource:\n  product: kubernetes\n"
      + "  service: audit\ndetection:\n\(lines)\n"
  }

  private static let plain = rule(
    """
    selection:
      verb: [get, list]
      objectRef.resource: secrets
    filter:
      user.username|startswith: 'system:'
    condition: selection and not filter
    """)

  @Test func `generated cases pass, are marked, and notice every mistake`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.plain, to: "rules/a rule.yml")
    let generation = try Program.run("test", "--generate", folder.path("specs/made"), folder.path("rules"))
    #expect(generation.status == 0, "\(generation.errors)")
    #expect(folder.files.contains("specs/made/a_rule.generated.test.yml"), "\(folder.files)")
    let spec = try folder.read("specs/made/a_rule.generated.test.yml")
    #expect(spec.contains("generated: true\nrules: [\"../../rules/a rule.yml\"]\n"), "\(spec)")
    let outcome = try Program.run("test", "--mutate", folder.path("specs"))
    let cases = spec.components(separatedBy: "  - name: ").count - 1
    #expect(cases >= 5, "\(spec)")
    #expect(outcome.output.hasPrefix("\(cases) passed, 0 failed (\(cases) of the \(cases) cases are generated)\n"))
    // What the program wrote is no proof of what the author wants.
    #expect(outcome.errors.contains("1 rules without a case by hand in which they must fire: A rule"))
    // Two events a test tell each value and each test apart.
    for change in ["left out", "asked the other way round", "value missing"] {
      #expect(!outcome.output.contains("  \(change): "), "\(outcome.output)")
    }
  }

  @Test func `a mistake that no case notices is told with an event that would`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.plain, to: "a.yml")
    try folder.write(
      """
      rules: [a.yml]
      cases:
        - name: fires
          event: {verb: get, objectRef: {resource: secrets}, user: {username: alice}}
          fires: [A rule]
        - name: silent
          event: {verb: get, objectRef: {resource: secrets}, user: {username: "system:x"}}
          fires: []

      """, to: "a.test.yml")
    let outcome = try Program.run("test", "--mutate", folder.path("a.test.yml"), "--report", "json=\(folder.path("r"))")
    #expect(outcome.status == 1)
    #expect(outcome.output.contains(#"  value missing: "list"  "#), "\(outcome.output)")
    #expect(outcome.output.contains(#"would notice: {"verb":"list""#) || outcome.output.contains(#""verb":"list""#))
    #expect(outcome.output.contains(#"  left out: objectRef.resource = "secrets""#), "\(outcome.output)")
    #expect(!outcome.output.contains("left out: user.username"))
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(try folder.read("r").utf8)) as? [String: Any])
    let rule = try #require((report["mutations"] as? [[String: Any]])?.first)
    let (noticed, tried) = (rule["noticed"] as? Int ?? 0, rule["tried"] as? Int ?? 0)
    #expect(noticed > 0 && noticed < tried)
    #expect((rule["unnoticed"] as? [Any])?.count == tried - noticed)
  }

  @Test func `a count has as many events as it asks for, and one too few`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      Self.rule("selection:\n  verb: get\ncondition: selection | count() by user.username > 3\ntimeframe: 5m"),
      to: "a.yml")
    #expect(try Program.run("test", "--generate", folder.path("out"), folder.path("a.yml")).status == 0)
    let spec = try folder.read("out/a.generated.test.yml")
    #expect(spec.contains("name: \"one too few\""), "\(spec)")
    let outcome = try Program.run("test", folder.path("out"))
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test func `values of every kind come back from the spec as they were`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      Self.rule(
        #"""
        selection:
          userAgent|contains: ["a'b", 'c"d', "e\\\\f", "g\tx", "{}", "#", "é", ": "]
          responseStatus.code: 403
          objectRef.name: null
        condition: selection
        """#), to: "a.yml")
    let generation = try Program.run("test", "--generate", folder.path("out"), folder.path("a.yml"))
    #expect(generation.status == 0, "\(generation.errors)")
    let outcome = try Program.run("test", folder.path("out"))
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(!outcome.output.hasPrefix("0 passed"))
  }

  @Test func `a rule without a firing event is a gap, and a broken one ends with 2`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      Self.rule("a:\n  verb: get\n  verb|contains: x\ncondition: a", title: "Never"), to: "rules/a.yml")
    try folder.write(Self.plain, to: "rules/b.yml")
    try folder.write("title: t\ndetection:\n\tx\n", to: "rules/c.yml")
    let outcome = try Program.run("test", "-v", "--generate", folder.path("out"), folder.path("rules"))
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("Never: it can never fire"), "\(outcome.errors)")
    #expect(folder.files.filter { $0.hasPrefix("out/") } == ["out/b.generated.test.yml"])
  }
}

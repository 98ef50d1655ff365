import Foundation
import Testing

/// `explain --all`: which rules fire on an event, and what the others lack.
@Suite struct NearMissTests {
  @Test func `rules that fire come first, then those that miss least`() throws {
    let folder = try ScratchFolder()
    func rule(_ title: String, _ detection: String) throws {
      try folder.write(
        "title: \(title)\nlogsource: {product: kubernetes, service: audit}\ndetection: \(detection)\n",
        to: "rules/\(title).yml")
    }
    try rule("far", "{s: {verb: delete, objectRef.resource: pods, user.username: x}, condition: s}")
    try rule("fires", "{s: {verb: list, objectRef.resource: secrets}, condition: s}")
    try rule("near", "{s: {verb: watch, objectRef.resource: secrets}, condition: s}")
    try rule("shut out", "{s: {verb: list}, f: {objectRef.resource: secrets}, condition: s and not f}")
    try folder.write(
      "{\"auditID\":\"1\",\"stage\":\"ResponseComplete\",\"verb\":\"list\",\"objectRef\":{\"resource\":\"secrets\"}}",
      to: "event.json")
    let outcome = try Program.run(
      "explain", "--rules", "rules", "--event", "event.json", "--all", "--limit", "2", in: folder.url)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(outcome.status == 0)
    #expect(
      lines.map { $0.split(separator: "  ").prefix(2).map { $0.trimmingCharacters(in: .whitespaces) } } == [
        ["MATCH", "fires"], ["misses 1", "near"], ["misses 1", "shut out"], ["1 more that are farther away"],
      ])
    #expect(lines[1].contains("verb = \"watch\"") && lines[1].contains("the event has \"list\" at verb"))
    let json = try Program.run(
      "explain", "--rules", "rules", "--event", "event.json", "--all", "--format", "json", in: folder.url)
    #expect(json.output.contains("\"rule\":\"far\""))
  }
}

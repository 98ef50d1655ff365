import Foundation
import Testing

/// `diff --git`: what became of rules since a revision.
@Suite struct HistoryTests {
  private static func rule(_ title: String, _ verbs: String, level: String = "low") -> String {
    """
    title: \(title)
    logsource:
        product: kubernetes
        service: audit
    detection:
        selection:
            verb: \(verbs)
            objectRef.resource: secrets
        condition: selection
    level: \(level)

    """
  }

  private static func git(_ arguments: String..., in folder: ScratchFolder) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    process.arguments = ["git", "-C", folder.url.path] + identity + arguments
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "git \(arguments)")
  }

  private static func repository() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for name in ["broader", "narrower", "both", "reworded", "same", "removed"] {
      try folder.write(rule(name, "[get, list]"), to: "rules/\(name).yml")
    }
    try git("init", "-q", in: folder)
    try git("add", "-A", in: folder)
    try git("commit", "-q", "-m", "first", in: folder)
    try folder.write(rule("broader", "[get, list, watch]"), to: "rules/broader.yml")
    try folder.write(rule("narrower", "get"), to: "rules/narrower.yml")
    try folder.write(rule("both", "[get, watch]"), to: "rules/both.yml")
    try folder.write(rule("reworded", "[list, get, GET]", level: "high"), to: "rules/reworded.yml")
    try folder.write(rule("added", "get"), to: "rules/added.yml")
    try FileManager.default.removeItem(atPath: folder.path("rules/removed.yml"))
    return folder
  }

  @Test func `every change is told by what it did`() throws {
    let folder = try Self.repository()
    let outcome = try Program.run("diff", "--git", "HEAD", folder.path("rules"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    for (words, name) in [
      ("ADDED", "added"), ("REMOVED", "removed"), ("BROADER (proved)", "broader"), ("NARROWER (proved)", "narrower"),
      ("BROADER AND NARROWER (proved)", "both"), ("ONLY REWORDED (proved)", "reworded"),
    ] {
      let lines = outcome.output.split(separator: "\n").filter { $0.hasPrefix(words + "  ") }
      #expect(lines.count == 1 && lines[0].hasSuffix("/\(name).yml  \(name)"), "\(words): \(outcome.output)")
    }
    #expect(!outcome.output.contains("same.yml"))
    #expect(outcome.output.contains(#"fires now and did not: {"kind":"Event""#))
    #expect(outcome.output.contains(#""verb":"watch","user":"#))
    #expect(
      outcome.output.hasSuffix("6 rules changed: 1 added, 1 removed, 1 broader, 1 narrower, 1 both, 1 reworded\n"))
  }

  @Test func `a change of meaning has an exit code where asked for, a rewording has none`() throws {
    let folder = try Self.repository()
    #expect(try Program.run("diff", "--exit-code", "--git", "HEAD", folder.path("rules")).status == 1)
    #expect(try Program.run("diff", "--exit-code", "--git", "HEAD", folder.path("rules/reworded.yml")).status == 0)
    let json = try Program.run("diff", "--format", "json", "--git", "HEAD", "rules/both.yml", in: folder.url)
    #expect(json.output.contains(#""effect":"both""#) && json.output.contains(#""schema":"cognate.diff/1""#))
  }

  @Test(arguments: ["nowhere", "--output=x", ""])
  func `what is no revision does nothing`(revision: String) throws {
    let folder = try Self.repository()
    #expect(try Program.run("diff", "--git=\(revision)", folder.path("rules")).status == 3)
  }

  @Test func `the same conditions on another log source are not the same rule`() throws {
    let folder = try ScratchFolder()
    func rule(_ product: String) -> String {
      """
      title: x
      logsource: {product: \(product)}
      detection:
          selection: {a: x}
          condition: selection

      """
    }
    try folder.write(rule("windows"), to: "one.yml")
    try folder.write(rule("linux"), to: "other.yml")
    let outcome = try Program.run(
      "diff", "--exit-code", "--unmapped", "keep", folder.path("one.yml"), folder.path("other.yml"))
    #expect(outcome.status == 1)
    #expect(outcome.output.hasPrefix("EQUIVALENT (proved)"))
    #expect(
      outcome.output.contains(
        "of their conditions alone, as their log sources differ: product windows and product linux"))
    try Self.git("init", "-q", in: folder)
    try Self.git("add", "-A", in: folder)
    try Self.git("commit", "-q", "-m", "first", in: folder)
    try folder.write(rule("linux"), to: "one.yml")
    let history = try Program.run("diff", "--git", "HEAD", "--unmapped", "keep", folder.path("one.yml"))
    #expect(history.output.contains("UNKNOWN") && !history.output.contains("ONLY REWORDED"), "\(history.output)")
    #expect(history.output.contains("its log source changed"))
  }
}

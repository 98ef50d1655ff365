import Foundation
import Testing

/// `check`: its formats, its exit codes, and what `--fix` does to files.
@Suite struct CheckTests {
  private static let flawed = """
    title: "Secrets, 100%: <b>&\\u2028\\"listed\\""
    id: 0f2d6b1e-6b0e-4f7e-9d0a-2b8f5f0f7a11
    date: 2024/01/02   # a day
    tags: [attack.t9999]
    logsource:
        product: kubernetes
        service: audit
    detection:
        # why it looks for these
        selection:
            verb:
                - list
                - LIST
                - get # by hand
                - Get # again
        ünused:
            verb: x
        condition: selection
    level: medium

    """

  @Test(arguments: ["\n", "\r\n"])
  func `fix changes what it names and nothing else`(lineEnd: String) throws {
    let folder = try ScratchFolder()
    let before = Self.flawed.replacingOccurrences(of: "\n", with: lineEnd)
    let path = try folder.write([0xEF, 0xBB, 0xBF] + Array(before.utf8), to: "a rule.yml")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let outcome = try Program.run("check", "--fix", path)
    #expect(outcome.errors.hasPrefix("2 changes made in 1 files\n"), "\(outcome.errors)")
    let after =
      before.replacingOccurrences(of: "2024/01/02", with: "2024-01-02")
      .replacingOccurrences(of: "            - LIST\(lineEnd)", with: "")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([0xEF, 0xBB, 0xBF] + Array(after.utf8)))
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    #expect(folder.files == ["a rule.yml"])
    // What is left is told, and nothing more is changed.
    #expect(outcome.output.contains("the value 'Get' stands twice") && !outcome.output.contains("LIST"))
    #expect(try Program.run("check", "--fix", path).errors.hasPrefix("1 rules"))
  }

  @Test func `fix leaves alone what would change the meaning, and standard input`() throws {
    let folder = try ScratchFolder()
    // Without 'all' the key would stand twice.
    let text = Self.flawed.replacingOccurrences(
      of: "        verb:\n",
      with: "        userAgent|contains|all: curl\n        userAgent|contains: x\n        verb:\n")
    let path = try folder.write(text, to: "a.yml")
    #expect(try Program.run("check", "--fix", path).output.contains("redundant-modifier"))
    #expect(try folder.read("a.yml").contains("userAgent|contains|all: curl"))
    #expect(try Program.run("check", "--fix", "--from", "sigma", "-", input: text).status == 0)
  }

  @Test(arguments: [("error", 0), ("warning", 1), ("info", 1)] as [(String, Int32)])
  func `the weight that fails is as asked for`(level: String, status: Int32) throws {
    #expect(try Program.run("check", "--from", "sigma", "--fail-on", level, "-", input: Self.flawed).status == status)
  }

  @Test func `JSON has places, related places and fixes`() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Self.flawed, to: "a.yml")
    let outcome = try Program.run("check", "--format", "json", path)
    let root = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(root["schema"] as? String == "cognate.check/1")
    #expect(root["rules"] as? Int == 1)
    #expect((root["counts"] as? [String: Int])?["error"] == 0)
    let findings = try #require(root["diagnostics"] as? [[String: Any]])
    let twice = try #require(findings.first { ($0["message"] as? String)?.contains("'LIST'") ?? false })
    #expect(twice["code"] as? String == "covered-value")
    #expect(twice["line"] as? Int == 13 && twice["column"] as? Int == 15)
    #expect((twice["related"] as? [[String: Any]])?.first?["line"] as? Int == 12)
    #expect((twice["fix"] as? [[String: Any]])?.first?["replacement"] as? String == "")
  }

  @Test func `SARIF has what the standard demands`() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Self.flawed, to: "a rule.yml")
    let outcome = try Program.run("check", "--format", "sarif", path)
    let root = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(root["version"] as? String == "2.1.0")
    let run = try #require((root["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count >= 5)
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      #expect(["error", "warning", "note"].contains(result["level"] as? String))
      let location = try #require(
        (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any])
      let uri = (location["artifactLocation"] as? [String: Any])?["uri"] as? String
      #expect(uri == "file://\(path.replacingOccurrences(of: " ", with: "%20"))")
      let region = try #require(location["region"] as? [String: Int])
      #expect(region.values.allSatisfy { $0 >= 1 })
    }
    let unused = try #require(results.first { $0["ruleId"] as? String == "unused-selection" })
    #expect((unused["relatedLocations"] as? [Any])?.count == 1)
    let covered = results.filter { $0["ruleId"] as? String == "covered-value" }
    #expect(covered.contains { $0["fixes"] != nil })
  }

  @Test func `an annotation is one line, whatever the title holds`() throws {
    let text = Self.flawed.replacingOccurrences(of: "verb: x", with: "verb: [a, b]\n        verb|contains: c")
      .replacingOccurrences(of: "condition: selection", with: "condition: selection or ünused")
      .replacingOccurrences(of: "100%", with: "100%0A::error::x\\n")
    let outcome = try Program.run("check", "--from", "sigma", "--format", "github", "-", input: text)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: true)
    #expect(lines.contains { $0.contains("title=contradiction") })
    for line in lines {
      #expect(line.hasPrefix("::warning file=") || line.hasPrefix("::notice file="), "\(line)")
    }
  }

  @Test func `JUnit has a case for each rule`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.flawed, to: "a.yml")
    try folder.write("title: t\ndetection:\n\tx\n", to: "b.yml")
    let outcome = try Program.run("check", "--format", "junit", folder.url.path)
    #expect(outcome.status == 2)
    let parser = XMLCounter(outcome.output)
    #expect(parser.isWellFormed, "\(outcome.output)")
    #expect(parser.counts["failure"] == 1)
    #expect(parser.counts["testsuite"] == 2)
  }

  @Test func `a report of an unknown form is refused before any work`() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Self.flawed, to: "a.yml")
    for report in ["xml=\(folder.path("x"))", "sarif", "="] {
      #expect(try Program.run("check", path, "--report", report).status == 3, "\(report)")
    }
    #expect(folder.files == ["a.yml"])
  }

  @Test func `that no mapping is about a rule is a finding only where asked for`() throws {
    let text = Self.flawed.replacingOccurrences(of: "kubernetes", with: "windows")
    let lenient = try Program.run("check", "--from", "sigma", "-", input: text)
    #expect(lenient.status == 0 && !lenient.output.contains("unmapped"))
    #expect(lenient.errors.contains("1 of them look at events that no mapping is about"))
    let strict = try Program.run("check", "--from", "sigma", "--unmapped", "error", "-", input: text)
    #expect(strict.status == 1 && strict.output.contains("error[unmapped-source]"))
  }

  @Test func `of a folder with 20 broken rules each is named, and the others are checked`() throws {
    let folder = try ScratchFolder()
    let good = Self.flawed.replacingOccurrences(of: "verb: x", with: "verb: y")
    for number in 0..<280 { try folder.write(good, to: "rules/\(number).yml") }
    for number in 0..<20 { try folder.write("title: t\ndetection:\n  a: [x\n", to: "rules/bad\(number).yml") }
    let outcome = try Program.run("check", "--format", "github", folder.path("rules"))
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("300 rules: "))
    #expect(outcome.output.split(separator: "\n").filter { $0.contains("title=malformed-document") }.count == 20)
  }
}

/// Counts the elements of an XML text.
private final class XMLCounter {
  private(set) var counts: [String: Int] = [:]
  let isWellFormed: Bool

  /// No library for XML is at hand: tags are matched by a stack, which is all that the reports need.
  init(_ text: String) {
    var open: [Substring] = []
    var isFine = text.hasPrefix("<?xml")
    for piece in text.split(separator: "<", omittingEmptySubsequences: true).dropFirst() {
      guard let end = piece.firstIndex(of: ">") else {
        isFine = false
        break
      }
      let tag = piece[..<end]
      let name = tag.prefix { $0 != " " && $0 != "/" }
      if tag.hasPrefix("/") {
        isFine = isFine && open.popLast() == tag.dropFirst()
      } else {
        counts[String(name), default: 0] += 1
        if !tag.hasSuffix("/") { open.append(name) }
      }
    }
    isWellFormed = isFine && open.isEmpty
  }
}

import Foundation
import Testing

private let good = """
  title: Secrets listed
  id: 0f2d6b1e-6b0e-4f7e-9d0a-2b8f5f0f7a11
  logsource:
      product: kubernetes
      service: audit
  detection:
      selection:
          verb: list
          objectRef.resource: secrets
      condition: selection
  level: medium

  """

@Suite struct CommandTests {
  @Test func `one broken rule does not stop the others`() throws {
    let folder = try ScratchFolder()
    for number in 0..<5 { try folder.write(good, to: "rules/good\(number).yml") }
    try folder.write("title: broken\ndetection:\n\tselection: x\n", to: "rules/broken.yml")
    let outcome = try Program.run("convert", "--to", "kuery", "-o", folder.path("out"), folder.path("rules"))
    #expect(outcome.status == 2)
    #expect(folder.files.filter { $0.hasSuffix(".kuery") }.count == 5)
    #expect(outcome.output.contains("error[tab-indentation]"))
    #expect(outcome.output.contains("broken.yml:3:1"))
    #expect(
      outcome.output.hasSuffix("6 rules: 0 exact, 0 broader, 5 narrower, 1 refused\n")
        || outcome.output.contains("5 exact"))
  }

  @Test func `without -o the text goes to standard output and the table to standard error`() throws {
    let outcome = try Program.run("convert", "--to", "kusto", "--from", "sigma", "-", input: good)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("| where"))
    #expect(!outcome.output.contains("exact"))
    #expect(outcome.errors.contains("1 rules: 1 exact"))
  }

  @Test func `evidence holds hashes, fields, losses and events with both verdicts`() throws {
    let folder = try ScratchFolder()
    let rule = try folder.write(
      good.replacingOccurrences(of: "verb: list", with: "userAgent|contains: curl"), to: "a.yml")
    let event = #"{"kind":"Event","userAgent":"CURL/8","objectRef":{"resource":"secrets"},"verb":"get"}"#
    let events = try folder.write(event + "\n{\"kind\":\"Event\",\"verb\":\"get\"}\n", to: "events.ndjson")
    let outcome = try Program.run(
      "convert", "--to", "kuery", "-o", folder.path("out"), "--evidence", folder.path("grounds.json"), "--events",
      events, rule)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let root = try JSONSerialization.jsonObject(with: Data(folder.read("grounds.json").utf8))
    let evidence = try #require(root as? [String: Any])
    #expect(evidence["schema"] as? String == "cognate.evidence/1")
    let record = try #require((evidence["rules"] as? [[String: Any]])?.first)
    #expect(record["verdict"] as? String == "narrower")
    let target = try #require(record["target"] as? [String: Any])
    #expect(target["sha256"] as? String == Self.sha256(folder.path("out/a.kuery")))
    let source = try #require(record["source"] as? [String: Any])
    #expect(source["sha256"] as? String == Self.sha256(rule))
    let fields = try #require(record["fields"] as? [[String: Any]])
    #expect(fields.contains { $0["output"] as? String == "kubernetes.audit.userAgent" })
    #expect((record["losses"] as? [[String: Any]])?.first?["drift"] as? String == "narrower")
    let trials = try #require(record["trials"] as? [[String: Any]])
    // The recorded event with capital letters fires the rule and not its output; so does one that was made.
    let recorded = try #require(trials.first { ($0["event"] as? String)?.hasSuffix("events.ndjson:1") == true })
    #expect(recorded["rule"] as? Bool == true && recorded["output"] as? Bool == false)
    #expect(trials.contains { $0["event"] as? String == "fires the rule alone" })
    #expect(record["eventsTried"] as? Int == 2)
  }

  /// What `sha256sum` says of a file.
  private static func sha256(_ path: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    process.arguments = [path]
    let pipe = Pipe()
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return nil }
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return output.split(separator: " ").first.map(String.init)
  }

  @Test func `the rule model goes out as JSON and comes in again`() throws {
    let model = try Program.run("convert", "--to", "ir-json", "--from", "sigma", "-", input: good)
    #expect(model.status == 0 && model.errors.contains("1 exact"))
    let direct = try Program.run("convert", "--to", "esql", "--from", "sigma", "-", input: good)
    let detour = try Program.run("convert", "--to", "esql", "-", input: model.output)
    #expect(detour.output == direct.output)
    #expect(detour.status == 0 && detour.output.contains("kubernetes.audit.verb"))
  }

  @Test func `a full disk is told and ends with 3`() throws {
    let folder = try ScratchFolder()
    let rule = try folder.write(good, to: "a.yml")
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = ["convert", "--to", "kusto", rule]
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 3)
    #expect(text.contains("standard output cannot be written: No space left on device"))
  }

  @Test func `a loss is fatal only where asked for`() throws {
    let cased = good.replacingOccurrences(of: "verb: list", with: "userAgent|contains: curl")
    let lossy = ["convert", "--to", "kuery", "--from", "sigma", "-"]
    #expect(try Program.run(lossy, input: cased).status == 0)
    #expect(try Program.run(lossy + ["--fail-on-loss"], input: cased).status == 1)
    #expect(try Program.run(lossy + ["--fail-on-loss=narrower"], input: cased).status == 1)
  }

  @Test(arguments: [
    ["convrt"], ["convert", "--to", "kuery"], ["convert", "--to", "kueri", "x.yml"],
    ["convert", "--to", "kuery", "/nowhere/at/all"], ["check", "--format", "xml", "x"], ["coverage", "/nowhere"],
    ["explain-code", "never-fire"], ["convert", "--to", "kuery", "--map", "kubernetes-audits", "/etc/hostname"],
  ])
  func `a mistaken command line does nothing and ends with 3`(arguments: [String]) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.isEmpty)
  }

  @Test func `misspelt names get the nearest known one`() throws {
    #expect(try Program.run("convrt").errors.contains("did you mean 'convert'?"))
    #expect(try Program.run("convert", "--to", "kueri", "x").errors.contains("Did you mean 'kuery'?"))
    #expect(try Program.run("explain-code", "never-fire").errors.contains("did you mean 'never-fires'?"))
  }

  @Test func `an output folder that cannot be made is told before anything is written`() throws {
    let folder = try ScratchFolder()
    let rule = try folder.write(good, to: "rule.yml")
    try folder.write("", to: "file")
    let outcome = try Program.run("convert", "--to", "kuery", "-o", folder.path("file/out"), rule)
    #expect(outcome.status == 3)
    #expect(folder.files == ["file", "rule.yml"])
  }

  @Test(arguments: ["directory", "pipe", "endless"])
  func `what is no regular file is refused and never waited for`(kind: String) throws {
    let folder = try ScratchFolder()
    let path = folder.path("input.yml")
    switch kind {
    case "directory": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    case "pipe": mkfifo(path, 0o600)
    case _: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
    }
    let outcome = try Program.run("check", path)
    #expect(outcome.status == (kind == "directory" ? 3 : 2), "\(outcome.errors)\(outcome.output)")
  }

  @Test func `a file larger than the limit is refused`() throws {
    let folder = try ScratchFolder()
    let comment = String(repeating: "# padding\n", count: 110_000)
    let path = try folder.write(good + comment, to: "large.yml")
    let outcome = try Program.run("check", path)
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("error[file-too-large]"))
  }

  @Test func `names of output files stay in the folder`() throws {
    let folder = try ScratchFolder()
    for name in ["-rf.yml", "CON.yml", "a b;c.yml", "ünïcode.yml", "same.yml", "sub/same.yml"] {
      try folder.write(good, to: "rules/\(name)")
    }
    let outcome = try Program.run("convert", "--to", "kusto", "-o", folder.path("out"), folder.path("rules"))
    #expect(outcome.status == 0)
    let written = folder.files.filter { $0.hasPrefix("out/") && $0.hasSuffix(".kusto") }
    #expect(written.count == 6, "\(written)")
    for name in written {
      #expect(name.unicodeScalars.allSatisfy { $0.isASCII && $0 != " " && $0 != ";" }, "\(name)")
      #expect(!name.contains("/-") && !name.contains(".."), "\(name)")
    }
  }

  @Test func `the same input gives the same bytes`() throws {
    let folder = try ScratchFolder()
    for number in 0..<4 { try folder.write(good, to: "rules/\(number).yml") }
    let arguments = ["check", folder.path("rules"), "--format", "json"]
    let first = try Program.run(arguments)
    #expect(first.output.contains("duplicate-identifier"))
    #expect(try Program.run(arguments).output == first.output)
  }

  @Test func `reports are written beside the data`() throws {
    let folder = try ScratchFolder()
    try folder.write(good.replacingOccurrences(of: "id: 0f2d6b1e", with: "id: x<y>&\"z"), to: "rules/a.yml")
    let outcome = try Program.run(
      "check", folder.path("rules"), "--report", "sarif=\(folder.path("a.sarif"))", "--report",
      "junit=\(folder.path("a.xml"))", "--report", "github=\(folder.path("a.txt"))", "-q")
    #expect([0, 1].contains(outcome.status))
    #expect(try folder.read("a.sarif").contains("\"version\":\"2.1.0\""))
    #expect(try folder.read("a.xml").hasPrefix("<?xml"))
    #expect(!(try folder.read("a.xml")).contains("x<y>"))
    #expect(try folder.read("a.txt").split(separator: "\n").allSatisfy { $0.hasPrefix("::") })
  }

  @Test func `hidden characters are shown`() throws {
    let outcome = try Program.run(
      "ir", "--from", "sigma", "-", input: good.replacingOccurrences(of: "Secrets listed", with: "\"a\\u001b[31mb\""))
    #expect(!outcome.output.contains("\u{1B}"))
    #expect(outcome.output.contains("\\u{1b}"))
  }

  @Test func `every command has an example in its help`() throws {
    for command in [
      "convert", "check", "test", "match", "explain", "coverage", "diff", "fields", "events", "ir", "explain-code",
    ] {
      let outcome = try Program.run(command, "--help")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("Example: cognate \(command)"), "\(command)")
    }
  }

  @Test func `every code is explained`() throws {
    let codes = try Program.run("explain-code").output.split(separator: "\n").map(String.init)
    #expect(codes.count > 50)
    for code in codes.prefix(5) { #expect(try Program.run("explain-code", code).output.count > 20) }
  }
}

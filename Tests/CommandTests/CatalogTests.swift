import Foundation
import Testing

/// The pages as the program writes them.
@Suite struct CatalogTests {
  private static let rules = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("vendor-rules/sigma").path

  @Test func `a catalogue that was written is up to date until something changes`() throws {
    let folder = try ScratchFolder()
    let out = folder.path("out")
    #expect(try Program.run("catalog", Self.rules, "-o", out).status == 0)
    #expect(FileManager.default.fileExists(atPath: out + "/operations/list-secrets.html"))
    #expect(FileManager.default.fileExists(atPath: out + "/style.css"))
    let same = try Program.run("catalog", Self.rules, "--check", out)
    #expect(same.status == 0 && same.output.isEmpty)
    try folder.write("changed", to: "out/index.html")
    try folder.write("more", to: "out/rules/more.html")
    try FileManager.default.removeItem(atPath: out + "/script.js")
    let changed = try Program.run("catalog", Self.rules, "--check", out + "/")
    #expect(changed.status == 1)
    #expect(changed.output == "missing: script.js\ndiffers: index.html\nnot of the catalogue: rules/more.html\n")
  }

  @Test func `a folder that is not empty is left as it is`() throws {
    let folder = try ScratchFolder()
    try folder.write("mine", to: "out/a.txt")
    for arguments in [["catalog"], ["coverage", "--format", "html"]] {
      let outcome = try Program.run(arguments + [Self.rules, "-o", folder.path("out")])
      #expect(outcome.status == 3 && outcome.errors.contains("is not empty"))
      #expect(folder.files == ["out", "out/a.txt"])
    }
  }

  @Test(arguments: ["file.txt", "file.txt/out"])
  func `where no folder can be nothing is written`(place: String) throws {
    let folder = try ScratchFolder()
    try folder.write("mine", to: "file.txt")
    let outcome = try Program.run("catalog", Self.rules, "-o", folder.path(place))
    #expect(outcome.status == 3 && outcome.errors.contains("file.txt"))
    #expect(folder.files == ["file.txt"])
  }

  @Test func `events that are none leave no folder behind`() throws {
    let folder = try ScratchFolder()
    let events = try folder.write("hello\nworld\n", to: "events.log")
    let outcome = try Program.run("catalog", Self.rules, "--events", events, "-o", folder.path("out"))
    #expect(outcome.status == 3 && outcome.errors.contains("no input holds events"))
    #expect(folder.files == ["events.log"])
  }

  @Test func `events of something else are told`() throws {
    let folder = try ScratchFolder()
    let events = try folder.write("{\"a\":1}\n{\"b\":2}\n", to: "events.ndjson")
    for arguments in [["catalog", "-o", folder.path("out")], ["coverage"]] {
      let outcome = try Program.run(arguments + [Self.rules, "--events", events])
      #expect(outcome.status == 3 && outcome.errors.contains("none of the 2 events is one of kubernetes-audit"))
      #expect(folder.files == ["events.ndjson"])
    }
  }

  @Test(arguments: [
    ("vreb: list", "kubernetes-audit", "'vreb' is no field", "did you mean 'verb'"),
    ("verb: list", "kubernets-audit", "no mapping describes", "did you mean 'kubernetes-audit'"),
    ("verb: list, whan: x", "kubernetes-audit", "'whan' is no field", ""),
  ])
  func `operations are held to the events they are about`(
    condition: String, source: String, words: String, help: String
  ) throws {
    let folder = try ScratchFolder()
    let operations = try folder.write(
      """
      id: mine
      title: Mine
      log-source: \(source)
      subject: [verb]
      operations:
        - { id: x, title: X, when: { \(condition) } }

      """, to: "mine.yml")
    let outcome = try Program.run("coverage", Self.rules, "--operations", operations)
    #expect(outcome.status == 3 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(words) && (help.isEmpty || outcome.errors.contains(help)), "\(outcome.errors)")
    #expect(outcome.errors.contains("mine.yml:"))
  }

  @Test func `an empty folder is taken, and the matrix alone has pages too`() throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: folder.path("out"), withIntermediateDirectories: true)
    let outcome = try Program.run("coverage", Self.rules, "--format", "html", "-o", folder.path("out"))
    #expect(outcome.status == 0)
    #expect(try folder.read("out/index.html").contains("operations/list-secrets.html#v-sigma"))
  }

  @Test(arguments: [
    (["catalog", "x"], "name the folder"), (["catalog", "x", "-o", "a", "--check", "b"], "name the folder"),
    (["catalog", "x", "--check", "/nowhere/at/all"], "no folder"), (["coverage", "x", "--format", "html"], "-o DIR"),
    (["coverage", "x", "-o", "out"], "--format html"),
    (["coverage", rules, "--operations", "kubernets"], "did you mean"),
    (["coverage", rules, "--profile", "reference", "--format", "csv"], "md or json"),
  ])
  func `a mistaken command line is told`(arguments: [String], words: String) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 3 && outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }
}

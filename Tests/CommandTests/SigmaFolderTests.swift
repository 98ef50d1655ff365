import Foundation
import Testing

/// A folder of very many rules, some of them broken.
@Suite struct SigmaFolderTests {
  /// What is wrong with the broken ones.
  private static let faults = [
    "title: [", "\tx", "detection:\n  s: {a: b}\n", "detection:\n  s: {a|nope: b}\n  condition: s\n",
    "detection:\n  s: {a: b}\n  condition: t\n",
  ]

  @Test func `of 3,000 rules 20 are broken: 2,980 are converted, 20 are named, and the exit code says so`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sigma-folder-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for number in 0..<3_000 {
      var text =
        "title: Rule \(number)\nlogsource: {product: none}\ndetection:\n  s: {a: v\(number)}\n  condition: s\n"
      if number % 150 == 7 { text = "title: Broken\nlogsource: {product: none}\n" + Self.faults[number / 150 % 5] }
      try Data(text.utf8).write(to: folder.appendingPathComponent("r\(number).yml"))
    }
    let out = folder.appendingPathComponent("out").path
    let outcome = try Program.run(
      "convert", folder.path, "--from", "sigma", "--to", "spl", "--unmapped", "keep", "--verify", "off", "-o", out)
    #expect(outcome.status == 2)
    #expect(try FileManager.default.subpathsOfDirectory(atPath: out).filter { $0.hasSuffix(".spl") }.count == 2_980)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.last == "3000 rules: 2980 exact, 0 broader, 0 narrower, 20 refused")
    let refused = lines.filter { $0.hasSuffix("  refused") }
    #expect(refused.count == 20)
    for number in stride(from: 7, to: 3_000, by: 150) {
      #expect(refused.contains { $0.contains("/r\(number).yml ") }, "\(number)")
    }
  }

  @Test func `placeholders are taken from a file, and what has no value is named`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sigma-placeholders-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rule = folder.appendingPathComponent("rule.yml")
    try Data("title: T\nlogsource: {product: none}\ndetection:\n  s: {a|expand: '%who%'}\n  condition: s\n".utf8)
      .write(to: rule)
    let values = folder.appendingPathComponent("values.txt")
    try Data("who: [alice, bob]\n".utf8).write(to: values)
    func convert(_ more: String...) throws -> Program.Outcome {
      try Program.run(["convert", rule.path, "--to", "spl", "--unmapped", "keep"] + more)
    }
    let without = try convert()
    #expect(without.status == 1)
    #expect(without.errors.contains("error[unresolved-placeholder]: the placeholder 'who' has no value"))
    let with = try convert("--placeholders", values.path)
    #expect(with.status == 0)
    #expect(with.output.contains("alice") && with.output.contains("bob"))
    #expect(try convert("--placeholders", folder.appendingPathComponent("none").path).status == 3)
  }
}

import LanguageSupport
import RuleIR
import Sigma
import SourceText
import Testing

@Suite struct PlaceholderTests {
  private static let file = SourceFile(
    name: "values.yml", text: "admins: [alice, 'b?b', 'c\\*']\nhost: dc1\nport: [22, 3389]\n")

  private static func read(_ selection: String) throws -> RuleReading {
    let text = SigmaRules.text(detection: "selection:\n  \(selection)\ncondition: selection")
    let context = ReadingContext(placeholders: try Placeholders(reading: file))
    return try #require(SigmaReader.read(SourceFile(name: "rule.yml", text: text), in: context).first)
  }

  /// A line of a selection, and what it means.
  static let meanings: [(line: String, outline: String)] = [
    ("f|expand: '%host%'", #"f = untyped "dc1" ~"#),
    ("f|expand: '%port%'", #"f in (untyped "22" ~, untyped "3389" ~)"#),
    ("f|contains|expand: '%host%'", #"f like "*dc1*" ~"#),
    ("f|expand|endswith: '\\\\%host%'", #"f like "*\\\\dc1" ~"#),
    ("f|expand: '%host%:%port%'", #"f in (untyped "dc1:22" ~, untyped "dc1:3389" ~)"#),
    // An escaped percent sign is a plain one, and without the modifier all of them are.
    ("f|expand: '\\%plain%host%'", #"f = untyped "%plaindc1" ~"#),
    ("f|expand: '100%'", #"f = untyped "100%" ~"#),
    ("f: '%host%'", #"f = untyped "%host%" ~"#),
  ]

  @Test func `Placeholders become their values, and only where the modifier asks for it`() throws {
    for (line, outline) in Self.meanings {
      let reading = try Self.read(line)
      let predicate = try #require(reading.rule?.body.predicates.first, "\(line)")
      #expect(PredicateOutline(.terse).text(of: predicate) == outline, "\(line)")
    }
  }

  @Test func `The values are texts of Sigma, with wildcards and escapes`() throws {
    let predicate = try #require(try Self.read("f|expand: '%admins%'").rule?.body.predicates.first)
    guard case .any(let parts) = predicate else {
      Issue.record("no alternatives")
      return
    }
    let pattern = TextPattern([.literal("b"), .anyScalar, .literal("b")])
    #expect(parts.contains(.field(FieldTest(FieldPath(named: "f"), .matches(pattern, .insensitive)))))
  }

  @Test func `With all, every value is asked for`() throws {
    let predicate = try #require(try Self.read("f|contains|expand|all: '%port%'").rule?.body.predicates.first)
    guard case .all(let parts) = predicate else {
      Issue.record("no conjunction")
      return
    }
    #expect(parts.count == 2)
  }

  @Test func `A placeholder without a value is an error that names it, and the nearest`() throws {
    let reading = try Self.read("f|expand: '%hosts%'")
    #expect(reading.rule == nil)
    let fault = try #require(reading.diagnostics.first { $0.severity == .error })
    #expect(fault.code == .unresolvedPlaceholder)
    #expect(fault.message.contains("hosts"))
    #expect(fault.help == "did you mean 'host'?")
  }

  @Test func `The variables of a pipeline are read as well, and a list of lists is refused`() throws {
    let pipeline = SourceFile(name: "p.yml", text: "name: x\nvars:\n  admins: [a]\n")
    #expect(try Placeholders(reading: pipeline)["admins"] == ["a"])
    #expect(throws: Diagnostic.self) { try Placeholders(reading: SourceFile(name: "p.yml", text: "a: [[b]]\n")) }
    #expect(throws: Diagnostic.self) { try Placeholders(reading: SourceFile(name: "p.yml", text: "a:\n")) }
  }

  @Test func `Placeholders that multiply stop at a limit`() throws {
    let many = (0..<200).map { "v\($0)" }.joined(separator: ", ")
    let values = try Placeholders(reading: SourceFile(name: "p.yml", text: "a: [\(many)]\n"))
    let text = SigmaRules.text(detection: "s:\n  f|expand: '%a%%a%%a%'\ncondition: s")
    let reading = SigmaReader.read(
      SourceFile(name: "rule.yml", text: text), in: ReadingContext(placeholders: values))
    #expect(reading.first?.diagnostics.contains { $0.code == .tooManyNodes } == true)
  }
}

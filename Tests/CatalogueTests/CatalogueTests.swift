import Catalogue
import Coverage
import Matcher
import Proof
import RuleIR
import SourceText
import Testing

@Suite struct CatalogueTests {
  private static let templates = ["index", "rule", "operation"].map { name in
    SourceFile(name: "templates/\(name).mustache", text: "{{title}}|{{#tags}}<b title=\"{{.}}\">{{.}}</b>{{/tags}}")
  }

  private static func equals(_ path: String, _ text: String, _ origin: Origin = Origin()) -> Predicate {
    .field(FieldTest(FieldPath(parsing: path) ?? .element, .equals(.text(text, .sensitive)), origin: origin))
  }

  private static func operation(_ verb: String) -> Operation {
    Operation(
      id: "\(verb)-secrets", title: verb,
      predicate: .all([equals("verb", verb), equals("objectRef.resource", "secrets")]),
      fields: [FieldPath(keys: "verb")])
  }

  private static let set = OperationSet(
    id: "secrets", title: "Secrets", mapping: "kubernetes-audit",
    subject: [FieldPath(keys: "verb"), FieldPath(keys: "objectRef", "resource")],
    operations: [operation("list"), operation("get")])

  private static func rule(_ title: String, path: String, _ body: RuleBody, file: SourceFile) -> CatalogueRule {
    let metadata = RuleMetadata(
      title: title, description: "First. Second.", level: .high, tags: [title],
      attack: AttackTags(techniques: ["T1552.007"]))
    let rule = Rule(metadata: metadata, body: body)
    return CatalogueRule(
      vendor: "sigma", form: "sigma", path: path, title: title, source: rule, neutral: rule, isInMatrix: true,
      range: file.wholeRange, diagnostics: [])
  }

  private static func catalogue(_ rules: [CatalogueRule]) -> Catalogue {
    let prover = Prover { predicate, event in try? TreeMatcher(predicate).matches(event) }
    let entries = rules.compactMap { rule in rule.neutral.map { CoverageMatrix.Entry($0, vendor: rule.vendor) } }
    return Catalogue(
      Catalogue.Material(
        matrices: [CoverageMatrix(set, entries, decide: CoverageDecision(prover: prover))], rules: rules,
        vendors: ["sigma"], fields: [], techniqueName: { _ in nil }, neverSeen: { _ in nil }))
  }

  private static func pages(_ rules: [CatalogueRule]) -> [CataloguePage] {
    let catalogue = catalogue(rules)
    return catalogue.subjects.map { catalogue.page($0) }
  }

  private static let file = SourceFile(
    name: "r.yml",
    text: "title: x\ndetection:\n  s:\n    verb: list\n    objectRef.resource: secrets\n  condition: s\nlevel: high\n")

  private static func range(_ text: String) -> Origin {
    let start = file.text.range(of: text)
    return Origin(SourceRange(file: file, start: start, end: start + text.utf8.count))
  }

  private static let body = RuleBody.predicate(
    .all([
      equals("verb", "list", range("verb: list")),
      equals("objectRef.resource", "secrets", range("objectRef.resource: secrets")),
    ]))

  @Test func `there is a page for everything, and none twice`() {
    let rules = ["a/x.yml", "b/x.yml", "b/X.yml"].map { Self.rule("x", path: $0, Self.body, file: Self.file) }
    let paths = Self.pages(rules).map(\.path)
    #expect(Set(paths.map { $0.lowercased() }).count == paths.count)
    for path in [
      "index.html", "rules.html", "fields.html", "techniques.html", "backlog.html", "resources/secrets.html",
      "operations/list-secrets.html", "operations/get-secrets.html", "fields/verb.html", "techniques/T1552.007.html",
      "rules/sigma/x.html", "rules/sigma/x-2.html", "rules/sigma/X-3.html",
    ] { #expect(paths.contains(path), "\(path)") }
  }

  @Test func `the same rules give the same pages`() {
    let rules = (0..<20).map { Self.rule("rule \($0)", path: "\($0).yml", Self.body, file: Self.file) }
    #expect(Self.pages(rules).map(\.content.description) == Self.pages(rules).map(\.content.description))
  }

  @Test(arguments: ["<script>", "\"><img onerror=x>", "\"\u{301} onclick=\"x", "'", "&lt;", "{{{tags}}}", "</b>"])
  func `every text is escaped, byte by byte`(text: String) throws {
    let renderer = try PageRenderer(templates: Self.templates)
    let page = try #require(
      Self.pages([Self.rule(text, path: "x.yml", Self.body, file: Self.file)]).first { $0.template == "rule" })
    let html = try #require(renderer.html(page))
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case _: escaped.unicodeScalars.append(scalar)
      }
    }
    #expect(html.unicodeScalars.elementsEqual("\(escaped)|<b title=\"\(escaped)\">\(escaped)</b>".unicodeScalars))
  }

  @Test func `the text of a rule is shown from its block to the next, with its tests marked`() throws {
    let page = try #require(
      Self.pages([Self.rule("x", path: "x.yml", Self.body, file: Self.file)]).first { $0.template == "rule" })
    let shown = page.content["query"]?.json ?? ""
    #expect(shown.contains(#""t":"verb: list","test":true,"anchor":"t4-5""#))
    #expect(shown.contains(#""n":2"#) && shown.contains("condition: s"))
    #expect(!shown.contains("title: x") && !shown.contains("level: high"))
    #expect(page.content["meaning"]?.json.contains(#""at":"t4-5""#) == true)
  }

  @Test func `a template that is not one is told`() {
    let broken = SourceFile(name: "templates/x.mustache", text: "{{#a}}")
    #expect(throws: Diagnostic.self) { try PageRenderer(templates: [broken]) }
  }
}

extension EventObject {
  fileprivate var description: String { EventValue.object(self).json }
}

extension String {
  /// The offset in bytes of the first place of a text; its end where there is none.
  fileprivate func range(of text: String) -> Int {
    let (bytes, wanted) = (Array(utf8), Array(text.utf8))
    return bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? bytes.count
  }
}

import Coverage
import Documents
import Matcher
import Proof
import RuleIR
import SourceText
import Testing

/// Fields of one text each, as the audit event has them.
private let shape = EventShape(
  Dictionary(
    uniqueKeysWithValues: ["verb", "objectRef.resource", "objectRef.apiGroup", "user.username"].map {
      (FieldPath(parsing: $0) ?? .element, EventShape.Field(type: .text, isList: false))
    }))

let prover = Prover(shape: shape) { predicate, event in try? TreeMatcher(predicate).matches(event) }

private let file = SourceFile(
  name: "operations.yml",
  text: """
    id: secrets
    title: Secrets
    log-source: kubernetes-audit
    subject: [verb, objectRef.resource]
    common: { objectRef.resource: secrets, objectRef.apiGroup: absent }
    operations:
      - { id: list-secrets, title: List, when: { verb: list } }
      - { id: get-secrets, title: Get, when: { verb: get } }
    """)

private func equals(_ path: String, _ text: String, _ textCase: TextCase = .insensitive) -> Predicate {
  .field(FieldTest(FieldPath(parsing: path) ?? .element, .equals(.text(text, textCase))))
}

@Suite struct CoverageTests {
  static let resource = equals("objectRef.resource", "Secrets")

  static func operations() throws -> OperationSet {
    try OperationSet(#require(try YAMLReader.read(file).first))
  }

  @Test func `an unknown key of an operations file is an error with a near one`() throws {
    let text = "id: a\ntitle: A\nlog-source: k\noperations:\n  - { id: x, title: X, whan: { verb: list } }\n"
    let document = try #require(try YAMLReader.read(SourceFile(name: "a.yml", text: text)).first)
    let error = #expect(throws: Diagnostic.self) { try OperationSet(document) }
    #expect(error?.code == .unknownKey && error?.help == "did you mean 'when'?")
    #expect(error?.primary?.range.line == 5)
  }

  @Test func `what was understood of a rule rules operations out`() throws {
    let set = try Self.operations()
    let decision = CoverageDecision(prover: prover)
    let body = RuleBody.unmodelled(
      Unmodelled(text: "", understood: .all([Self.resource, equals("verb", "list")]), reason: "join"))
    #expect(decision.firmness(of: body, over: set.operations[0], in: set) == .unknown("the rule is not modelled: join"))
    #expect(decision.firmness(of: body, over: set.operations[1], in: set) == .never)
  }

  @Test(arguments: [
    ("names the operation", Predicate.all([equals("verb", "LIST"), resource]), Firmness.always, Firmness.never),
    ("asks for more", .all([equals("verb", "list"), resource, equals("user.username", "x")]), .sometimes, .never),
    ("any verb", resource, .always, .always),
    ("all but one", .all([resource, .not(equals("verb", "get"))]), .always, .never),
    ("another resource", .all([equals("verb", "list"), equals("objectRef.resource", "pods")]), .never, .never),
    ("nothing of it", equals("responseStatus.reason", "Forbidden"), .incidentally, .incidentally),
    (
      "any but one verb, of any resource", .not(.all([equals("verb", "get"), resource])), .incidentally,
      .never
    ),
    ("another API group", .all([resource, equals("objectRef.apiGroup", "apps")]), .never, .never),
    (
      "a pattern of verbs",
      .all([resource, .field(FieldTest(FieldPath(keys: "verb"), .matches(.suffix("t"), .sensitive)))]), .always, .always
    ),
    ("contradicts itself", .all([resource, equals("verb", "list"), .not(equals("verb", "list"))]), .never, .never),
  ])
  func `firmness follows from the meaning`(claim: String, rule: Predicate, list: Firmness, get: Firmness) throws {
    let set = try Self.operations()
    let decision = CoverageDecision(prover: prover)
    #expect(decision.firmness(of: .predicate(rule), over: set.operations[0], in: set) == list, "\(claim)")
    #expect(decision.firmness(of: .predicate(rule), over: set.operations[1], in: set) == get, "\(claim)")
  }

  @Test func `the matrix counts, names gaps and observes`() throws {
    let rule = Rule(
      metadata: RuleMetadata(title: "=list, \"quoted\" | <b>"),
      body: .predicate(.all([equals("verb", "list"), Self.resource])))
    var matrix = CoverageMatrix(
      try Self.operations(), [.init(rule, vendor: "sigma")], decide: CoverageDecision(prover: prover))
    #expect(matrix.cell(0, vendor: "sigma") == "A1")
    #expect(matrix.cell(1, vendor: "sigma") == "-")
    #expect(!matrix.isGap(0) && matrix.isGap(1))
    var observer = CoverageObserver(matrix)
    observer.observe(["verb": "list", "objectRef": ["resource": "secrets"]])
    observer.observe(["verb": "get", "objectRef": ["resource": "secrets"]])
    observer.observe(["verb": "get", "objectRef": ["resource": "secrets", "apiGroup": "example.com"]])
    matrix.observe(observer.observation)
    #expect(observer.observation.seen == [1, 1])
    #expect(observer.observation.fired == [[1], [0]])
    let table = CoverageTable(matrix)
    #expect(table.text.contains("GAP: 1 events seen"))
    #expect(table.csv.contains("\"'=list, \"\"quoted\"\" | <b>\""))
    #expect(table.markdown.contains("list-secrets"))
    #expect(table.json.contains("\"firmness\":\"always\""))
  }

  @Test func `two operations of one id are an error with both places`() throws {
    let twins = SourceFile(name: "t.yml", text: file.text.replacingGet)
    let document = try #require(try YAMLReader.read(twins).first)
    let problem = #expect(throws: Diagnostic.self) { try OperationSet(document) }
    #expect(problem?.code == .duplicateIdentifier)
    #expect(problem?.secondary.count == 1)
  }
}

extension String {
  fileprivate var replacingGet: String {
    split(separator: "get-secrets", omittingEmptySubsequences: false).joined(separator: "list-secrets")
  }
}

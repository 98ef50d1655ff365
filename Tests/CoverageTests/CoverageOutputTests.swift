import Coverage
import Matcher
import Proof
import RuleIR
import SourceText
import Testing

@Suite struct CoverageOutputTests {
  private static let verb = FieldPath(keys: "verb")

  private static func entry(_ title: String, _ predicate: Predicate) -> CoverageMatrix.Entry {
    var metadata = RuleMetadata(title: title)
    metadata.attack = AttackTags(techniques: ["T1552.007"])
    return CoverageMatrix.Entry(Rule(metadata: metadata, body: .predicate(predicate)), vendor: "sigma")
  }

  private static func matrix(_ entries: [CoverageMatrix.Entry]) throws -> CoverageMatrix {
    CoverageMatrix(try CoverageTests.operations(), entries, decide: CoverageDecision(prover: prover))
  }

  private static func lists(_ more: Predicate...) -> Predicate {
    .conjunction([CoverageTests.resource, .field(FieldTest(verb, .equals(.text("list", .sensitive))))] + more)
  }

  private static let byAlice = Predicate.field(
    FieldTest(FieldPath(keys: "user", "username"), .equals(.text("alice", .sensitive))))

  @Test func `further conditions are what the operation does not say already`() throws {
    let matrix = try Self.matrix([Self.entry("a", Self.lists(Self.byAlice))])
    #expect(matrix.firmness[0] == [.sometimes])
    #expect(matrix.furtherConditions(0, 0) == "user.username = \"alice\"")
  }

  @Test func `what must hold beside the predicates keeps a rule from firing always`() throws {
    var entry = Self.entry("a", Self.lists())
    entry.furtherCondition = "behind another event"
    let matrix = try Self.matrix([entry])
    #expect(matrix.firmness[0] == [.sometimes] && matrix.firmness[1] == [.never])
    #expect(matrix.furtherConditions(0, 0) == "behind another event")
  }

  @Test func `a baseline tells what got better, worse or was lost`() throws {
    let old = try Self.matrix([
      Self.entry("narrowed", Self.lists()), Self.entry("widened", Self.lists(Self.byAlice)),
      Self.entry("gone", Self.lists()), Self.entry("as it was", Self.lists()),
    ])
    let new = try Self.matrix([
      Self.entry("narrowed", Self.lists(Self.byAlice)), Self.entry("widened", Self.lists()),
      Self.entry("as it was", Self.lists()),
    ])
    let baseline = try CoverageBaseline(SourceFile(name: "old.json", text: CoverageTable(old).json))
    #expect(baseline.changes(to: old).isEmpty)
    let changes = baseline.changes(to: new).filter { $0.operation == "list-secrets" }
    #expect(changes.map(\.rule) == ["narrowed", "widened", "gone"])
    #expect(changes.map(\.direction) == [.worse, .better, .worse])
  }

  @Test(arguments: ["{}", "[]", "not json", #"{"schema":"cognate.check/1"}"#])
  func `what is no matrix is no baseline`(text: String) {
    #expect(throws: Diagnostic.self) { try CoverageBaseline(SourceFile(name: "old.json", text: text)) }
  }

  @Test func `the layer counts the rules that name a technique`() throws {
    let about = Self.entry("a", Self.lists())
    let other = Self.entry(
      "b", .field(FieldTest(FieldPath(keys: "objectRef", "resource"), .equals(.text("pods", .sensitive)))))
    let layer = NavigatorLayer(try Self.matrix([about, other])).json
    #expect(layer.contains(#""techniqueID":"T1552.007","score":1"#))
    #expect(layer.contains(#""layer":"4.5""#) && layer.contains(#""domain":"enterprise-attack""#))
  }
}

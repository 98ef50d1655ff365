import LanguageSupport
import RuleIR
import Sentinel
import SourceText
import Testing

/// What is written for AKSAudit's columns.
struct KustoWritingTests {
  static let schema: TargetSchema = {
    func column(_ spelling: String, _ type: TargetSchema.FieldType, list: Bool = false) -> TargetSchema.Column {
      TargetSchema.Column(spelling: spelling, type: type, isList: list)
    }
    var schema = TargetSchema(source: LogSource(vendor: "sentinel", [.init("table", "AKSAudit")]))
    for found in [
      column("Verb", .text), column("UserAgent", .text), column("ObjectRef.resource", .text),
      column("ResponseStatus.code", .number), column("User.groups", .text, list: true),
      column("SourceIps", .ip, list: true), column("Annotations[\"authorization.k8s.io/decision\"]", .text),
      column("RequestObject.spec.containers", .object, list: true), column("RequestObject.spec.hostNetwork", .boolean),
      column("RequestReceivedTime", .date), column("RequestObject.kind", .text), column("ObjectRef.where", .text),
    ] {
      if let path = FieldPath(parsing: found.spelling) { schema.columns[path] = found }
    }
    return schema
  }()

  static func path(_ text: String) -> FieldPath { FieldPath(parsing: text) ?? FieldPath(named: text) }

  static func test(_ field: String, _ condition: Condition) -> Predicate { .field(FieldTest(path(field), condition)) }

  static func written(_ predicate: Predicate) throws -> WrittenRule {
    try KustoWriter.write(Rule(body: .predicate(predicate)), for: schema)
  }

  static let secrets = test("ObjectRef.resource", .equals(.text("secrets", .insensitive)))
  static let list = test("Verb", .equals(.text("list", .sensitive)))

  static let cases: [(Predicate, String)] = [
    (list, #"Verb == "list""#),
    (.not(list), #"Verb != "list""#),
    (secrets, #"tostring(ObjectRef.resource) =~ "secrets""#),
    (test("ObjectRef.where", .equals(.text("x", .sensitive))), #"tostring(ObjectRef["where"]) == "x""#),
    (
      test("Annotations[\"authorization.k8s.io/decision\"]", .equals(.text("allow", .sensitive))),
      #"tostring(Annotations["authorization.k8s.io/decision"]) == "allow""#
    ),
    (test("ResponseStatus.code", .equals(.number(Number(403), .strict))), "toreal(ResponseStatus.code) == 403"),
    (
      .not(test("ResponseStatus.code", .order(.greaterOrEqual, .number(Number(400), .strict)))),
      "not(coalesce(toreal(ResponseStatus.code) >= 400, false))"
    ),
    (test("RequestObject.spec.hostNetwork", .equals(.boolean(true))), "tobool(RequestObject.spec.hostNetwork) == true"),
    (
      test("User.groups", .equals(.text("system:masters", .sensitive))),
      #"set_has_element(User.groups, "system:masters")"#
    ),
    (
      .not(test("User.groups", .equals(.text("system:masters", .sensitive)))),
      #"not(coalesce(set_has_element(User.groups, "system:masters"), false))"#
    ),
    (
      test("User.groups", .equals(.text("System:Masters", .insensitive))),
      #"set_has_element(todynamic(tolower(tostring(User.groups))), "system:masters")"#
    ),
    (
      test("UserAgent", .matches(TextPattern([.literal("a"), .anyRun, .literal("b")]), .insensitive)),
      #"UserAgent matches regex "(?is)^a.*b$""#
    ),
    (test("UserAgent", .matches(.contains("*?%_[".self), .sensitive)), #"UserAgent contains_cs "*?%_[""#),
    (
      .all([
        .presence(PresenceTest(.value, path("UserAgent"))), .not(test("UserAgent", .equals(.text("", .sensitive)))),
      ]),
      "isnotempty(UserAgent)"
    ),
    (
      .not(
        .all([
          .presence(PresenceTest(.value, path("UserAgent"))), .not(test("UserAgent", .equals(.text("", .sensitive)))),
        ])),
      "isempty(UserAgent)"
    ),
    (.presence(PresenceTest(.value, path("ObjectRef.resource"))), "isnotnull(ObjectRef.resource)"),
    (
      .any([list, test("Verb", .oneOf([.text("get", .sensitive), .text("watch", .sensitive)]))]),
      #"Verb == "list" or Verb in ("get", "watch")"#
    ),
    (
      .not(test("Verb", .oneOf([.text("get", .insensitive), .text("watch", .insensitive)]))),
      #"Verb !in~ ("get", "watch")"#
    ),
  ]

  @Test(arguments: cases)
  func `Tests are written in Kusto's own words and without loss`(predicate: Predicate, expected: String) throws {
    let written = try Self.written(predicate)
    #expect(written.text == "AKSAudit\n| where \(expected)\n")
    #expect(written.losses.isEmpty)
  }

  @Test func `Parts of a conjunction are stages`() throws {
    #expect(
      try Self.written(.all([Self.list, .any([Self.secrets, .not(Self.list)])])).text
        == "AKSAudit\n| where Verb == \"list\"\n| where tostring(ObjectRef.resource) =~ \"secrets\" or Verb != \"list\"\n"
    )
  }

  @Test func `Networks over a list are asked of each element`() throws {
    let network = try #require(Network("10.0.0.0/8"))
    let test = Self.test("SourceIps", .network(network))
    #expect(
      try Self.written(test).text == """
        AKSAudit
        | mv-apply element = SourceIps on (where ipv4_is_in_range(tostring(element), "10.0.0.0/8") | take 1)

        """)
    // Inside 'not' there is no stage: the block's addresses are told by how they start.
    let negated = try Self.written(.not(test))
    #expect(negated.losses.isEmpty && negated.text.contains("tostring(SourceIps) matches regex"))
    let wide = try #require(Network("10.128.0.0/9"))
    #expect(throws: Diagnostic.self) { try Self.written(.not(Self.test("SourceIps", .network(wide)))) }
  }

  @Test func `What is empty and what is missing are told apart or the loss is named`() throws {
    let present = try Self.written(.presence(PresenceTest(.value, Self.path("UserAgent"))))
    #expect(present.losses.map(\.drift) == [.narrower])
    let absent = try Self.written(.not(.presence(PresenceTest(.value, Self.path("UserAgent")))))
    #expect(absent.losses.map(\.drift) == [.broader] && absent.text.contains("isempty(UserAgent)"))
    let empty = try Self.written(Self.test("UserAgent", .equals(.text("", .sensitive))))
    #expect(empty.losses.map(\.drift) == [.broader])
  }

  @Test(arguments: [
    "a\" or 1 == 1 | take 1 //", "a' or 'b", "line\nbreak", "\r", "\u{0}", "\u{2028}", "\u{FEFF}x", "c:\\temp\\",
    "\\\"",
    "|", "$x$", "`", "```", "~~~", "@\"x\"", "h'x'", "dynamic([])", "ago(1d)", "é", "😀", "\u{E0001}",
  ])
  func `No value leaves its literal`(text: String) throws {
    let conditions: [Condition] = [
      .equals(.text(text, .sensitive)), .equals(.text(text, .insensitive)), .matches(.contains(text), .sensitive),
      .matches(.prefix(text), .insensitive),
      .matches(TextPattern([.literal(text), .anyRun, .literal(text)]), .insensitive),
    ]
    for field in ["Verb", "ObjectRef.resource", "User.groups"] {
      for condition in conditions {
        let predicate = Self.test(field, condition)
        let trip = try KustoRoundTrip(predicate, Self.schema)
        #expect(trip.read.normalised() == predicate.normalised(), "\(trip.written.text)")
        // A line for the table and one for the filter, whatever is in the text.
        #expect(trip.written.text.split(separator: "\n", omittingEmptySubsequences: false).count == 3)
      }
    }
  }

  @Test(arguments: ["a\"b", "a`b", "verb=* | delete |", "['x']", "a b", "", "where", "1a", "é", "a\nb"])
  func `No field name leaves its brackets`(name: String) throws {
    let predicate = Predicate.field(FieldTest(FieldPath([.key(name)]), .equals(.text("x", .sensitive))))
    let inner = Predicate.field(FieldTest(FieldPath([.key("ObjectRef"), .key(name)]), .equals(.text("x", .sensitive))))
    for predicate in [predicate, inner] {
      let trip = try KustoRoundTrip(predicate)
      #expect(trip.read.normalised() == predicate.normalised(), "\(trip.written.text)")
    }
  }

  @Test func `A column that the table may lack does not fail the query`() throws {
    #expect(
      try Self.written(Self.test("hostPath", .equals(.text("x", .sensitive)))).text
        == "AKSAudit\n| where tostring(column_ifexists(\"hostPath\", dynamic(null))) == \"x\"\n")
    #expect(
      try Self.written(Self.test("ObjectRef.other", .equals(.text("x", .sensitive)))).text
        == "AKSAudit\n| where tostring(ObjectRef.other) == \"x\"\n")
  }

  @Test func `Table names stay names`() throws {
    var schema = TargetSchema()
    schema.source = LogSource(vendor: "sentinel", [.init("table", "T | take 1; U")])
    let written = try KustoWriter.write(Rule(body: .predicate(Self.list)), for: schema)
    #expect(written.text.hasPrefix("[\"T | take 1; U\"]\n"))
  }

  @Test(arguments: [
    ("a(?=b)", RegexPattern.Flavour.sigma), ("(a)\\1", .pcre), ("a++", .pcre), ("a~b", .lucene), ("[", .sigma),
    ("a{2,1}", .sigma),
    ("\\", .sigma), ("(?x)a b", .pcre),
  ])
  func `A regular expression without a form in Kusto is refused`(text: String, flavour: RegexPattern.Flavour) throws {
    let predicate = Self.test("UserAgent", .regex(RegexPattern(text, flavour, anchoring: .search)))
    #expect(throws: Diagnostic.self) { try Self.written(predicate) }
  }

  @Test(arguments: [
    (RegexPattern("\\d+\\.[\\w&&]", .sigma, anchoring: .search), #"@"[0-9]+\.[0-9A-Za-z_\&\&]""#),
    (RegexPattern("a/b", .pcre, flags: .ignoreCase, anchoring: .whole), #""(?i)^(?:a/b)$""#),
    (RegexPattern("a$", .pcre, anchoring: .search), #"@"a(?:\n?\z)""#),
    (RegexPattern("a$", .rust, anchoring: .search), #""a$""#),
    (RegexPattern("kube.*", .lucene, anchoring: .whole), #""^(?:kube(?s:.)*)$""#),
    (RegexPattern("[]a-]x{,2}", .sigma, anchoring: .start), #"@"^(?:[\]a\-]x\{,2\})""#),
  ])
  func `Regular expressions are rewritten into Rust's flavour`(regex: RegexPattern, expected: String) throws {
    #expect(
      try Self.written(Self.test("UserAgent", .regex(regex))).text
        == "AKSAudit\n| where UserAgent matches regex \(expected)\n")
  }
}

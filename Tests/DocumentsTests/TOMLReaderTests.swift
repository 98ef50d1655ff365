import Documents
import SourceText
import Testing

@Suite struct TOMLReaderTests {
  @Test func `a rule is read with tables, arrays of tables and dotted keys`() throws {
    let text = """
      # A rule.
      [metadata]
      creation_date = "2026/01/01"
      maturity.level = "production" # dotted

      [rule]
      risk_score = 47
      "index patterns" = ['logs-*', "x"]
      threat = [{ framework = "MITRE ATT&CK", id.part = 1 }]
      query = '''
      event.action:list
      '''

      [[rule.filters]]
      a = true
      [rule.filters.meta]
      b = 1
      [[rule.filters]]
      """
    #expect(
      try toml(text).outline
        == "{metadata: {creation_date: '2026/01/01', maturity: {level: 'production'}}, rule: {risk_score: #47, "
        + "index patterns: ['logs-*', 'x'], threat: [{framework: 'MITRE ATT&CK', id: {part: #1}}], "
        + "query: 'event.action:list\n', filters: [{a: true, meta: {b: #1}}, {}]}}")
  }

  @Test(arguments: [
    ("0", "#0"), ("+99", "#+99"), ("-17", "#-17"), ("1_000", "#1000"), ("0xDEAD_beef", "#0xDEADbeef"),
    ("0o755", "#0o755"),
    ("0b1101", "#0b1101"), ("3.14", "#3.14"), ("5e+22", "#5e+22"), ("6.6_2E-3_4", "#6.62E-34"), ("inf", "#inf"),
    ("-nan", "#-nan"), ("true", "true"), ("false", "false"), ("1979-05-27", "@1979-05-27"), ("07:32:00", "@07:32:00"),
    ("1979-05-27T07:32:00.99-07:00", "@1979-05-27T07:32:00.99-07:00"),
    ("1979-05-27 07:32:00z", "@1979-05-27 07:32:00z"),
    ("2024-02-29", "@2024-02-29"), ("[]", "[]"), ("[1, [2, 'a'],\n # why\n true,]", "[#1, [#2, 'a'], true]"),
    ("{}", "{}"),
    ("{ a = 1, b.c = 2 }", "{a: #1, b: {c: #2}}"), ("\"a\\tb\\u00e9\\U0001F600\\\"\\\\\"", "'a\tbé😀\"\\'"),
    ("'C:\\x'", "'C:\\x'"),
    ("\"\"", "''"), ("''", "''"), ("\"\"\"\"\"\"", "''"), ("''''''", "''"),
    ("\"\"\"\na\"b\"\"c\"\"\"\"\"", "'a\"b\"\"c\"\"'"),
    ("'''\na'b''c'''''", "'a'b''c'''"), ("\"\"\"a \\\n\n   b\\n\"\"\"", "'a b\n'"), ("'''a\\\nb'''", "'a\\\nb'"),
    ("\"\"\"a\nb\"\"\"", "'a\nb'"), ("'''\n\na'''", "'\na'"),
  ])
  func `values are read as TOML has them`(text: String, outline: String) throws {
    #expect(try toml("a = \(text)\nb = 1")["a"]?.outline == outline)
    #expect(try toml("a = [\(text) ] # why")["a"]?.elements?.first?.outline == outline)
  }

  @Test(arguments: [
    "a", "a =", "= 1", "a = 1 b = 2", "a = 01", "a = 1_", "a = _1", "a = 1__0", "a = 1.", "a = .5", "a = 1e", "a = 0x",
    "a = +0x1", "a = 0b2", "a = yes", "a = True", "a = null", "a = nan1", "a = 1979-13-01", "a = 2023-02-29",
    "a = 25:00:00",
    "a = 1979-05-27T", "a = 07:32", "a = [1 2]", "a = [1,, 2]", "a = [,]", "a = {a = 1,}", "a = {a = 1\n}",
    "a = {a = 1",
    "a = [1", "[a", "[]", "[a]]", "[[a]", "[a] b = 1", "[ [a]]", "a = \"\\q\"", "a = \"\\u12\"", "a = \"\\uD800\"",
    "a = \"\\U00110000\"", "a = \"x\\\ny\"", "a = 'x", "a = \"x", "a = '''x", "a = \"\"\"x\"\"", "a = \"x\ny\"",
    "a = 'x\u{1}'",
    "# \u{1}", "a.b. = 1", "a..b = 1", "\"\"\"a\"\"\" = 1", "a b = 1", "a = 1\r b = 2", "é = 1", "a = '''x''''''",
    "a = 'x' 'y'",
  ])
  func `malformed TOML is refused with a place`(text: String) throws {
    let fault = try tomlComplaint(text)
    #expect([.malformedDocument, .unterminatedString, .invalidEscape].contains(fault.code))
    #expect(fault.primary != nil)
  }

  @Test(arguments: [
    ("a = 1\na = 2", 1, 2), ("a = 1\n\"a\" = 2", 1, 2), ("[a]\n[b]\n[a]", 1, 3), ("[a]\nb = 1\n[a.b]", 2, 3),
    ("a = 1\n[a]", 1, 2), ("a.b = 1\n[a]", 1, 2), ("a = {b = 1}\n[a.c]", 1, 2), ("a = []\n[[a]]", 1, 2),
    ("[[a]]\n[a]", 1, 2),
    ("[a]\n[[a]]", 1, 2), ("a = {b = 1}\na.c = 2", 1, 2), ("a = 1\na.b = 2", 1, 2), ("[a.b]\n[a]\nb.c = 1", 1, 3),
    ("a = {b = 1, b = 2}", 1, 1), ("[a]\nb.c = 1\n[a.b]", 2, 3), ("[[a.b]]\n[a]\nb.c = 1", 1, 3),
    ("a.b = 1\na.b.c = 2", 1, 2),
  ])
  func `what stands twice names both places`(text: String, first: Int, second: Int) throws {
    let fault = try tomlComplaint(text)
    #expect(fault.code == .duplicateKey)
    #expect(fault.primary?.range.line == second)
    #expect(fault.secondary.map(\.range.line) == [first])
  }

  @Test(arguments: [
    ("[a.b]\nc = 1\n[a]\nd = 2", "{a: {b: {c: #1}, d: #2}}"),
    ("[a]\nb.c = 1\nb.d = 2\n[a.b.e]\nf = 3", "{a: {b: {c: #1, d: #2, e: {f: #3}}}}"),
    ("[[a]]\nb = 1\n[a.c]\nd = 2\n[[a]]\n[a.c]", "{a: [{b: #1, c: {d: #2}}, {c: {}}]}"),
    ("a . \"b.c\" . 'd' = 1", "{a: {b.c: {d: #1}}}"),
    ("[ a . b ]\n[[ c ]]", "{a: {b: {}}, c: [{}]}"), ("1.2 = 3\n-_ = 4", "{1: {2: #3}, -_: #4}"),
    ("\"\" = 1", "{: #1}"),
    ("[a.b.c]\nz = 9\n[a]\nb.d = 1", "{a: {b: {c: {z: #9}, d: #1}}}"),
  ])
  func `tables may be filled from several places`(text: String, outline: String) throws {
    #expect(try toml(text).outline == outline)
  }

  @Test(arguments: ["", "\n", "# only a comment", "\u{FEFF}"])
  func `a file without a document says so`(text: String) throws {
    #expect(try tomlComplaint(text).code == .noDocument)
  }

  @Test func `a query in three quotes knows the place of each byte`() throws {
    let text = "\u{FEFF}[rule]\nquery = '''\nuser.name:\"é\" and\n  not a:'#' \n'''\nlanguage = \"kuery\"\n"
    for text in [text, text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")] {
      let query = try #require(try toml(text)["rule"]?["query"]?.scalar)
      #expect(query.style == .block && query.text == "user.name:\"é\" and\n  not a:'#' \n")
      #expect(query.passage.range(of: 0..<4).description == "test.toml:3:1")
      #expect(query.passage.range(of: 21..<24).description == "test.toml:4:3")
      #expect(query.passage.range(of: 21..<24).text == "not")
      #expect(query.placesAreRight)
    }
  }

  @Test func `a query with escapes knows the place of each byte`() throws {
    let query = try #require(try toml("q = \"\"\"\na \\\"b\\\" \\\n   \\u0041c\"\"\"")["q"]?.scalar)
    #expect(query.text == "a \"b\" Ac")
    #expect(query.passage.range(of: 2..<5).text == "\\\"b\\\"")
    #expect(query.passage.range(of: 6..<7).text == "\\u0041")
    #expect(query.passage.range(of: 7..<8).description == "test.toml:3:10")
    #expect(query.placesAreRight)
  }

  @Test func `tables and values know their places`() throws {
    let node = try toml("[a]\nb = 1\nc.d = [2,\n 3]\n\n[e]\n")
    #expect(node["a"]?.range.text == "[a]\nb = 1\nc.d = [2,\n 3]")
    #expect(node["a"]?["c"]?["d"]?.range.text == "[2,\n 3]")
    #expect(node["e"]?.range.text == "[e]")
    #expect(node["a"]?.member("b")?.key.range.description == "test.toml:2:1")
  }

  @Test(arguments: [(62, true), (63, true), (64, false)])
  func `nesting is limited`(levels: Int, isFine: Bool) throws {
    let names = Array(repeating: "a", count: levels).joined(separator: ".")
    for text in [
      "a = " + String(repeating: "[", count: levels) + String(repeating: "]", count: levels), "[\(names)]",
      "\(names) = 1",
      "a = " + String(repeating: "{a = ", count: levels - 1) + "{}" + String(repeating: "}", count: levels - 1),
    ] {
      if isFine { _ = try toml(text) } else { #expect(try tomlComplaint(text).code == .nestedTooDeeply, "\(text)") }
    }
    #expect(try tomlComplaint("a = " + String(repeating: "[", count: 100_000)).code == .nestedTooDeeply)
  }

  @Test func `values are limited`() throws {
    #expect(try tomlComplaint("a = [" + String(repeating: "1,", count: 100_001) + "]").code == .expansionTooLarge)
    #expect(try toml("a = [" + String(repeating: "1,", count: 99_000) + "]")["a"]?.elements?.count == 99_000)
  }

  @Test func `what is not UTF-8 is named`() throws {
    let file = SourceFile(name: "test.toml", bytes: [0x61, 0x3D, 0x22, 0xE4, 0x22])
    let fault = try complaint { _ = try TOMLReader.read(file) }
    #expect(fault.code == .notUTF8 && fault.message.contains("byte offset 3"))
  }
}

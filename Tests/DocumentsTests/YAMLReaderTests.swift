import Documents
import SourceText
import Testing

@Suite struct YAMLReaderTests {
  @Test func `a rule is read with the text, kind and place of each scalar`() throws {
    let rule = try yaml(
      """
      title: Secrets listed
      detection:
        selection:
          verb: list
          code: 403
          stage:
            - ResponseComplete
            - 'Panic'
        condition: selection
      """)
    #expect(
      rule.outline
        == "{title: 'Secrets listed', detection: {selection: {verb: 'list', code: #403, stage: ['ResponseComplete', "
        + "'Panic']}, condition: 'selection'}}")
    let verb = try #require(rule["detection"]?["selection"]?.member("verb"))
    #expect(verb.key.range.description == "test.yml:4:5")
    #expect(verb.value.range.description == "test.yml:4:11")
    #expect(verb.value.range.text == "list")
  }

  @Test func `documents of one file come in order, without empty ones`() throws {
    let file = SourceFile(name: "test.yml", text: "---\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n")
    #expect(try YAMLReader.read(file).map(\.outline) == ["{a: #1}", "{b: #2}"])
  }

  @Test(arguments: [
    ("~", "null"), ("null", "null"), ("Null", "null"), ("NULL", "null"), ("nULL", "'nULL'"), ("nil", "'nil'"),
    ("true", "true"), ("True", "true"), ("TRUE", "true"), ("tRUE", "'tRUE'"), ("false", "false"), ("FALSE", "false"),
    ("fALSE", "'fALSE'"), ("yes", "'yes'"), ("no", "'no'"), ("on", "'on'"), ("y", "'y'"),
    ("0", "#0"), ("-0", "#-0"), ("+12", "#+12"), ("0777", "#0777"), ("0o17", "#0o17"), ("0o8", "'0o8'"),
    ("0x1F", "#0x1F"), ("-0x1F", "'-0x1F'"), ("0x", "'0x'"), ("1_000", "'1_000'"), ("12:30:45", "'12:30:45'"),
    ("1.5", "#1.5"), (".5", "#.5"), ("5.", "#5."), (".", "'.'"), ("1e3", "#1e3"), ("1E-3", "#1E-3"), ("1e", "'1e'"),
    ("e3", "'e3'"), ("1.2.3", "'1.2.3'"), (".inf", "#.inf"), ("-.INF", "#-.INF"), (".nan", "#.nan"),
    ("-.nan", "'-.nan'"),
    (".Inf", "#.Inf"), (".iNF", "'.iNF'"), ("+", "'+'"), ("2026-01-01", "'2026-01-01'"),
    ("'403'", "'403'"), ("\"true\"", "'true'"), ("''", "''"), ("9007199254740993", "#9007199254740993"),
  ])
  func `a plain scalar has its kind by YAML 1.2 and its text as written`(text: String, outline: String) throws {
    #expect(try yaml("a: \(text)")["a"]?.outline == outline)
  }

  @Test(arguments: [
    ("no", "a boolean"), ("On", "a boolean"), ("y", "a boolean"), ("0777", "an octal number"), ("0o17", "a text"),
    ("1e3", "a text"), ("12:30:45", "a number to the base 60"), ("2026-01-01", "a date"), ("1_000", "a decimal number"),
    ("0b11", "a binary number"), ("2026-1-1 10:00:00", "a date"), ("08", "a text"), ("=", "a default value"),
  ])
  func `a scalar that YAML readers differ in is warned of`(text: String, older: String) throws {
    let warnings = try yaml("a: \(text)").ambiguousScalars
    #expect(warnings.count == 1)
    #expect(warnings.first?.code == .ambiguousScalar && warnings.first?.severity == .warning)
    #expect(warnings.first?.notes == ["YAML 1.1 readers take it for \(older)"])
    #expect(warnings.first?.primary?.range.text == text)
  }

  @Test(arguments: ["~", ".inf", "0x1F", "1.5", "'no'", "\"0777\"", "true", "norway", "1.5e+3", "10.0.0.1", "a:b"])
  func `a scalar that YAML readers agree on is not warned of`(text: String) throws {
    #expect(try yaml("a: \(text)").ambiguousScalars.isEmpty)
  }

  @Test func `a key that YAML readers differ in is warned of`() throws {
    #expect(try yaml("on: [a, {off: b}]").ambiguousScalars.map { $0.primary?.range.text } == ["on", "off"])
  }

  // MARK: Anchors, aliases and merge keys

  @Test func `an alias stands for the node of its anchor`() throws {
    #expect(
      try yaml("a: &x [1, k]\nb: *x\n&y c: &z d\n*z : x").outline == "{a: [#1, 'k'], b: [#1, 'k'], c: 'd', d: 'x'}")
  }

  @Test func `an anchor may be given anew`() throws {
    #expect(try yaml("- &a 1\n- *a\n- &a 2\n- *a").outline == "[#1, #1, #2, #2]")
  }

  @Test func `anchors do not reach into the next document`() throws {
    let fault = try yamlComplaint("&a x\n---\n*a\n")
    #expect(fault.code == .badAlias && fault.place == "3:1")
  }

  @Test func `an alias without an anchor names the nearest anchor`() throws {
    let fault = try yamlComplaint("a: &selection 1\nb: *selektion\n")
    #expect(fault.code == .badAlias && fault.place == "2:4")
    #expect(fault.help == "did you mean '*selection'?")
  }

  @Test func `an alias inside its own anchor is refused`() throws {
    let fault = try yamlComplaint("a: &x\n  b: [1, *x]\n")
    #expect(fault.code == .badAlias && fault.place == "2:10")
  }

  @Test func `a merge key adds what is not there`() throws {
    let text = """
      base: &base {a: 1, b: 2}
      other: &other {b: 3, c: 4}
      rule:
        b: 0
        <<: [*base, *other]
        d: 5
      """
    #expect(try yaml(text)["rule"]?.outline == "{b: #0, a: #1, c: #4, d: #5}")
    #expect(try yaml("a: &a {x: 1}\nb:\n  <<: *a\n  x: 2")["b"]?.outline == "{x: #2}")
    #expect(try yaml("a: {<<: {x: 1}, y: 2}")["a"]?.outline == "{x: #1, y: #2}")
  }

  @Test func `a quoted merge key is a key like others`() throws {
    #expect(try yaml("'<<': 1").outline == "{<<: #1}")
  }

  @Test(arguments: ["a: {<<: 1}", "a: {<<: [{x: 1}, 2]}", "a: {<<: ~}"])
  func `a merge key takes mappings alone`(text: String) throws {
    #expect(try yamlComplaint(text).code == .badMergeKey)
  }

  @Test func `two merge keys are one too many`() throws {
    let fault = try yamlComplaint("a: {<<: {x: 1}, <<: {y: 2}}")
    #expect(fault.code == .duplicateKey)
  }

  // MARK: What is refused

  @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n", "---\n...\n---\n", "\u{FEFF}", "--- # nothing\n"])
  func `a file without a document says so`(text: String) throws {
    #expect(try yamlComplaint(text).code == .noDocument)
  }

  @Test func `a duplicate key names both lines`() throws {
    let fault = try yamlComplaint("detection:\n  selection:\n    verb: get\n    code: 1\n    verb: list\n")
    #expect(fault.code == .duplicateKey && fault.place == "5:5")
    #expect(fault.message == "the key 'verb' stands twice, on lines 3 and 5")
    #expect(fault.secondary.map(\.range.line) == [3])
  }

  @Test func `duplicate keys are found among many and in any quotes`() throws {
    let keys = (0..<500).map { "key\($0): 1" }.joined(separator: "\n")
    #expect(try yaml(keys).members?.count == 500)
    let fault = try yamlComplaint(keys + "\n'key17': 2\n")
    #expect(fault.message == "the key 'key17' stands twice, on lines 18 and 501")
  }

  @Test(arguments: [
    ("a:\n\tb: c\n", "2:1"), ("a:\n  b: 1\n\tc: 2\n", "3:1"), ("a: |\n\ttext\n", "2:1"),
    ("a:\n  - b\n  \t- c\n", "3:3"),
    ("\ta: 1\n", "1:1"),
  ])
  func `a tab as indentation is named with its column`(text: String, place: String) throws {
    let fault = try yamlComplaint(text)
    #expect(fault.code == .tabIndentation)
    #expect(fault.place == place)
    #expect(fault.help == "use spaces")
    #expect(fault.message.contains("column \(place.split(separator: ":")[1])"))
  }

  @Test func `a tab between key and value, or in a text, is none`() throws {
    #expect(try yaml("a:\tb\nc: |\n  d\te\n").outline == "{a: 'b', c: 'd\te\n'}")
  }

  @Test(arguments: [
    ("a: 'x\n", "found unexpected end of stream"), ("a: b: c\n", "mapping values are not allowed"),
    ("a: [1, 2\nb: 3\n", "did not find expected ',' or ']'"), ("a: @x\n", "cannot start any token"),
    ("a: \"\\q\"\n", "unknown escape"), ("- a\nb: 1\n", "expected '-' indicator"),
    ("%YAML 3.0\n---\na", "incompatible"),
    ("a: 'b' c\n", "expected"), ("{a: 1", "expected"), ("a\nb: 1\n", ""), ("[a]: 1\n", ""), ("{{ x }}: 1\n", ""),
  ])
  func `malformed YAML is refused with a place`(text: String, part: String) throws {
    let fault = try yamlComplaint(text)
    #expect(fault.code == .malformedDocument)
    #expect(part.isEmpty || fault.message.contains(part))
    #expect(fault.primary != nil)
  }

  @Test func `an unclosed quote shows where it was opened`() throws {
    let fault = try yamlComplaint("a: 1\nb: 'x\nc: d\n")
    #expect(fault.secondary.map(\.range.description) == ["test.yml:2:4"])
  }

  @Test(arguments: [
    "!!python/object/apply:os.system [id]", "!!binary aGk=", "!x y", "!<tag:a,2026:b> c", "!!set {a}", "!!map [a]",
  ])
  func `a tag that no rule needs is refused`(text: String) throws {
    let fault = try yamlComplaint("a: \(text)")
    #expect(fault.code == .unknownTag && fault.place == "1:4")
  }

  @Test func `the tags of the core schema are taken`() throws {
    let text =
      "a: !!str 1\nb: !!int 2\nc: !!null ''\nd: !!seq [x]\ne: !!map {y: 1}\nf: ! 3\ng: !!bool true\nh: &i !!str 4\nj: !!str &k 5\nl: ! [m]"
    #expect(
      try yaml(text).outline
        == "{a: '1', b: #2, c: null, d: ['x'], e: {y: #1}, f: '3', g: true, h: '4', j: '5', l: ['m']}")
    #expect(try yamlComplaint("a: !!int x").code == .unknownTag)
  }

  // MARK: Encodings and line ends

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xE4, 0x0A], "byte offset 3"), ([0x61, 0, 0x62], "byte offset 1"),
      ([0x61, 0xC0, 0x80], "byte offset 1"), ([0xED, 0xA0, 0x80], "byte offset 0"), ([0xFF, 0xFE, 0x61, 0], "UTF-16"),
      ([0xFE, 0xFF, 0, 0x61], "UTF-16"), ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "UTF-32"),
    ] as [([UInt8], String)])
  func `bytes that are not UTF-8 are named`(bytes: [UInt8], part: String) throws {
    let fault = try yamlComplaint(bytes)
    #expect(fault.code == .notUTF8)
    #expect(fault.message.contains(part))
  }

  @Test func `a control character is named with its place`() throws {
    let fault = try yamlComplaint("é: 1\nb: \u{1B}[31m\n")
    #expect(fault.code == .malformedDocument && fault.place == "2:4")
    #expect(fault.message.contains("U+001B at byte offset 9"))
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `lines end at LF, CRLF or CR`(lineEnd: String) throws {
    let text = ["a: 1", "b:", "  - c", "  - |", "    d", "    e", ""].joined(separator: lineEnd)
    for text in [text, "\u{FEFF}" + text, String(text.dropLast())] {
      let node = try yaml(text)
      #expect(node["b"]?.elements?.first?.range.description == "test.yml:3:5")
      #expect(node["b"]?.texts.last?.hasPrefix("d\ne") == true)
      #expect(node["a"]?.range.text == "1")
      #expect(node.placesAreRight)
    }
  }

  @Test func `places are right behind characters of several bytes`() throws {
    let node = try yaml("\u{FEFF}é: 日本\n😀: [ß, x]\nlast: y\n")
    #expect(node.scalars.map(\.range.text) == ["é", "日本", "😀", "ß", "x", "last", "y"])
    #expect(node["last"]?.range.description == "test.yml:3:7")
  }

  // MARK: Nodes

  @Test func `a node says what it is and what texts it holds`() throws {
    let node = try yaml("a: x\nb: [x, 1, ~, [y]]\nc: {}\nd: ~\ne: true\n")
    #expect(
      ["a", "b", "c", "d", "e"].map { node[$0]?.kindName } == ["a text", "a list", "a mapping", "null", "a boolean"])
    #expect(["a", "b", "c", "d", "e"].map { node[$0]?.texts } == [["x"], ["x", "1"], [], [], ["true"]])
    #expect(node["b"]?.elements?[1].kindName == "a number")
    #expect(node["d"]?.isNull == true && node["d"]?.text == nil && node["none"] == nil)
    #expect(node["a"]?["x"] == nil && node["b"]?.members == nil && node["a"]?.elements == nil)
  }

  @Test func `keys that only look alike are two`() throws {
    let node = try yaml("\u{E9}: 1\ne\u{301}: 2\n")
    #expect(node["\u{E9}"]?.text == "1" && node["e\u{301}"]?.text == "2")
  }

  // MARK: Limits

  @Test(arguments: [(63, true), (64, true), (65, false)])
  func `nesting is limited`(depth: Int, isFine: Bool) throws {
    for text in [
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth),
      String(repeating: "- ", count: depth - 1) + "a",
      (0..<(depth - 1)).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        + String(repeating: " ", count: depth) + "b",
    ] {
      if isFine { _ = try yaml(text) } else { #expect(try yamlComplaint(text).code == .nestedTooDeeply) }
    }
  }

  @Test func `nesting is limited through aliases`() throws {
    let inner = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    let outer = String(repeating: "[", count: 30) + "*a" + String(repeating: "]", count: 30)
    #expect(try yamlComplaint("- &a \(inner)\n- \(outer)\n").code == .nestedTooDeeply)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: "])
  func `nesting without end is refused`(opening: String) throws {
    let fault = try yamlComplaint(String(repeating: opening, count: 5_000))
    #expect(fault.code == .nestedTooDeeply)
  }

  @Test(arguments: [(999, true), (1_000, true), (1_001, false)])
  func `aliases are limited`(count: Int, isFine: Bool) throws {
    let text = "- &a x\n" + String(repeating: "- *a\n", count: count)
    if isFine {
      #expect(try yaml(text).elements?.count == count + 1)
    } else {
      #expect(try yamlComplaint(text).code == .expansionTooLarge)
    }
  }

  /// A list of n elements is n + 1 nodes.
  @Test(arguments: [(99_998, true), (99_999, true), (100_000, false)])
  func `nodes are limited`(count: Int, isFine: Bool) throws {
    let text = "[" + String(repeating: "a,", count: count) + "]"
    if isFine {
      #expect(try yaml(text).elements?.count == count)
    } else {
      #expect(try yamlComplaint(text).code == .expansionTooLarge)
    }
  }

  @Test func `what a few aliases expand to is limited, and quickly`() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let clock = ContinuousClock()
    let start = clock.now
    let fault = try yamlComplaint(text)
    #expect(fault.code == .expansionTooLarge)
    #expect(fault.message.contains("100000"))
    #expect(clock.now - start < .milliseconds(500))
  }

  @Test(arguments: [((1 << 20) - 1, true), (1 << 20, true), ((1 << 20) + 1, false)])
  func `the size of a file is limited`(size: Int, isFine: Bool) throws {
    let text = "a: " + String(repeating: "x", count: size - 3)
    if isFine { _ = try yaml(text) } else { #expect(try yamlComplaint(text).code == .fileTooLarge) }
  }

  @Test func `a list of 4,432 values is no burden`() throws {
    let text = "a:\n" + (0..<4_432).map { "  - 'value \($0)'\n" }.joined()
    #expect(try yaml(text)["a"]?.elements?.count == 4_432)
  }
}

import Documents
import SourceText
import Testing

@Suite struct YAMLPlacesTests {
  /// Ways to write a text: each must be read as it says, and each ordinary byte must stand where its passage says.
  static let scalars: [(source: String, text: String)] = [
    ("plain text", "plain text"),
    ("plain\n  over two\n\n  and four lines", "plain over two\nand four lines"),
    ("plain  \n   with blanks\t\n  around", "plain with blanks around"),
    ("'single'", "single"), ("'it''s ''quoted'''", "it's 'quoted'"), ("''''", "'"),
    ("'folded\n   here\n\n\n  and ''there'''", "folded here\n\nand 'there'"), ("'  kept  '", "  kept  "),
    ("'C:\\path'", "C:\\path"), ("'\n  a'", " a"), ("'a\n  '", "a "),
    ("\"double\"", "double"), ("\"a\\\"b\\\\c\\td\"", "a\"b\\c\td"), ("\"\\x41\\u00e9\\U0001F600z\"", "Aé😀z"),
    ("\"\\N\\_\\L\\P.\"", "\u{85}\u{A0}\u{2028}\u{2029}."),
    ("\"\\0\\a\\b\\e\\f\\n\\r\\v\\ \\/\"", "\0\u{7}\u{8}\u{1B}\u{C}\n\r\u{B} /"),
    ("\"folded\n  here\n\n  and  \\\n   \\ there\"", "folded here\nand   there"), ("\"a\\\n\n  b\"", "a\nb"),
    ("\"é\\n日\"", "é\n日"), ("\"\"", ""), ("''", ""),
    ("|\n    one\n      two\n\n    three\n", "one\n  two\n\nthree\n"), ("|-\n    one\n    two\n", "one\ntwo"),
    ("|+\n    one\n\n\n", "one\n\n\n"), ("|2\n     three\n    two\n", "   three\n  two\n"),
    ("| # said\n   é\n   日本\n", "é\n日本\n"),
    ("|\n\n\n   late\n", "\n\nlate\n"), ("|\n   a\n   \n   b\n", "a\n\nb\n"), ("|\n   a\n     \n   b\n", "a\n  \nb\n"),
    ("|\n", ""),
    (">\n    one\n    two\n\n    three\n", "one two\nthree\n"), (">-\n    one\n    two\n", "one two"),
    (">\n    one\n\n\n    two\n", "one\n\ntwo\n"), (">\n    one\n      deep\n    two\n", "one\n  deep\ntwo\n"),
    (">\n    one\n\n      deep\n\n    two\n    three\n", "one\n\n  deep\n\ntwo three\n"),
    (">+\n    one\n\n\n", "one\n\n\n"),
    (">\n\n    late\n    é\n", "\nlate é\n"), (">2\n     deep\n    two\n", "   deep\n  two\n"),
    (">\n    a  \n    b\n", "a   b\n"),
    (">\n    - a\n    * b\n", "- a * b\n"),
  ]

  @Test(arguments: scalars)
  func `each byte knows the place it was read from`(source: String, text: String) throws {
    for lineEnd in ["\n", "\r\n", "\r"] {
      let lines = ["# é", "first: 1", "key: \(source)"].joined(separator: lineEnd)
      let node = try yaml(lines.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd))
      let scalar = try #require(node["key"]?.scalar)
      #expect(scalar.text == text)
      #expect(
        scalar.placesAreRight,
        "\(lineEnd.utf8.map(\.self)) \(scalar.sources.map { String(decoding: $0, as: UTF8.self) })")
    }
  }

  @Test func `the places of a literal block go line by line`() throws {
    let node = try yaml("query: |\n    verb:get\n      and code:403\n")
    let query = try #require(node["query"]?.scalar)
    #expect(query.style == .block && query.text == "verb:get\n  and code:403\n")
    #expect(query.passage.range(of: 0..<4).description == "test.yml:2:5")
    #expect(query.passage.range(of: 15..<19).description == "test.yml:3:11")
    #expect(query.passage.range(of: 15..<19).text == "code")
    #expect(query.passage.range(of: 20..<23).text == "403")
    #expect(query.range.text == "|\n    verb:get\n      and code:403")
  }

  @Test func `the places of a folded block go line by line`() throws {
    let node = try yaml("query: >-\n  verb:get\n  and code:403\n  or x\nnext: 1\n")
    let query = try #require(node["query"]?.scalar)
    #expect(query.text == "verb:get and code:403 or x")
    #expect(query.passage.range(of: 13..<17).description == "test.yml:3:7")
    #expect(query.passage.range(of: 25..<26).description == "test.yml:4:6")
    #expect(query.passage.range(of: 9..<17).text == "and code")
  }

  @Test func `a range over an escape takes all of it`() throws {
    let scalar = try #require(try yaml("q: \"a \\\"b\\\" \\u0041\"")["q"]?.scalar)
    #expect(scalar.text == "a \"b\" A")
    #expect(scalar.passage.range(of: 2..<5).text == "\\\"b\\\"")
    #expect(scalar.passage.range(of: 6..<7).text == "\\u0041")
    #expect(scalar.passage.range(of: 7..<7).description == "test.yml:1:19")
    #expect(scalar.range.text == "\"a \\\"b\\\" \\u0041\"")
  }

  /// libyaml takes NEL, LS and PS for line ends, as YAML 1.1 has it.
  @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
  func `around a line end of another kind places stay within their scalar`(lineEnd: String) throws {
    for source in [
      "one\(lineEnd)  two", "'one\(lineEnd)  two'", "\"one\(lineEnd)  two\"", "|\n  one\(lineEnd)  two\n",
      ">\n  one\(lineEnd)  two\n",
    ] {
      let scalar = try #require(try yaml("a: \(source)\nb: 1")["a"]?.scalar)
      for index in scalar.passage.bytes.indices {
        let range = scalar.passage.range(of: index..<(index + 1))
        #expect(
          range.start >= scalar.range.start && range.end <= scalar.range.end + 1,
          "\(source.debugDescription) \(index) \(range.start)..<\(range.end) in \(scalar.range.start)..<\(scalar.range.end)"
        )
      }
      #expect(scalar.passage.range(of: 0..<3).text == "one" || source.contains("\n"))
    }
  }

  @Test func `the place of a scalar leaves out its anchor, that of its node does not`() throws {
    let node = try yaml("a: &x # why\n  !!str text")
    #expect(node["a"]?.scalar?.range.text == "text")
    #expect(node["a"]?.scalar?.passage.range(of: 0..<1).text == "t")
    #expect(node["a"]?.range.text == "&x # why\n  !!str text")
  }

  @Test func `lists and mappings end where their last value does`() throws {
    let node = try yaml("a:\n  b: [1, 2]\n  c:\n    - d\n\n# more\ne: {f: g}\n")
    #expect(node["a"]?.range.text == "b: [1, 2]\n  c:\n    - d")
    #expect(node["a"]?["b"]?.range.text == "[1, 2]")
    #expect(node["e"]?.range.text == "{f: g}")
    #expect(node.range.text.hasSuffix("{f: g}"))
  }

  @Test func `an absent value has the place where it would stand`() throws {
    let node = try yaml("a:\nb: 1\n")
    #expect(node["a"]?.isNull == true)
    #expect(node["a"]?.range.description == "test.yml:1:3")
  }
}

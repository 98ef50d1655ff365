import Documents
import SourceText
import Testing

@Suite struct JSONReaderTests {
  @Test(arguments: [
    (
      "{\"a\": [1, -0.5e+3, true, false, null, \"x\"], \"b\": {}}", "{a: [#1, #-0.5e+3, true, false, null, 'x'], b: {}}"
    ),
    (" [ ] ", "[]"), ("0", "#0"),
    ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\ude00\"", "'\"\\/\u{8}\u{C}\n\r\tAé😀'"),
    ("\u{FEFF}{\"é\":\"日本\"}", "{é: '日本'}"), ("1e999", "#1e999"), ("9007199254740993", "#9007199254740993"),
    ("\"\"", "''"),
    ("[\r\n\t1\n]", "[#1]"), ("\"\u{7F}\u{2028}\"", "'\u{7F}\u{2028}'"),
  ])
  func `values are read as JSON has them`(text: String, outline: String) throws {
    let node = try json(text)
    #expect(node.outline == outline)
    #expect(node.placesAreRight)
  }

  @Test(arguments: [
    "{", "[", "]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "{a: 1}", "{'a': 1}", "01", "-", "+1", "1.",
    ".5", "1e",
    "1e+", "tru", "True", "NaN", "Infinity", "\"", "\"a", "\"\\q\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
    "\"\\udc00\"", "\"a\nb\"", "\"\t\"", "1 2", "[1]]", "// a\n1", "{\"a\":1 \"b\":2}", "\"\\", "\"\\u", "-x", "nul",
  ])
  func `malformed JSON is refused with a place`(text: String) throws {
    let fault = try jsonComplaint(text)
    #expect([.malformedDocument, .unterminatedString, .invalidEscape].contains(fault.code))
    #expect(fault.primary != nil)
  }

  @Test(arguments: ["", " \n", "\u{FEFF}"])
  func `a text without a value says so`(text: String) throws {
    #expect(try jsonComplaint(text).code == .noDocument)
  }

  @Test func `a duplicate key names both places, however it is spelt`() throws {
    let fault = try jsonComplaint("{\"a\": 1,\n \"\\u0061\": 2}")
    #expect(fault.code == .duplicateKey && fault.place == "2:2")
    #expect(fault.secondary.map(\.range.description) == ["test.json:1:2"])
  }

  @Test func `places lead through JSON into the document around it`() throws {
    let node = try yaml("event: |\n  {\"verb\": \"li\\u0073t\",\n   \"code\": 403}\n")
    let passage = try #require(node["event"]?.scalar?.passage)
    let event = try JSONReader.read(passage)
    #expect(event.outline == "{verb: 'list', code: #403}")
    #expect(event.member("code")?.key.range.description == "test.yml:3:4")
    #expect(event["code"]?.range.description == "test.yml:3:12")
    let verb = try #require(event["verb"]?.scalar)
    #expect(verb.range.text == "\"li\\u0073t\"")
    #expect(verb.passage.range(of: 2..<3).text == "\\u0073")
    #expect(verb.passage.range(of: 3..<4).text == "t")
  }

  @Test func `places lead through JSON in a string with escapes`() throws {
    let node = try yaml("event: \"{\\\"a\\\": \\\"b\\\\\\\\c\\\"}\"\n")
    let passage = try #require(node["event"]?.scalar?.passage)
    #expect(passage.text == "{\"a\": \"b\\\\c\"}")
    let value = try #require(try JSONReader.read(passage)["a"]?.scalar)
    #expect(value.text == "b\\c")
    #expect(value.range.text == "\\\"b\\\\\\\\c\\\"")
    #expect(value.passage.range(of: 0..<1).text == "b")
    #expect(value.passage.range(of: 1..<2).text == "\\\\\\\\")
    #expect(value.passage.range(of: 2..<3).text == "c")
  }

  @Test(arguments: [(255, true), (256, true), (257, false)])
  func `nesting is limited`(depth: Int, isFine: Bool) throws {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      let inner = open == "[" ? "" : "1"
      let text = String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
      if isFine { _ = try json(text) } else { #expect(try jsonComplaint(text).code == .nestedTooDeeply) }
    }
    #expect(try jsonComplaint(String(repeating: "[", count: 100_000)).code == .nestedTooDeeply)
  }

  @Test(arguments: [(99_999, true), (100_000, false)])
  func `values are limited`(count: Int, isFine: Bool) throws {
    let text = "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
    if isFine { _ = try json(text) } else { #expect(try jsonComplaint(text).code == .expansionTooLarge) }
  }
}

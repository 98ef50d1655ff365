import Events
import RuleIR
import SourceText
import Testing

@Suite struct EventReaderTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var readings: [String]
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ readings: String...) {
      self.name = name
      self.text = text
      self.readings = readings
    }
  }

  static let shapes: [Case] = [
    Case("JSON Lines", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n", "a@1", "b@2"),
    Case("no final newline", "{\"id\":\"a\"}\n{\"id\":\"b\"}", "a@1", "b@2"),
    Case("blank lines", "\n\n{\"id\":\"a\"}\n  \n{\"id\":\"b\"}\n\n", "a@3", "b@5"),
    Case("CRLF", "{\"id\":\"a\"}\r\n\r\n{\"id\":\"b\"}\r\n", "a@1", "b@3"),
    Case("a byte order mark", "\u{FEFF}{\"id\":\"a\"}\n{\"id\":\"b\"}\n", "a@1", "b@2"),
    Case("a list on one line", "[{\"id\":\"a\"},{\"id\":\"b\"}]", "a@1[1]", "b@1[2]"),
    Case("a list over lines", "[\n  {\"id\":\"a\"},\n  {\"id\":\"b\"}\n]\n", "a@2[1]", "b@3[2]"),
    Case("an empty list", "[]\n"),
    Case("two lists", "[{\"id\":\"a\"}]\n[{\"id\":\"b\"}]\n", "a@1[1]", "b@2[1]"),
    Case("EventList", "{\"kind\":\"EventList\",\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}]}", "a@1[1]", "b@1[2]"),
    Case("items", "{\"items\":[{\"id\":\"a\"}]}\n{\"id\":\"b\"}\n", "a@1[1]", "b@2"),
    Case("an empty batch", "{\"kind\":\"EventList\",\"items\":[]}\n{\"id\":\"b\"}\n", "b@2"),
    Case("a batch with a fault", "{\"items\":[1,{\"id\":\"a\"}]}", "unreadable-event@1[1]", "a@1[2]"),
    Case("pretty-printed", "{\n  \"id\": \"a\"\n}\n{\n  \"id\": \"b\"\n}\n", "a@1", "b@4"),
    Case("braces on their own lines", "{\n\"x\":\n{\n},\n\"id\":\"a\"\n}\n{\"id\":\"b\"}\n", "a@1", "b@7"),
    Case("no line end between", "{\"id\":\"a\"}{\"id\":\"b\"} {\"id\":\"c\"}", "a@1", "b@1", "c@1"),
    Case("brackets in strings", "{\"id\":\"}]{[\",\"x\":\"\\\"{\"}\n{\"id\":\"b\"}\n", "}]{[@1", "b@2"),
    Case("a backslash before the end", "{\"id\":\"\\\\\"}\n{\"id\":\"b\"}\n", "\\@1", "b@2"),
    Case("nothing", ""),
    Case("blanks", " \n\t\n"),
  ]

  static let faults: [Case] = [
    Case("a last line that breaks off", "{\"id\":\"a\"}\n{\"id\":", "a@1", "truncated-input@2"),
    Case("in a string", "{\"id\":\"a\"}\n{\"id\":\"b", "a@1", "truncated-input@2"),
    Case("with a line end", "{\"id\":\"a\"}\n{\"id\":\n", "a@1", "truncated-input@2"),
    Case(
      "a middle line", "{\"id\":\"a\"}\n{\"id\":\n{\"id\":\"c\"}\n{\"id\":\"d\"}\n", "a@1", "unreadable-event@2", "c@3",
      "d@4"),
    Case("a middle line, in a string", "{\"id\":\"a\n{\"id\":\"c\"}\n", "unreadable-event@1", "c@2"),
    Case(
      "a middle line, in a list", "{\"id\":[\"x\",\n{\"id\":\"c\"}\n{\"id\":\"d\"}\n", "unreadable-event@1", "c@2",
      "d@3"),
    Case("a middle line, behind a comma", "{\"id\":1,\n{\"id\":\"c\"}\n", "unreadable-event@1", "c@2"),
    Case("no JSON", "{\"id\":\"a\"}\nhello\n{\"id\":\"c\"}\n", "a@1", "unreadable-event@2", "c@3"),
    Case("a scalar", "3\n{\"id\":\"c\"}\n", "unreadable-event@1", "c@2"),
    Case("rubbish behind an event", "{\"id\":\"a\"} x\n{\"id\":\"c\"}\n", "a@1", "unreadable-event@1", "c@2"),
    Case("a comma too many", "{\"id\":\"a\",}\n{\"id\":\"c\"}\n", "unreadable-event@1", "c@2"),
    Case("a wrong bracket", "{\"id\":[}\n{\"id\":\"c\"}\n", "unreadable-event@1", "c@2"),
    Case("a bracket too many", "{\"id\":\"a\"}}\n{\"id\":\"c\"}\n", "a@1", "unreadable-event@1", "c@2"),
    Case("single quotes", "{'id':'a'}\n{\"id\":\"c\"}\n", "unreadable-event@1", "c@2"),
    Case(
      "a pretty-printed event", "{\n  \"id\": ]\n  \"x\": {\n  }\n}\n{\n  \"id\": \"c\"\n}\n", "unreadable-event@1",
      "c@6"),
    Case(
      "an element of a list", "[\n  {\"id\": ]},\n  {\"id\":\"b\"}\n]\n{\"id\":\"c\"}\n", "unreadable-event@2[1]",
      "b@3[2]",
      "c@5"),
    Case("a list that does not end", "[\n{\"id\":\"a\"},\n", "a@2[1]", "truncated-input@1"),
    Case("a bare control character", "{\"id\":\"\u{1}\"}\n{\"id\":\"c\"}\n", "unreadable-event@1", "c@2"),
    Case(
      "NaN", "{\"id\":NaN}\n{\"id\":Infinity}\n{\"id\":-Infinity}\n{\"id\":\"c\"}\n", "unreadable-event@1",
      "unreadable-event@2", "unreadable-event@3", "c@4"),
    Case(
      "no JSON numbers", "{\"id\":01}\n{\"id\":+1}\n{\"id\":.5}\n{\"id\":1.}\n", "unreadable-event@1",
      "unreadable-event@2", "unreadable-event@3", "unreadable-event@4"),
  ]

  @Test(arguments: shapes + faults) func `every event is read and every fault named`(test: Case) {
    #expect(readings(of: test.text) == test.readings)
  }

  @Test(arguments: shapes + faults) func `it does not matter how the bytes come`(test: Case) {
    for size in [1, 2, 3, 7] { #expect(readings(of: test.text, pieceSize: size) == test.readings) }
  }

  @Test func `a failure has its place and reason`() throws {
    let failure = try #require(failures(of: "\u{FEFF}{\"id\":1}\n\n{\"id\":\n").first)
    #expect(failure.place == EventPlace(source: "f", line: 3, offset: 13))
    #expect(failure.diagnostic.message == "f:3 (byte 13): the last event breaks off")
  }

  @Test func `what is no log of events is given up`() {
    let page = String(repeating: "<p>text</p>\n", count: 100)
    let found = readings(of: page)
    #expect(found.count == 21)
    #expect(found.last == "not-events@20")
    #expect(!readings(of: "{\"id\":\"a\"}\n" + page).contains { $0.hasPrefix("not-events") })
  }

  @Test func `UTF-16 is named`() {
    #expect(readings(of: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]) == ["not-utf8@1"])
  }

  @Test(arguments: [
    ("1e999", "1e999"), ("-0", "-0"), ("1.0", "1.0"), ("9007199254740993", "9007199254740993"),
    ("123456789012345678901234567890", "123456789012345678901234567890"), ("2.50E-3", "2.50E-3"),
  ])
  func `a number keeps its text`(text: String, kept: String) {
    #expect(records(of: "{\"n\":\(text)}").map(\.event.json) == ["{\"n\":\(kept)}"])
  }

  @Test(
    arguments: [
      ([0x22, 0xFF, 0x22], "\u{FFFD}"), ([0x22, 0xC0, 0xAF, 0x22], "\u{FFFD}\u{FFFD}"),
      (Array("\"\\ud800\"".utf8), "\u{FFFD}"), (Array("\"\\udc00x\"".utf8), "\u{FFFD}x"),
      (Array("\"\\ud800\\u0041\"".utf8), "\u{FFFD}A"), (Array("\"\\ud83d\\ude00\\ud83d\"".utf8), "😀\u{FFFD}"),
      (Array("\"\\\\ud800\\udc00\"".utf8), "\\ud800\u{FFFD}"),
    ] as [([UInt8], String)])
  func `broken characters are repaired, and it is said`(value: [UInt8], text: String) throws {
    let line = Array("{\"id\":".utf8) + value + Array("}\n{\"id\":\"b\"}\n".utf8)
    let found = Array(EventReader(line, name: "f"))
    guard case .record(let record)? = found.first, found.count == 2 else {
      Issue.record("not read")
      return
    }
    #expect(record.event == ["id": .string(text)])
    #expect(record.remarks == [.repaired])
  }

  @Test func `NUL is a character`() {
    let record = records(of: "{\"id\":\"a\\u0000b\"}").first
    #expect(record?.event == ["id": "a\u{0}b"])
    #expect(record?.remarks == [])
  }

  @Test(arguments: [2, 40]) func `the first of two keys counts, and it is said`(keys: Int) throws {
    let more = (0..<keys).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let record = try #require(records(of: "{\"id\":\"a\",\(more),\"id\":\"b\"}").first)
    guard case .object(let event) = record.event else { return }
    #expect(event["id"] == "a")
    #expect(event.members.count == keys + 1)
    #expect(record.remarks == [.duplicateKey])
  }

  @Test(arguments: [
    "{\"sourceIPs\":\"10.0.0.1\",\"user\":{\"groups\":\"a\"}}", "{\"requestObject\":[{\"op\":\"add\"}]}",
    "{\"a.b\":1,\"a\":{\"b\":2}}", "{\"a\":null,\"b\":\"\",\"c\":[],\"d\":{}}",
  ])
  func `an unusual shape is kept as it is`(text: String) {
    #expect(records(of: text).map(\.event.json) == [text])
  }

  @Test func `nothing traps, whatever is cut or changed`() {
    let text = Array(
      "[{\"id\":\"a\\u0041\",\"x\":[1,2.5e3,true,null]},\n{\"kind\":\"EventList\",\"items\":[{\"b\":{}}]}]\n{\"c\":\"ü\"}\n"
        .utf8)
    for length in text.indices { _ = readings(of: Array(text[..<length]), pieceSize: 5) }
    for index in text.indices {
      for byte in [0, 10, 34, 44, 91, 92, 93, 123, 125, 255] as [UInt8] {
        var changed = text
        changed[index] = byte
        _ = readings(of: changed)
      }
    }
    #expect(readings(of: text) == ["aA@1[1]", "?@2[1]", "?@3"])
  }
}

import Foundation
import Testing

/// Odd and broken events, each with what becomes of it and of those beside it.
@Suite struct BadEventTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var bytes: [UInt8]
    var hits: Int
    /// What is said of the lines, or a part of it.
    var summary: String
    var status: Int32 = 0
    /// The codes of what cannot be read.
    var codes: [String] = []

    init(_ what: String, _ bytes: [UInt8], hits: Int, _ summary: String, status: Int32 = 0, _ codes: String...) {
      (self.what, self.bytes, self.hits, self.summary, self.status, self.codes) =
        (what, bytes, hits, summary, status, codes)
    }

    init(_ what: String, _ text: String, hits: Int, _ summary: String, status: Int32 = 0, _ codes: String...) {
      self.init(what, Array(text.utf8), hits: hits, summary, status: status)
      self.codes = codes
    }

    var testDescription: String { what }
  }

  private static let good = "{\"auditID\":\"1\",\"stage\":\"ResponseComplete\",\"verb\":\"list\"}"
  private static func event(_ members: String) -> String { "{\"verb\":\"list\",\(members)}\n" }

  /// The numbers are those of the project's list of bad inputs, part C.
  static let cases: [Case] = [
    Case(
      "39 blank lines, CRLF, a byte order mark, no final newline",
      "\u{FEFF}\(good)\r\n\r\n\n\(good)", hits: 2, "4 lines = 2 events + 0 unreadable + 2 blank"),
    Case(
      "40 a last line that breaks off", good + "\n{\"verb\":\"li", hits: 1, "2 lines = 1 events + 1 unreadable",
      status: 2, "truncated-input"),
    Case(
      "41 a line that breaks off in the middle", "\(good)\n{\"verb\":\"li\n\(good)\n", hits: 2,
      "3 lines = 2 events + 1 unreadable", status: 2, "unreadable-event"),
    Case("42 a list", "[\(good),\(good)]", hits: 2, "2 events"),
    Case("42 an EventList", "{\"kind\":\"EventList\",\"items\":[\(good),\(good)]}", hits: 2, "2 events"),
    Case("42 items without a kind", "{\"items\":[\(good)]}", hits: 1, "1 events"),
    Case("42 a printed object", "{\n  \"verb\":\n \"list\"\n}\n\(good)\n", hits: 2, "2 events"),
    Case("42 objects without newlines", good + good + good, hits: 3, "3 events"),
    Case(
      "44 bytes that are no UTF-8",
      Array("{\"verb\":\"list\",\"x\":\"".utf8) + [0xC3, 0x28, 0xFF] + Array("\"}\n".utf8),
      hits: 1, "1 events + 0 unreadable"),
    Case(
      "44 an overlong slash", Array("{\"verb\":\"list\",\"x\":\"".utf8) + [0xC0, 0xAF] + Array("\"}\n\(good)\n".utf8),
      hits: 2, "2 events + 0 unreadable"),
    Case(
      "44 half a surrogate pair, and NUL", event("\"x\":\"\\ud800\"") + event("\"x\":\"\\u0000\""), hits: 2, "2 events"),
    Case(
      "45 a key twice: the first counts",
      "{\"verb\":\"list\",\"verb\":\"get\"}\n{\"verb\":\"get\",\"verb\":\"list\"}\n",
      hits: 1, "2 events"),
    Case(
      "46 NaN and Infinity", event("\"x\":NaN") + event("\"x\":Infinity") + good, hits: 1,
      "1 events + 2 unreadable", status: 2, "unreadable-event", "unreadable-event"),
    Case(
      "46 numbers beyond measure",
      event("\"x\":1e999") + event("\"x\":-0") + event("\"x\":\(String(repeating: "9", count: 30))"),
      hits: 3, "3 events"),
    Case(
      "47 depth 100,000",
      event("\"x\":" + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)) + good,
      hits: 1, "1 events + 1 unreadable", status: 2, "unreadable-event"),
    Case(
      "47 100,000 keys", "{" + (0..<100_000).map { "\"k\($0)\":1," }.joined() + "\"verb\":\"list\"}\n\(good)\n",
      hits: 2, "2 events"),
    Case(
      "47 a byte over 8 MiB", event("\"x\":\"" + String(repeating: "x", count: 8 << 20) + "\"") + good, hits: 1,
      "1 events + 1 unreadable", status: 2, "unreadable-event"),
    Case(
      "48 null, nothing, empty", "{\"verb\":null}\n{}\n{\"verb\":\"\"}\n{\"verb\":[]}\n{\"verb\":{}}\n", hits: 0,
      "5 events"),
    Case(
      "49 a list where a word is expected",
      "{\"verb\":[\"get\",\"list\"]}\n{\"verb\":[[\"list\"]]}\n{\"verb\":{\"list\":1}}\n", hits: 2,
      "3 events"),
    Case(
      "52 letter case", "{\"verb\":\"LIST\"}\n{\"verb\":\"lİst\"}\n{\"verb\":\"lıst\"}\n{\"verb\":\"liſt\"}\n", hits: 2,
      "4 events"),
    Case(
      "53 one event at three stages",
      ["RequestReceived", "ResponseStarted", "ResponseComplete"].map {
        "{\"auditID\":\"1\",\"stage\":\"\($0)\",\"verb\":\"list\"}"
      }
      .joined(separator: "\n"), hits: 3, "3 events"),
    Case(
      "54 times of all kinds",
      ["0000-01-01T00:00:00Z", "9999-12-31T23:59:60.123456789+14:00", "", "yesterday", "2026-02-30T25:61:61Z"]
        .map { event("\"stageTimestamp\":\"\($0)\"") }.joined(), hits: 5, "5 events"),
    Case(
      "57 HTML", "<html>\n<body>\n" + String(repeating: "<p>x</p>\n", count: 30), hits: 0, "does not look like events",
      status: 3, "not-events"),
    Case(
      "57 CSV", String(repeating: "a,b,c\n", count: 30), hits: 0, "does not look like events", status: 3, "not-events"),
    Case(
      "57 noise", (0..<12_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 / 7) }, hits: 0,
      "does not look like events",
      status: 3, "not-events"),
  ]

  @Test(arguments: cases) func `the event, and those beside it, get what they should`(test: Case) throws {
    let folder = try ScratchFolder()
    try folder.write(
      "title: t\nlogsource: {product: kubernetes}\ndetection: {s: {verb: list}, condition: s}\n", to: "r.yml")
    try folder.write(test.bytes, to: "e.jsonl")
    for threads in ["1", "3"] {
      let outcome = try Program.run(
        "match", "--rules", "r.yml", "--threads", threads, "--dead-letter", "dead", "e.jsonl", in: folder.url)
      #expect(outcome.output.split(separator: "\n").count == test.hits)
      #expect(outcome.errors.contains(test.summary), "\(outcome.errors)")
      #expect(outcome.status == test.status)
      let letters = ((try? folder.read("dead")) ?? "").split(separator: "\n")
      for code in Set(test.codes) {
        #expect(letters.count { $0.contains("\"code\":\"\(code)\"") } >= test.codes.count { $0 == code })
      }
    }
  }

  @Test func `a key with a dot and a path of two keys are both found`() throws {
    let folder = try ScratchFolder()
    let rule = "title: t\nlogsource: {product: kubernetes}\ndetection: {s: {annotations.a.b: 'x'}, condition: s}\n"
    try folder.write(rule, to: "r.yml")
    try folder.write(
      "{\"annotations\":{\"a.b\":\"x\"}}\n{\"annotations\":{\"a\":{\"b\":\"x\"}}}\n", to: "e.jsonl")
    let outcome = try Program.run("match", "--rules", "r.yml", "--unmapped", "keep", "e.jsonl", in: folder.url)
    #expect(outcome.output.split(separator: "\n").count == 2)
  }

  @Test func `a reader that goes away ends the program quietly`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "title: t\nlogsource: {product: kubernetes}\ndetection: {s: {verb: list}, condition: s}\n", to: "r.yml")
    try folder.write(String(repeating: Self.good + "\n", count: 20_000), to: "e.jsonl")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "{ '\(Program.executable.path)' match --rules r.yml e.jsonl; echo $? > code; } | head -n 1 > first",
    ]
    process.currentDirectoryURL = folder.url
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(try folder.read("code") == "0\n")
    #expect(try folder.read("first").split(separator: "\n").count == 1)
  }

  @Test func `what a terminal would take for a command is shown`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "title: t\nlogsource: {product: kubernetes}\ndetection: {s: {verb: list}, condition: s}\n", to: "r.yml")
    let user = "\\u001b]8;;http://x\\u0007\\u001b[2Jroot\\r\\u202e"
    try folder.write("{\"verb\":\"list\",\"user\":{\"username\":\"\(user)\"}}\n", to: "e.jsonl")
    for format in ["ndjson", "table"] {
      let outcome = try Program.run("match", "--rules", "r.yml", "--format", format, "e.jsonl", in: folder.url)
      #expect(!outcome.output.utf8.contains { $0 < 0x20 && $0 != 10 })
      #expect(outcome.output.contains("root"))
    }
  }

  @Test func `locale, time zone, home and columns change no byte`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "title: t\nlogsource: {product: kubernetes}\ndetection: {s: {verb: list}, condition: s}\n", to: "r.yml")
    try folder.write(
      "{\"verb\":\"LIST\",\"user\":{\"username\":\"ü\"},\"stageTimestamp\":\"2026-03-01T10:00:00Z\"}\n", to: "e.jsonl")
    let wanted = try Program.run("match", "--rules", "r.yml", "e.jsonl", in: folder.url).output
    #expect(!wanted.isEmpty)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "-i", "LC_ALL=C", "TZ=Pacific/Chatham", "COLUMNS=0", "NO_COLOR=1", "PATH=/nowhere",
      "LD_LIBRARY_PATH=\(ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "")", Program.executable.path,
      "match",
      "--rules", "r.yml", "e.jsonl",
    ]
    process.currentDirectoryURL = folder.url
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let found = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(found == wanted)
  }
}

import Foundation
import Testing

/// What `match` keeps from run to run.
@Suite struct StateTests {
  private static let rule = """
    title: Secrets listed
    logsource: {product: kubernetes, service: audit}
    detection: {s: {verb: list, objectRef.resource: secrets}, condition: s}
    """
  private static let burst = """
    title: Many secrets read
    id: 5e6b2a52-6c5b-4d31-9f9c-33f2b5a7d001
    logsource: {product: kubernetes, service: audit}
    detection: {s: {verb: get, objectRef.resource: secrets}, condition: s | count() by user.username > 4, timeframe: 10m}
    """

  private static func event(_ number: Int, verb: String = "list", second: Int = 0) -> String {
    let time = "2026-03-01T10:\(String(format: "%02d:%02d", second / 60, second % 60)).000000Z"
    return
      "{\"auditID\":\"\(number)\",\"stage\":\"ResponseComplete\",\"verb\":\"\(verb)\",\"user\":{\"username\":\"u\"},"
      + "\"objectRef\":{\"resource\":\"secrets\"},\"stageTimestamp\":\"\(time)\"}\n"
  }

  private static func append(_ text: String, to path: String) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  private func match(_ folder: ScratchFolder, _ arguments: [String] = []) throws -> Program.Outcome {
    try Program.run(["match", "--rules", "rule.yml", "--state", "state", "a.log"] + arguments, in: folder.url)
  }

  private func hits(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      line.range(of: "\"auditID\":\"").map { String(line[$0.upperBound...].prefix { $0 != "\"" }) }
    }
  }

  @Test func `a later run goes on behind the last whole line`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.rule, to: "rule.yml")
    let log = try folder.write(Self.event(1) + Self.event(2) + String(Self.event(3).dropLast(20)), to: "a.log")
    #expect(hits(try match(folder).output) == ["1", "2"])
    #expect(hits(try match(folder).output) == [])
    try Self.append(String(Self.event(3).suffix(20)) + Self.event(4), to: log)
    let outcome = try match(folder)
    #expect(hits(outcome.output) == ["3", "4"])
    #expect(outcome.output.contains("\"line\":3,\"offset\":\(Self.event(1).utf8.count * 2)"))
    #expect(outcome.status == 0)
  }

  @Test func `windows go on over a restart, and a firing comes once`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.burst, to: "rule.yml")
    let log = try folder.write((1...3).map { Self.event($0, verb: "get", second: $0) }.joined(), to: "a.log")
    #expect(hits(try match(folder).output) == [])
    try Self.append((4...6).map { Self.event($0, verb: "get", second: $0) }.joined(), to: log)
    #expect(hits(try match(folder).output) == ["5"])
    try Self.append((7...9).map { Self.event($0, verb: "get", second: $0) }.joined(), to: log)
    #expect(hits(try match(folder).output) == [])
    #expect(hits(try Program.run("match", "--rules", "rule.yml", "a.log", in: folder.url).output) == ["5"])
  }

  @Test func `a rule that has changed forgets, and says so`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.burst, to: "rule.yml")
    let log = try folder.write((1...4).map { Self.event($0, verb: "get", second: $0) }.joined(), to: "a.log")
    _ = try match(folder)
    try folder.write(Self.burst.replacingOccurrences(of: "verb: get", with: "verb: [get, list]"), to: "rule.yml")
    try Self.append(Self.event(5, verb: "get", second: 5), to: log)
    let outcome = try match(folder)
    #expect(hits(outcome.output) == [])
    #expect(outcome.errors.contains("'Many secrets read' has changed, and what it remembered is forgotten"))
  }

  @Test func `a file of hits is cut back to where the state is from`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.rule, to: "rule.yml")
    let log = try folder.write(Self.event(1), to: "a.log")
    _ = try match(folder, ["--output", "hits"])
    // As a run leaves it that was killed between writing and keeping.
    try Self.append("{\"auditID\":\"half", to: folder.path("hits"))
    try Self.append(Self.event(2), to: log)
    _ = try match(folder, ["--output", "hits"])
    #expect(hits(try folder.read("hits")) == ["1", "2"])
  }

  @Test(arguments: ["", "not a database, and long enough to be looked at as one"])
  func `what is no state file is refused, and stays`(text: String) throws {
    let folder = try ScratchFolder()
    try folder.write(Self.rule, to: "rule.yml")
    try folder.write(Self.event(1), to: "a.log")
    try folder.write(String(repeating: text, count: 100), to: "state")
    let outcome = try match(folder)
    #expect(outcome.status == (text.isEmpty ? 0 : 3))
    if !text.isEmpty {
      #expect(outcome.errors.contains("the state file 'state' cannot be used: it is no state file"))
      #expect(try folder.read("state").hasPrefix(text))
    }
  }

  @Test func `a log that was emptied is read from its start`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.rule, to: "rule.yml")
    try folder.write(Self.event(1) + Self.event(2), to: "a.log")
    _ = try match(folder)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path("a.log")))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: Data(Self.event(3).utf8))
    try file.close()
    let outcome = try match(folder)
    #expect(hits(outcome.output) == ["3"])
    #expect(outcome.errors.contains("is gone"))
    #expect(outcome.status == 2)
  }

  @Test func `rotated files are read in order, from where reading stopped`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.rule, to: "rule.yml")
    let log = try folder.write(Self.event(1), to: "a.log")
    _ = try match(folder)
    try Self.append(Self.event(2), to: log)
    for number in 3...5 {
      for older in [3, 2, 1] where FileManager.default.fileExists(atPath: "\(log).\(older)") {
        try FileManager.default.moveItem(atPath: "\(log).\(older)", toPath: "\(log).\(older + 1)")
      }
      try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
      Thread.sleep(forTimeInterval: 0.01)
      try folder.write(Self.event(number), to: "a.log")
    }
    let outcome = try match(folder)
    #expect(hits(outcome.output) == ["2", "3", "4", "5"])
    #expect(outcome.status == 0)
    #expect(hits(try match(folder).output) == [])
  }

  @Test func `an event that comes again counts once where that is asked for`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.rule, to: "rule.yml")
    let log = try folder.write(Self.event(1) + Self.event(2) + Self.event(1), to: "a.log")
    #expect(hits(try Program.run("match", "--rules", "rule.yml", "a.log", in: folder.url).output) == ["1", "2", "1"])
    let outcome = try match(folder, ["--deduplicate"])
    #expect(hits(outcome.output) == ["1", "2"])
    #expect(outcome.errors.contains("1 events with hits came again"))
    try Self.append(Self.event(2) + Self.event(3), to: log)
    #expect(hits(try match(folder, ["--deduplicate"]).output) == ["3"])
  }

  @Test func `a followed log loses nothing through rotations and kills, and nothing comes twice`() throws {
    let folder = try ScratchFolder()
    try folder.write(Self.rule, to: "rule.yml")
    let log = folder.path("a.log")
    let arguments = ["match", "--rules", "rule.yml", "--state", "state", "--output", "hits", "--follow", "a.log"]
    var number = 50
    try folder.write((0..<50).map { Self.event($0) }.joined(), to: "a.log")
    for round in 0..<3 {
      let process = try Program.start(arguments, in: folder.url)
      // Which file a log is at first is known once the program has looked.
      for _ in 0..<200 where round == 0 && hits((try? folder.read("hits")) ?? "").count < 50 { usleep(50_000) }
      for _ in 0..<3 {
        if FileManager.default.fileExists(atPath: log) {
          for older in stride(from: 9, through: 1, by: -1)
          where FileManager.default.fileExists(atPath: "\(log).\(older)") {
            try FileManager.default.moveItem(atPath: "\(log).\(older)", toPath: "\(log).\(older + 1)")
          }
          try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
        }
        try folder.write("", to: "a.log")
        for _ in 0..<20 {
          try Self.append((number..<(number + 50)).map { Self.event($0) }.joined(), to: log)
          number += 50
          usleep(5_000)
        }
      }
      if round < 2 {
        kill(process.processIdentifier, SIGKILL)
      } else {
        for _ in 0..<200 where hits((try? folder.read("hits")) ?? "").count < number { usleep(50_000) }
        kill(process.processIdentifier, SIGTERM)
      }
      for _ in 0..<200 where process.isRunning { usleep(50_000) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      if round == 2 { #expect(process.terminationStatus == 143) }
    }
    #expect(hits(try folder.read("hits")) == (0..<number).map(String.init))
  }
}

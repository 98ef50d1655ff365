import Events
import SourceText

/// What a run leaves for the next: what rules remember, how far logs were read, and how long the output was then.
///
/// All three are kept in one transaction, so that after a break the next run goes on from one moment: no event is
/// counted twice, and what was written after that moment is cut off the output and written again.
final class StateFile {
  struct Memory {
    /// Tells one meaning of a rule from another: what was kept of another is of no use.
    var fingerprint: String
    var bytes: [UInt8]
  }

  private let database: StateDatabase
  private let path: String
  private static let schema = "cognate.state/1"

  /// Opens a file, or makes it.
  ///
  /// - Throws: Why it cannot be used.
  init(_ path: String) throws {
    self.path = path
    do throws(StateDatabase.Fault) {
      database = try StateDatabase(path: path)
    } catch {
      throw Self.stop(path, error)
    }
    try perform { () throws(StateDatabase.Fault) in try prepare() }
    let schema = try self.rows("SELECT value FROM meta WHERE name = 'schema'").first?.first?.text
    guard schema == Self.schema else {
      throw Stop(
        .nothingDone,
        "the state file '\(visible(path))' is of the form '\(visible(schema ?? ""))', and this program knows "
          + Self.schema)
    }
  }

  private func prepare() throws(StateDatabase.Fault) {
    try database.transaction { () throws(StateDatabase.Fault) in
      for table in [
        "meta (name TEXT PRIMARY KEY, value TEXT)", "rule (name TEXT PRIMARY KEY, fingerprint TEXT, memory BLOB)",
        "log (path TEXT PRIMARY KEY, device INTEGER, inode INTEGER, bytes INTEGER, line INTEGER, head INTEGER, "
          + "modified INTEGER)",
        "output (path TEXT PRIMARY KEY, bytes INTEGER)", "seen (name TEXT PRIMARY KEY, events BLOB)",
      ] {
        try database.run("CREATE TABLE IF NOT EXISTS \(table)")
      }
      try database.run("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", [.text(Self.schema)])
    }
  }

  private static func stop(_ path: String, _ fault: StateDatabase.Fault) -> Stop {
    Stop(.nothingDone, "the state file '\(visible(path))' cannot be used: \(fault.reason)")
  }

  private func perform<Result>(_ work: () throws(StateDatabase.Fault) -> Result) throws -> Result {
    do throws(StateDatabase.Fault) {
      return try work()
    } catch {
      throw Self.stop(path, error)
    }
  }

  private func rows(_ query: String, _ values: [StateDatabase.Value] = []) throws -> [[StateDatabase.Value]] {
    try perform { () throws(StateDatabase.Fault) in try database.run(query, values) }
  }

  // MARK: - What the last run left

  func memories() throws -> [String: Memory] {
    var memories: [String: Memory] = [:]
    for row in try rows("SELECT name, fingerprint, memory FROM rule") {
      guard let name = row[0].text, let fingerprint = row[1].text else { continue }
      memories[name] = Memory(fingerprint: fingerprint, bytes: row[2].blob ?? [])
    }
    return memories
  }

  func position(in log: String) throws -> LogPosition? {
    let query = "SELECT device, inode, bytes, line, head, modified FROM log WHERE path = ?"
    guard let row = try rows(query, [.text(log)]).first else { return nil }
    let numbers = row.compactMap(\.integer)
    guard numbers.count == 6, numbers[2] >= 0, numbers[3] >= 1 else { return nil }
    return LogPosition(
      device: numbers[0], inode: numbers[1], offset: numbers[2], line: numbers[3], head: numbers[4],
      modified: numbers[5])
  }

  func length(ofOutput output: String) throws -> Int? {
    try rows("SELECT bytes FROM output WHERE path = ?", [.text(output)]).first?.first?.integer
  }

  func seenEvents() throws -> [UInt8] { try rows("SELECT events FROM seen").first?.first?.blob ?? [] }

  // MARK: - Keeping

  /// What changed since the last time.
  struct Changes {
    var memories: [(rule: String, Memory)] = []
    var positions: [(log: String, LogPosition)] = []
    var outputs: [(path: String, length: Int)] = []
    var seen: [UInt8]?
  }

  func keep(_ changes: Changes) throws {
    try perform { () throws(StateDatabase.Fault) in
      try database.transaction { () throws(StateDatabase.Fault) in
        for (rule, memory) in changes.memories {
          try database.run(
            "INSERT OR REPLACE INTO rule VALUES (?, ?, ?)",
            [.text(rule), .text(memory.fingerprint), .blob(memory.bytes)])
        }
        for (log, at) in changes.positions {
          try database.run(
            "INSERT OR REPLACE INTO log VALUES (?, ?, ?, ?, ?, ?, ?)",
            [.text(log)]
              + [at.device, at.inode, at.offset, at.line, at.head, at.modified].map { StateDatabase.Value.integer($0) })
        }
        for output in changes.outputs {
          try database.run(
            "INSERT OR REPLACE INTO output VALUES (?, ?)", [.text(output.path), .integer(output.length)])
        }
        if let seen = changes.seen {
          try database.run("INSERT OR REPLACE INTO seen VALUES ('events', ?)", [.blob(seen)])
        }
      }
    }
  }
}

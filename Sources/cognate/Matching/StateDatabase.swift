import CSQLite

/// A file of SQLite, of which one program at a time is the owner.
final class StateDatabase {
  /// Why the file cannot be used, as a clause.
  struct Fault: Error {
    var reason: String
  }

  enum Value {
    case text(String)
    case integer(Int)
    case blob([UInt8])
  }

  private let handle: OpaquePointer

  /// Opens a file, or makes it.
  init(path: String) throws(Fault) {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    guard let opened else { throw Fault(reason: "there is no memory for it") }
    handle = opened
    if code != SQLITE_OK { throw fault }
    // What is not locked for the whole run could be written by two.
    try run("PRAGMA locking_mode = EXCLUSIVE")
    try run("PRAGMA synchronous = FULL")
    try transaction { () throws(Fault) in try run("CREATE TABLE IF NOT EXISTS owner (one INTEGER)") }
  }

  deinit { sqlite3_close_v2(handle) }

  private var fault: Fault {
    switch sqlite3_errcode(handle) {
    case SQLITE_BUSY, SQLITE_LOCKED: Fault(reason: "another program is using it")
    case SQLITE_NOTADB, SQLITE_CORRUPT: Fault(reason: "it is no state file, or a damaged one")
    case _: Fault(reason: String(cString: sqlite3_errmsg(handle)))
    }
  }

  /// Makes several changes at once: all of them are kept, or none.
  func transaction(_ changes: () throws(Fault) -> Void) throws(Fault) {
    try run("BEGIN IMMEDIATE")
    do throws(Fault) {
      try changes()
      try run("COMMIT")
    } catch {
      sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
      throw error
    }
  }

  /// Runs a statement and gives its rows.
  @discardableResult
  func run(_ statement: String, _ values: [Value] = []) throws(Fault) -> [[Value]] {
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v2(handle, statement, -1, &prepared, nil) == SQLITE_OK, let prepared else { throw fault }
    defer { sqlite3_finalize(prepared) }
    for (index, value) in values.enumerated() { bind(value, to: Int32(index + 1), of: prepared) }
    var rows: [[Value]] = []
    while true {
      switch sqlite3_step(prepared) {
      case SQLITE_ROW: rows.append((0..<sqlite3_column_count(prepared)).map { Self.column($0, of: prepared) })
      case SQLITE_DONE: return rows
      case _: throw fault
      }
    }
  }

  private func bind(_ value: Value, to index: Int32, of statement: OpaquePointer) {
    switch value {
    case .text(let text): csqlite_bind_copied_text(statement, index, text, Int32(text.utf8.count))
    case .integer(let number): sqlite3_bind_int64(statement, index, Int64(number))
    case .blob(let bytes): csqlite_bind_copied_blob(statement, index, bytes, Int32(bytes.count))
    }
  }

  private static func column(_ index: Int32, of statement: OpaquePointer) -> Value {
    switch sqlite3_column_type(statement, index) {
    case SQLITE_INTEGER: return .integer(Int(sqlite3_column_int64(statement, index)))
    case SQLITE_BLOB:
      let bytes = UnsafeRawBufferPointer(
        start: sqlite3_column_blob(statement, index), count: Int(sqlite3_column_bytes(statement, index)))
      return .blob(Array(bytes))
    case _: return .text(sqlite3_column_text(statement, index).map { String(cString: $0) } ?? "")
    }
  }
}

extension StateDatabase.Value {
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var integer: Int? { if case .integer(let number) = self { number } else { nil } }
  var blob: [UInt8]? { if case .blob(let bytes) = self { bytes } else { nil } }
}

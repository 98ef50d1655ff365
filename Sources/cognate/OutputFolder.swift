import Glibc
import SourceText

/// A folder that appears whole under its name, or not at all; several threads may write into it.
final class OutputFolder: @unchecked Sendable {
  private let path: String
  private let temporary: String
  private var isFinished = false

  /// - Parameter path: A name that is free, or an empty folder.
  /// - Throws: What stands in the way: a file, a folder that is not empty, or one that cannot be written.
  init(_ path: String) throws {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    self.path = trimmed
    try Self.check(trimmed)
    var name = Array((trimmed + ".XXXXXX").utf8CString)
    guard mkdtemp(&name) != nil else { throw OutputFiles.failure(trimmed) }
    temporary = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    chmod(temporary, 0o755)
  }

  deinit { if !isFinished { Self.remove(temporary) } }

  /// Refuses what would be written over.
  static func check(_ path: String) throws {
    switch InputFiles.kind(of: path) {
    case .absent:
      let above = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      if !above.isEmpty { try OutputFiles.makeFolder(above) }
    case .file, .other: throw Stop(.nothingDone, "'\(visible(path))' is there already and is no folder")
    case .folder:
      guard isEmpty(path) else {
        throw Stop(.nothingDone, "the folder '\(visible(path))' is not empty; name a new or an empty one with -o")
      }
    }
  }

  private static func isEmpty(_ path: String) -> Bool {
    guard let directory = opendir(path) else { return false }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    return count <= 2
  }

  /// Writes a file; what stands in the way, where something does.
  func write(_ text: String, to name: String) -> Stop? {
    do {
      let path = temporary + "/" + name
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      try OutputFiles.makeFolder(folder)
      try OutputFiles.writeNew(text, to: path)
      return nil
    } catch let stop as Stop {
      return stop
    } catch {
      return Stop(.nothingDone, "'\(visible(name))' cannot be written")
    }
  }

  /// Gives the folder its name.
  ///
  /// - Throws: The reason why it cannot have it.
  func finish() throws {
    guard rename(temporary, path) == 0 else { throw OutputFiles.failure(path) }
    isFinished = true
  }

  private static func remove(_ folder: String) {
    for file in (try? InputFiles.expand([folder])) ?? [] { unlink(file) }
    removeFolders(folder)
  }

  /// The folders below, each after those in it; files are gone by then.
  private static func removeFolders(_ folder: String) {
    guard let directory = opendir(folder) else { return }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    closedir(directory)
    for name in names { removeFolders(folder + "/" + name) }
    rmdir(folder)
  }
}

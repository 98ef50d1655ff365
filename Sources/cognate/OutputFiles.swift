import Glibc
import SourceText

/// Files that the program writes.
enum OutputFiles {
  /// Writes a file beside its name and renames it, so that there is never half of one.
  ///
  /// - Throws: The reason why it cannot be written.
  static func write(_ text: String, to path: String) throws {
    if path == "-" {
      Console.output.write(text)
      return
    }
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    if !folder.isEmpty { try makeFolder(folder) }
    try write(Array(text.utf8), to: path, mode: 0o644)
  }

  /// Puts other bytes into a file that is there; who may read it stays as it is, and a link stays a link.
  ///
  /// - Throws: The reason why it cannot be written.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    guard let resolved = realpath(path, nil) else { throw failure(path) }
    defer { free(resolved) }
    var status = stat()
    guard stat(resolved, &status) == 0 else { throw failure(path) }
    try write(bytes, to: String(cString: resolved), mode: status.st_mode & 0o777)
  }

  private static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
    var name = Array((path + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    let temporary = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard descriptor >= 0 else { throw failure(path) }
    guard writeAll(bytes, to: descriptor), fchmod(descriptor, mode) == 0, close(descriptor) == 0 else {
      let problem = failure(path)
      unlink(temporary)
      throw problem
    }
    guard rename(temporary, path) == 0 else {
      let problem = failure(path)
      unlink(temporary)
      throw problem
    }
  }

  /// Writes a file that is not there, in a folder that nobody looks into yet.
  ///
  /// - Throws: The reason why it cannot be written.
  static func writeNew(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    let isWritten = writeAll(Array(text.utf8), to: descriptor)
    guard close(descriptor) == 0, isWritten else { throw failure(path) }
  }

  fileprivate static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var start = 0
    while start < bytes.count {
      let written = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      if written <= 0 { return false }
      start += written
    }
    return true
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String) throws {
    if InputFiles.kind(of: path) == .folder { return }
    let above = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    if !above.isEmpty { try makeFolder(above) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure(path) }
    guard InputFiles.kind(of: path) == .folder else { throw failure(path) }
  }

  static func failure(_ path: String) -> Stop {
    Stop(.nothingDone, "'\(visible(path))' cannot be written: \(String(cString: strerror(errno)))")
  }

  /// A file name made of a text: safe everywhere, never empty, never a path.
  static func safeName(_ text: String) -> String {
    var name = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      if isPlain || scalar == "_" || scalar == "-" || scalar == "." {
        name.append(scalar)
      } else if name.last != "_" {
        name.append("_")
      }
    }
    let trimmed = String(String(name).drop { $0 == "." || $0 == "-" }.prefix(120))
    let reserved = ["con", "prn", "aux", "nul"].contains(trimmed.lowercased())
    return trimmed.isEmpty || reserved ? "rule_\(trimmed)" : trimmed
  }
}

/// A file that is written piece by piece and has its name once it is whole.
final class GrowingFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var isBroken = false

  /// - Throws: The reason why it cannot be written.
  init(_ path: String) throws {
    self.path = path
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    if !folder.isEmpty { try OutputFiles.makeFolder(folder) }
    var name = Array((path + ".XXXXXX").utf8CString)
    descriptor = mkstemp(&name)
    temporary = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard descriptor >= 0 else { throw OutputFiles.failure(path) }
  }

  func write(_ text: String) {
    pending += text.utf8
    if pending.count > 1 << 16 { flush() }
  }

  private func flush() {
    if !OutputFiles.writeAll(pending, to: descriptor) { isBroken = true }
    pending.removeAll(keepingCapacity: true)
  }

  /// Ends the file.
  ///
  /// - Throws: The reason why it cannot be written.
  func finish() throws {
    flush()
    guard !isBroken, fchmod(descriptor, 0o644) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
      let problem = OutputFiles.failure(path)
      unlink(temporary)
      throw problem
    }
  }
}

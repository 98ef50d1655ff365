import Glibc

/// How far a log was read, in a way that finds the place again when the log has been rotated meanwhile.
package struct LogPosition: Sendable, Equatable {
  package var device: Int
  package var inode: Int
  /// Where reading goes on: behind the last whole line that was read.
  package var offset: Int
  package var line: Int
  /// A hash of how the file begins: its number may be given to another file once it is gone.
  package var head: Int
  /// When the file was last written, in nanoseconds.
  package var modified: Int

  package init(device: Int, inode: Int, offset: Int, line: Int, head: Int, modified: Int) {
    self.device = device
    self.inode = inode
    self.offset = offset
    self.line = line
    self.head = head
    self.modified = modified
  }

  /// The end of a file as it is now, whatever is in it; nil where there is no such file.
  package static func end(of path: String) -> LogPosition? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let file = LogFile(path) else { return nil }
    return LogPosition(
      device: file.device, inode: file.inode, offset: file.size, line: 1,
      head: LogFile.head(of: descriptor, upTo: file.size), modified: file.modified)
  }
}

/// A file of a log, as the file system knows it.
struct LogFile {
  var path: String
  var device: Int
  var inode: Int
  var size: Int
  var modified: Int

  /// Nil where there is no such regular file.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(path, status)
  }

  init(_ path: String, _ status: stat) {
    self.path = path
    device = Int(bitPattern: UInt(status.st_dev))
    inode = Int(bitPattern: UInt(status.st_ino))
    size = Int(status.st_size)
    modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
  }

  func isSame(as position: LogPosition) -> Bool { device == position.device && inode == position.inode }

  /// A hash of the first bytes of an open file, at most so many; FNV-1a, which is the same on every machine.
  static func head(of descriptor: Int32, upTo length: Int) -> Int {
    var buffer = [UInt8](repeating: 0, count: min(length, 1_024))
    let count = pread(descriptor, &buffer, buffer.count, 0)
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in buffer.prefix(max(0, count)) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: hash)
  }

  /// The files that a log's file becomes when it is rotated, the oldest first: `audit.log.1`, and
  /// `audit-2026-03-01T00-00-00.000.log` as the API server names them; packed ones are left out.
  static func rotations(of path: String) -> [LogFile] {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let own = path.split(separator: "/").last.map(String.init) ?? path
    let base = path.hasPrefix("/") && folder.isEmpty ? "/" : folder.isEmpty ? "" : folder + "/"
    guard let directory = opendir(base.isEmpty ? "." : base) else { return [] }
    defer { closedir(directory) }
    var files: [LogFile] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if isRotation(name, of: own), let file = LogFile(base + name) { files.append(file) }
    }
    // Of two that were last written in the same moment the one that was rotated more often is older.
    return files.sorted { left, right in
      if left.modified != right.modified { return left.modified < right.modified }
      if left.path.utf8.count != right.path.utf8.count { return left.path.utf8.count > right.path.utf8.count }
      return isNumbered(left.path) ? left.path > right.path : left.path < right.path
    }
  }

  private static func isNumbered(_ path: String) -> Bool { path.utf8.last.map { (48...57).contains($0) } ?? false }

  private static func isRotation(_ name: String, of own: String) -> Bool {
    guard name != own, ![".gz", ".zst", ".xz", ".bz2", ".tmp"].contains(where: name.hasSuffix) else { return false }
    if name.hasPrefix(own + ".") || name.hasPrefix(own + "-") { return true }
    guard let dot = own.lastIndex(of: "."), dot != own.startIndex else { return false }
    return name.hasPrefix(own[..<dot] + "-") && name.hasSuffix(own[dot...])
  }
}

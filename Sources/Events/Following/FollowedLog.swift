import Glibc

/// A log that grows, read through its rotations.
///
/// The file that is open is read to its end, also while it is written on under another name; then those that were
/// rotated meanwhile, from the oldest on; then the one that has the log's name now.
package final class FollowedLog {
  package enum Step {
    /// Whole lines, or a part of one that is too long.
    case text(TextChunk)
    /// The file is over; what a writer left without a line end comes with it.
    case end(TextChunk?)
    /// There is nothing more for now.
    case quiet
    /// Something that may have cost events, as a sentence without its end.
    case loss(String)
  }

  package let path: String
  private var descriptor: Int32 = -1
  private var file: LogFile?
  private var offset = 0
  private var line = 1
  /// What stands behind the last line end.
  private var rest: [UInt8] = []
  private var head = (length: -1, hash: 0)
  private var resuming: LogPosition?
  /// The file that was read last, and where; those that were written later come next.
  private var finished: (file: LogFile, position: LogPosition)?
  /// For how many steps without news the name has been another file's.
  private var quietSteps = 0
  private var index = 0
  private let size: Int
  private let longest: Int
  private var losses: [String] = []

  /// - Parameter position: Where an earlier run got to; nil to begin with the file that has the name.
  package init(
    _ path: String, from position: LogPosition? = nil, size: Int = 1 << 20, limits: EventLimits = EventLimits()
  ) {
    self.path = path
    self.size = size
    resuming = position
    longest = max(size, limits.eventBytes * 2)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Where a later run goes on; nil where nothing was opened.
  package var position: LogPosition? {
    guard descriptor >= 0, let file else { return resuming ?? finished?.position }
    var status = stat()
    fstat(descriptor, &status)
    if head.length != min(offset, 1_024) {
      head = (min(offset, 1_024), LogFile.head(of: descriptor, upTo: offset))
    }
    return LogPosition(
      device: file.device, inode: file.inode, offset: offset, line: line, head: head.hash,
      modified: LogFile(path, status).modified)
  }

  package func next(reusing used: TextChunk? = nil) -> Step {
    if !losses.isEmpty { return .loss(losses.removeFirst()) }
    if descriptor < 0, !open() { return losses.isEmpty ? .quiet : .loss(losses.removeFirst()) }
    if let chunk = read(reusing: used) {
      quietSteps = 0
      return .text(chunk)
    }
    return atEnd()
  }

  // MARK: - Opening

  private func open() -> Bool {
    if let position = resuming { return resume(position) }
    for next in successors where open(next.path, same: next) { return true }
    guard open(path, same: nil) else { return false }
    // What had the name when the rotations were listed may have been rotated before the name was opened.
    guard let missed = successors.first, missed.inode != file?.inode else { return true }
    close(descriptor)
    descriptor = -1
    return open(missed.path, same: missed)
  }

  /// Rotated files that were written after the one that was read last, the oldest first.
  private var successors: [LogFile] {
    guard let last = finished?.file else { return [] }
    let rotated = LogFile.rotations(of: path)
    let own = rotated.firstIndex { $0.inode == last.inode && $0.device == last.device }
    return rotated.enumerated().filter { index, file in
      if let own { return index > own }
      return file.modified > last.modified
    }.map(\.element)
  }

  private func open(_ name: String, same wanted: LogFile?) -> Bool {
    let opened = Glibc.open(name, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { return false }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      return false
    }
    let found = LogFile(name, status)
    if let wanted, wanted.inode != found.inode || wanted.device != found.device {
      // It was rotated once more since it was listed: it is found under its new name.
      close(opened)
      guard let moved = LogFile.rotations(of: path).first(where: { $0.inode == wanted.inode }) else { return false }
      return moved.path != name && open(moved.path, same: wanted)
    }
    descriptor = opened
    file = found
    (offset, line, rest, head, quietSteps) = (0, 1, [], (-1, 0), 0)
    return true
  }

  /// Goes on where an earlier run stopped, wherever the file is now.
  private func resume(_ position: LogPosition) -> Bool {
    let rotated = LogFile.rotations(of: path)
    let current = LogFile(path)
    if current == nil, rotated.isEmpty { return false }
    resuming = nil
    for candidate in rotated + [current].compactMap(\.self) where candidate.isSame(as: position) {
      guard open(candidate.path, same: candidate) else { continue }
      if candidate.size >= position.offset, LogFile.head(of: descriptor, upTo: position.offset) == position.head {
        (offset, line) = (position.offset, position.line)
        lseek(descriptor, off_t(offset), SEEK_SET)
        return true
      }
      // The number is another file's now, or the file was emptied and filled anew.
      close(descriptor)
      descriptor = -1
    }
    losses.append(
      "the file that '\(path)' was when it was last read is gone; what followed byte \(position.offset) of it is not read"
    )
    var gone = LogFile(path, stat())
    (gone.device, gone.inode, gone.modified) = (-1, -1, position.modified)
    finished = (gone, position)
    return false
  }

  // MARK: - Reading

  private func read(reusing used: TextChunk?) -> TextChunk? {
    var bytes = rest
    var lineEnd: Int?
    while lineEnd == nil || bytes.count < size {
      let before = bytes.count
      let piece = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        repeat { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        count = max(0, count)
      }
      if piece.isEmpty { break }
      bytes = bytes.isEmpty ? piece : bytes + piece
      if let last = bytes[before...].lastIndex(of: 10) { lineEnd = last + 1 }
      if lineEnd == nil, bytes.count > longest { break }
      if piece.count < size, lineEnd != nil { break }
    }
    guard let end = lineEnd ?? (bytes.count > longest ? bytes.count : nil) else {
      rest = bytes
      return nil
    }
    let chunk = take(bytes[..<end], isWhole: lineEnd != nil)
    rest = Array(bytes[end...])
    return chunk
  }

  private func take(_ bytes: ArraySlice<UInt8>, isWhole: Bool) -> TextChunk {
    let chunk = TextChunk(holding: bytes, index: index, offset: offset, line: line, endsInsideLine: !isWhole)
    index += 1
    offset += bytes.count
    line += chunk.lineCount
    return chunk
  }

  // MARK: - Rotation

  private func atEnd() -> Step {
    guard let file else { return .quiet }
    var status = stat()
    fstat(descriptor, &status)
    if Int(status.st_size) < offset {
      lseek(descriptor, 0, SEEK_SET)
      (offset, line, rest, head) = (0, 1, [], (-1, 0))
      return .loss("'\(path)' was emptied while it was read; what was written just before may be lost")
    }
    guard let current = LogFile(path) else { return .quiet }
    if current.device == file.device, current.inode == file.inode { return .quiet }
    // The writer may go on with the old file for a moment: it has left it where the new one has something.
    quietSteps += 1
    if current.size == 0, quietSteps < 20 { return .quiet }
    return finish(LogFile(path, status))
  }

  private func finish(_ own: LogFile) -> Step {
    // Between the last read and the look at the name more may have come.
    if let chunk = read(reusing: nil) { return .text(chunk) }
    let last = rest.isEmpty ? nil : take(rest[...], isWhole: true)
    rest = []
    if let position { finished = (own, position) }
    close(descriptor)
    descriptor = -1
    return .end(last)
  }
}

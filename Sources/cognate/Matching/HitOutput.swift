import Glibc
import SourceText

/// Where hits go: standard output, or a file that grows.
///
/// With a state file, a file of hits is cut back to what it was when the state was kept: what came after is said again.
final class HitOutput {
  private let path: String?
  private var descriptor: Int32 = -1
  private var pending: [UInt8] = []
  private(set) var length = 0

  /// - Parameters:
  ///   - path: A file; nil for standard output.
  ///   - kept: How long the file was when the state was kept; nil to begin it anew.
  init(_ path: String?, keeping kept: Int?) throws {
    self.path = path
    guard let path else { return }
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw fault() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Stop(.nothingDone, "'\(visible(path))' is no regular file") }
    length = min(kept ?? 0, Int(status.st_size))
    if let kept, kept > length {
      throw Stop(
        .nothingDone, "'\(visible(path))' is shorter than it was when the state was kept: it is not that file")
    }
    guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, off_t(length), SEEK_SET) >= 0 else {
      throw fault()
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func write(_ bytes: some Collection<UInt8>) {
    guard path != nil else { return Console.output.write(bytes) }
    length += bytes.count
    pending += bytes
    if pending.count > 1 << 16 { flush() }
  }

  /// Writes what is pending, so that it is there before the state says so.
  func flush() {
    guard path != nil else { return Console.output.flush() }
    var start = 0
    while start < pending.count {
      let written = pending[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      if written <= 0 {
        Console.error.line("error: \(fault().message ?? "")")
        exitNow(.nothingDone)
      }
      start += written
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// The file and its length, once all is on the disk; nil for standard output.
  func settle() -> (path: String, length: Int)? {
    flush()
    guard let path else { return nil }
    fdatasync(descriptor)
    return (path, length)
  }

  private func fault() -> Stop {
    Stop(.nothingDone, "'\(visible(path ?? ""))' cannot be written: \(String(cString: strerror(errno)))")
  }
}

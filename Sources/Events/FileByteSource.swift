import Glibc
import SourceText

/// The bytes of an open file, pipe or terminal.
public final class FileByteSource: ByteSource {
  private let descriptor: Int32
  private let isOwned: Bool
  private let pieceSize = 1 << 19

  /// Opens a file; a folder is refused.
  public init(path: String) throws(ByteFailure) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw ByteFailure(.unreadableFile, "there is no such file") }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw ByteFailure(.unreadableFile, "it is a folder") }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    isOwned = true
    guard descriptor >= 0 else { throw ByteFailure(.unreadableFile, "it cannot be opened") }
  }

  private init(borrowing descriptor: Int32) {
    self.descriptor = descriptor
    isOwned = false
  }

  deinit { if isOwned, descriptor >= 0 { close(descriptor) } }

  public static var standardInput: FileByteSource { FileByteSource(borrowing: 0) }

  public func next() throws(ByteFailure) -> [UInt8]? {
    var failure: ByteFailure?
    let piece = [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, count in
      do throws(ByteFailure) {
        count = try read(into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return piece.isEmpty ? nil : piece
  }

  /// Reads as many bytes as are there and fit; none at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteFailure) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR {
        throw ByteFailure(.unreadableFile, "it cannot be read: \(String(cString: strerror(errno)))")
      }
    }
  }
}

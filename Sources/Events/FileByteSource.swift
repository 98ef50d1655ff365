import Foundation
import SourceText

/// The bytes of an open file, pipe or terminal.
public struct FileByteSource: ByteSource {
  private let handle: FileHandle
  private let pieceSize = 1 << 18

  /// Opens a file; a folder is refused.
  public init(path: String) throws(ByteFailure) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ByteFailure(.unreadableFile, "there is no such file")
    }
    guard !isFolder.boolValue else { throw ByteFailure(.unreadableFile, "it is a folder") }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw ByteFailure(.unreadableFile, "it cannot be opened")
    }
    self.handle = handle
  }

  private init(_ handle: FileHandle) { self.handle = handle }

  public static var standardInput: FileByteSource { FileByteSource(.standardInput) }

  public mutating func next() throws(ByteFailure) -> [UInt8]? {
    do {
      guard let data = try handle.read(upToCount: pieceSize), !data.isEmpty else { return nil }
      return Array(data)
    } catch {
      throw ByteFailure(.unreadableFile, "it cannot be read: \(error.localizedDescription)")
    }
  }
}

import Events
import Foundation
import SourceText
import Testing

@Suite struct FileByteSourceTests {
  private static func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("events-\(UUID().uuidString).json")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
  }

  @Test func `a file is read piece by piece`() throws {
    let line = "{\"id\":\"a\",\"x\":\"" + String(repeating: "y", count: 1_000) + "\"}\n"
    let bytes = Array(String(repeating: line, count: 2_000).utf8)
    for file in [bytes, gzip(bytes)] {
      try Self.withFile(file) { path in
        let count = EventReader(try FileByteSource(path: path), name: "f").reduce(into: 0) { $0 += $1.isRecord ? 1 : 0 }
        #expect(count == 2_000)
      }
    }
  }

  @Test func `a file that is none is refused with the reason`() throws {
    #expect(throws: ByteFailure(.unreadableFile, "there is no such file")) { try FileByteSource(path: "/no/such") }
    #expect(throws: ByteFailure(.unreadableFile, "it is a folder")) { try FileByteSource(path: "/") }
  }
}

extension EventReading {
  fileprivate var isRecord: Bool { if case .record = self { true } else { false } }
}

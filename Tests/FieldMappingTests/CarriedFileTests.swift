import CResources
import Foundation
import Testing

@Suite struct CarriedFileTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test(arguments: ["attack", "mappings", "operations", "templates"])
  func `the program carries every file of the folder, as it is`(folder: String) throws {
    let url = Self.root.appendingPathComponent(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix(".") }.sorted()
    let carried = (0..<cresources_count()).map { cresources_at($0) }.filter { String(cString: $0.folder) == folder }
    #expect(!names.isEmpty)
    #expect(carried.map { String(cString: $0.name) }.sorted() == names)
    for resource in carried {
      let onDisk = try Data(contentsOf: url.appendingPathComponent(String(cString: resource.name)))
      #expect(Data(bytes: resource.bytes, count: resource.size) == onDisk)
    }
  }

  @Test func `there is nothing behind the last file`() {
    #expect(cresources_at(cresources_count()).bytes == nil)
  }
}

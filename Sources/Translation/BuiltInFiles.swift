import CResources
import SourceText

/// The mapping and operation files that the program carries.
enum BuiltInFiles {
  static let mappings: [SourceFile] = files(in: "mappings")
  static let operations: [SourceFile] = files(in: "operations")

  private static func files(in folder: String) -> [SourceFile] {
    (0..<cresources_count()).compactMap { index in
      let resource = cresources_at(index)
      guard String(cString: resource.folder) == folder else { return nil }
      let bytes = UnsafeBufferPointer(start: resource.bytes, count: resource.size)
      return SourceFile(name: "\(folder)/\(String(cString: resource.name))", bytes: Array(bytes))
    }
  }
}

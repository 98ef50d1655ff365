import CResources
public import SourceText

/// The mapping and operation files that the program carries, so that it works from any folder.
public enum CarriedFiles {
  public enum Folder: String, Sendable {
    case mappings, operations
  }

  /// The files of a folder by name, as files named `mappings/kubernetes-audit.yml`.
  public static func files(in folder: Folder) -> [SourceFile] {
    (0..<cresources_count()).map { cresources_at($0) }.filter { String(cString: $0.folder) == folder.rawValue }
      .map { resource in
        SourceFile(
          name: "\(folder.rawValue)/\(String(cString: resource.name))",
          bytes: Array(UnsafeBufferPointer(start: resource.bytes, count: resource.size)))
      }
  }
}

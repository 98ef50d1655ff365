import CResources
public import SourceText

/// The files that the program carries: mappings, operations, templates of pages, and the table of ATT&CK's techniques.
///
/// It works from any folder for that.
public enum CarriedFiles {
  public enum Folder: String, Sendable {
    case attack, mappings, operations, templates
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

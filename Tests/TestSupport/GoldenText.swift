import Foundation

/// Texts recorded in `Tests/Golden`, which a change of behaviour changes with it.
///
/// `UPDATE_GOLDEN=1` in the environment records them anew.
public enum GoldenText {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Golden")

  /// How a text differs from the recorded one; nil where it does not.
  public static func difference(of text: String, from name: String) -> String? {
    let file = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      do {
        let parent = file.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return nil
      } catch {
        return "\(name) cannot be written: \(error)"
      }
    }
    guard let data = try? Data(contentsOf: file) else { return "\(name) is not recorded; run with UPDATE_GOLDEN=1" }
    let recorded = String(decoding: data, as: UTF8.self)
    guard recorded != text else { return nil }
    let (old, new) = (recorded.components(separatedBy: "\n"), text.components(separatedBy: "\n"))
    let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
    func shown(_ lines: [String]) -> String { line < lines.count ? lines[line] : "the end" }
    return "\(name):\(line + 1) differs\n  recorded: \(shown(old))\n  now:      \(shown(new))"
  }
}

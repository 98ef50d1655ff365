import Foundation
import LanguageSupport
import RuleIR
import SourceText
import Translation

/// The rules of this repository.
enum RulePack {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let translator: Translator? = try? Translator()

  /// Every rule of `vendor-rules`, in the order of paths.
  static let rules: [LoadedRule] = files(in: "vendor-rules").flatMap(load)

  static func files(in folder: String) -> [String] {
    let all =
      FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)?
      .compactMap { $0 as? String } ?? []
    return all.map { folder + "/" + $0 }.sorted()
  }

  static func source(_ path: String) -> SourceFile? {
    guard let data = try? Data(contentsOf: root.appendingPathComponent(path)) else { return nil }
    return SourceFile(name: path, bytes: Array(data))
  }

  private static func load(_ path: String) -> [LoadedRule] {
    guard let translator, let file = source(path), let reader = translator.reader(for: file) else { return [] }
    var companions: [String: SourceFile] = [:]
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    for name in reader.companions(of: file) { companions[name] = source(folder + "/" + name) }
    let macros = files(in: "vendor-rules/splunk").filter { $0.contains("macros") }.compactMap(source)
    return translator.load(
      file, path: path, with: reader, in: ReadingContext(companions: companions, macroFiles: macros))
  }

  /// The detection that a file is one vendor's form of.
  static func detection(_ rule: LoadedRule) -> String {
    let name = rule.path.split(separator: "/").last.map(String.init) ?? rule.path
    let stem = name.split(separator: ".").first.map(String.init) ?? name
    return stem.hasSuffix("_esql") ? String(stem.dropLast(5)) : stem
  }
}

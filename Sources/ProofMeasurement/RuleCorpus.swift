import Foundation
import LanguageSupport
import RuleIR
import SourceText
import Translation

/// The modelled rules of files on disk, in the fields of the event where a mapping knows them.
struct RuleCorpus {
  struct Entry {
    var name: String
    var path: String
    /// Whether the file holds one rule of one condition on events.
    var isSole: Bool
    var form: String
    var mapping: String?
    var predicate: RuleIR.Predicate
  }

  private(set) var entries: [Entry] = []
  /// Rules that were refused or are not modelled, by form.
  private(set) var unmodelled: [String: Int] = [:]

  init(_ paths: [String], macros: [String], _ translator: Translator) {
    let macroFiles = macros.flatMap(Self.files).compactMap(Self.source)
    for path in paths.flatMap(Self.files) {
      guard let file = Self.source(path), let reader = translator.reader(for: file) else { continue }
      let context = ReadingContext(companions: Self.companions(path, file, reader), macroFiles: macroFiles)
      let rules = translator.load(file, path: path, with: reader, in: context)
      for rule in rules { add(rule, beside: rules.count - 1) }
    }
  }

  private mutating func add(_ rule: LoadedRule, beside others: Int) {
    guard let body = rule.neutral?.body else {
      unmodelled[rule.form, default: 0] += 1
      return
    }
    if case .unmodelled = body {
      unmodelled[rule.form, default: 0] += 1
      return
    }
    for (step, predicate) in body.predicates.enumerated() {
      let name = "\(rule.path)#\(rule.index)" + (step == 0 ? "" : ".\(step)")
      let isSole = if case .predicate = body { others == 0 } else { false }
      entries.append(
        Entry(
          name: name, path: rule.path, isSole: isSole, form: rule.form, mapping: rule.mapping, predicate: predicate))
    }
  }

  private static func source(_ path: String) -> SourceFile? {
    FileManager.default.contents(atPath: path).map { SourceFile(name: path, bytes: [UInt8]($0)) }
  }

  private static func companions(
    _ path: String, _ file: SourceFile, _ reader: any RuleReader.Type
  ) -> [String: SourceFile] {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    var found: [String: SourceFile] = [:]
    for name in reader.companions(of: file) { found[name] = source(folder.appendingPathComponent(name).path) }
    return found
  }

  private static func files(_ path: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
    guard isFolder.boolValue else { return [path] }
    let found = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let endings = [".yml", ".yaml", ".toml", ".kuery", ".esql", ".spl", ".kusto", ".conf"]
    return found.filter { name in endings.contains { name.hasSuffix($0) } }.sorted().map { path + "/" + $0 }
  }
}

import LanguageSupport
import RuleIR
import SourceText
import Translation

/// The rules of a folder, or of a file, as they are and as they were at a revision: those that changed.
struct RuleHistory {
  /// A rule before and after; nil where it was not there, or is no longer.
  struct Change {
    var before: LoadedRule?
    var after: LoadedRule?
  }

  private(set) var changes: [Change] = []

  /// - Throws: What is wrong with the revision or the path.
  init(of path: String, since revision: String, _ rules: RuleOptions, _ translator: Translator) throws {
    let isFolder = InputFiles.kind(of: path) == .folder
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let folder = isFolder ? path : parts.dropLast().joined(separator: "/")
    let git = Git(folder: folder.isEmpty && path.hasPrefix("/") ? "/" : folder)
    let commit = try git.commit(revision)
    // Names below the folder alone; untracked files are new ones.
    var touched = Set(try git.names(["diff", "--name-only", "-z", "--relative", "--no-renames", commit, "--", "."]))
    touched.formUnion(try git.names(["ls-files", "--others", "--exclude-standard", "-z", "--", "."]))
    let prefix = folder.isEmpty ? "" : folder.hasSuffix("/") ? folder : folder + "/"
    let macros = try InputFiles.expand(rules.macros).map { try InputFiles.source($0) }

    var (before, after): ([LoadedRule], [LoadedRule]) = ([], [])
    let present = try InputFiles.kind(of: path) == .absent ? [] : InputFiles.expand([path])
    let names = present.compactMap { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }
    let gone = touched.filter { InputFiles.kind(of: prefix + $0) == .absent && (isFolder || prefix + $0 == path) }
    for name in names + gone.sorted() {
      func now(_ name: String) throws -> SourceFile? {
        InputFiles.kind(of: prefix + name) == .file ? try InputFiles.source(prefix + name) : nil
      }
      func then(_ name: String) throws -> SourceFile? {
        try git.contents(of: name, at: commit).map { SourceFile(name: prefix + name, bytes: $0) }
      }
      let current = try now(name)
      guard
        touched.contains(name) || Self.companions(current, name, rules, translator).contains(where: touched.contains)
      else { continue }
      after += try Self.load(current, name, prefix, macros, rules, translator, now)
      before += try Self.load(try then(name), name, prefix, macros, rules, translator, then)
    }
    changes = Self.paired(before, after)
  }

  /// The names, below the folder, of the files that a rule file is read with.
  private static func companions(
    _ file: SourceFile?, _ name: String, _ rules: RuleOptions, _ translator: Translator
  ) -> [String] {
    guard let file, let reader = translator.reader(for: file, named: rules.from) else { return [] }
    return reader.companions(of: file).filter { !$0.contains("/") && !$0.isEmpty }.map { beside(name, $0) }
  }

  private static func beside(_ name: String, _ companion: String) -> String {
    (name.split(separator: "/").dropLast().map(String.init) + [companion]).joined(separator: "/")
  }

  private static func load(
    _ file: SourceFile?, _ name: String, _ prefix: String, _ macros: [SourceFile], _ rules: RuleOptions,
    _ translator: Translator, _ source: (String) throws -> SourceFile?
  ) throws -> [LoadedRule] {
    guard let file, let reader = translator.reader(for: file, named: rules.from) else { return [] }
    var companions: [String: SourceFile] = [:]
    for companion in reader.companions(of: file) where !companion.contains("/") && !companion.isEmpty {
      companions[companion] = try source(beside(name, companion))
    }
    let context = ReadingContext(companions: companions, macroFiles: macros)
    return translator.load(file, path: prefix + name, with: reader, in: context)
  }

  // MARK: - Pairs

  /// Puts together what is one rule by its id, or by its file, title and place; leaves out what did not change.
  private static func paired(_ before: [LoadedRule], _ after: [LoadedRule]) -> [Change] {
    var waiting: [String: [LoadedRule]] = [:]
    for rule in before { waiting[key(rule), default: []].append(rule) }
    var changes: [Change] = []
    for rule in after {
      var old: LoadedRule?
      if var found = waiting[key(rule)], !found.isEmpty {
        old = found.removeFirst()
        waiting[key(rule)] = found
      }
      changes.append(Change(before: old, after: rule))
    }
    let left = before.filter { rule in
      waiting[key(rule)]?.contains { $0.path == rule.path && $0.index == rule.index } ?? false
    }
    changes += left.map { Change(before: $0, after: nil) }
    return changes.filter { change in
      guard let before = change.before, let after = change.after else { return true }
      return before.neutral != after.neutral || before.isRefused != after.isRefused
    }
  }

  private static func key(_ rule: LoadedRule) -> String {
    if let id = rule.source?.metadata.id { return "\(rule.form) \(id)" }
    return "\(rule.path)#\(rule.index)"
  }
}

import LanguageSupport
import Translation

/// The files of a run in their order, until all are known and each reader can read its own together.
struct LoadedFiles {
  private enum Entry {
    /// One that no reader has to look at.
    case done(LoadedRule)
    case file(RuleFile, path: String, reader: any RuleReader.Type)
  }

  private var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  mutating func add(_ rule: LoadedRule) { entries.append(.done(rule)) }

  mutating func add(_ file: RuleFile, path: String, for reader: any RuleReader.Type) {
    entries.append(.file(file, path: path, reader: reader))
  }

  /// Every rule, in the order of the files.
  func loaded(by translator: Translator) -> [LoadedRule] {
    var rules = [[LoadedRule]](repeating: [], count: entries.count)
    var places: [String: [Int]] = [:]
    for (index, entry) in entries.enumerated() {
      switch entry {
      case .done(let rule): rules[index] = [rule]
      case .file(_, _, let reader): places[reader.name, default: []].append(index)
      }
    }
    for own in places.values {
      for (index, loaded) in zip(own, load(own, translator)) { rules[index] = loaded }
    }
    return rules.flatMap(\.self)
  }

  /// What one reader makes of the files that are its own.
  private func load(_ places: [Int], _ translator: Translator) -> [[LoadedRule]] {
    var files: [RuleFile] = []
    var paths: [String] = []
    var own: (any RuleReader.Type)?
    for place in places {
      guard case .file(let file, let path, let reader) = entries[place] else { continue }
      files.append(file)
      paths.append(path)
      own = reader
    }
    return own.map { translator.load(files, paths: paths, with: $0) } ?? []
  }
}

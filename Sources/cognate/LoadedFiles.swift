import LanguageSupport
import Translation

/// The files of a run in their order, until all are known and each reader can read its own together.
struct LoadedFiles {
  enum Entry: Sendable {
    /// One that no reader has to look at.
    case done(LoadedRule)
    case file(RuleFile, path: String, reader: any RuleReader.Type)
  }

  private let entries: [Entry]

  init(_ entries: [Entry?]) { self.entries = entries.compactMap(\.self) }

  var isEmpty: Bool { entries.isEmpty }

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
    // Readers know nothing of one another, so that each may have a core of its own.
    let groups = Array(places.values)
    let loaded = Parallel.map(groups.count, portion: 1) { load(groups[$0], translator) }
    for (own, rulesOfFiles) in zip(groups, loaded) {
      for (index, found) in zip(own, rulesOfFiles) { rules[index] = found }
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

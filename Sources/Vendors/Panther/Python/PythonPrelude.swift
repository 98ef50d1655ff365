import LanguageSupport
import SourceText

/// The functions that a written rule brings along, where its condition needs them.
///
/// They give Python the rule model's meaning of values, texts and numbers, and never fail, whatever the event holds.
/// The reader knows them by their name and takes them for what they mean, but only if their text is exactly this.
enum PythonPrelude {
  struct Function {
    let name: String
    let text: String
    /// The function's tokens without its place.
    let kinds: [PythonToken]
    /// The names that occur in it.
    let names: Set<String>

    fileprivate init(_ text: String) {
      let tokens = (try? PythonLexer.tokens(of: Passage(text: text))) ?? []
      kinds = tokens.map(\.kind).filter { $0 != .line(indentation: 0) }
      names = PythonPrelude.names(in: tokens)
      self.text = text
      if kinds.count > 1, case .name(let name) = kinds[1] { self.name = name } else { self.name = "" }
    }
  }

  /// In an order in which each stands before what needs it at once.
  static let functions: [Function] =
    (texts + numbers + paths + comparisons).map { Function($0) }

  static func function(named name: String) -> Function? { functions.first { $0.name == name } }

  static func names(in tokens: [Token<PythonToken>]) -> Set<String> {
    Set(
      tokens.compactMap { token in
        if case .name(let name) = token.kind { name } else { nil }
      })
  }

  /// The imports and functions that a text needs, each followed by two empty lines.
  static func needed(by text: String) throws(Diagnostic) -> String {
    var known = names(in: try PythonLexer.tokens(of: Passage(text: text)))
    var chosen: Set<String> = []
    while let next = functions.first(where: { known.contains($0.name) && !chosen.contains($0.name) }) {
      chosen.insert(next.name)
      known.formUnion(next.names)
    }
    let imports = Self.imports.filter { !known.isDisjoint(with: $0.names) }.map { line in
      let used = line.names.filter(known.contains)
      return line.module.map { "from \($0) import \(used.joined(separator: ", "))" } ?? "import \(line.names[0])"
    }
    let bodies = functions.filter { chosen.contains($0.name) }.map { $0.text + "\n\n\n" }
    return (imports.isEmpty ? "" : imports.joined(separator: "\n") + "\n\n\n") + bodies.joined()
  }

  private static let imports: [(module: String?, names: [String])] = [
    (nil, ["ipaddress"]),
    (nil, ["re"]),
    ("collections.abc", ["Mapping", "Sequence"]),
    ("datetime", ["datetime", "timezone"]),
  ]
}

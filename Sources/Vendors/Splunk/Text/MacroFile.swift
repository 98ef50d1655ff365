import Documents
import SourceText

/// Reads macro definitions: macros.conf, and the YAML files of a content repository (`name`, `arguments`,
/// `definition`).
enum MacroFile {
  static func read(_ file: SourceFile) throws(Diagnostic) -> [Macro] {
    file.name.hasSuffix(".yml") || file.name.hasSuffix(".yaml") ? try readYAML(file) : try readConf(file)
  }

  /// Every macro of the files, later ones first in importance; a file that cannot be read is named.
  static func table(of files: [SourceFile]) -> (MacroTable, [Diagnostic]) {
    var table = MacroTable()
    var diagnostics: [Diagnostic] = []
    for file in files {
      do throws(Diagnostic) {
        for macro in try read(file) { table.add(macro) }
      } catch {
        diagnostics.append(error)
      }
    }
    return (table, diagnostics)
  }

  private static func readYAML(_ file: SourceFile) throws(Diagnostic) -> [Macro] {
    var macros: [Macro] = []
    for document in try YAMLReader.read(file) {
      let entries = document.elements ?? [document]
      for entry in entries {
        guard let name = entry["name"]?.text, let definition = entry["definition"]?.scalar else {
          throw Diagnostic(
            .missingKey, "a macro needs 'name' and 'definition'", at: entry.range, label: "lacks one of them")
        }
        macros.append(
          Macro(name, parameters: entry["arguments"]?.texts ?? [], definition: definition.passage))
      }
    }
    return macros
  }

  /// Stanzas `[name]` and `[name(2)]`, with `args = a, b`.
  private static func readConf(_ file: SourceFile) throws(Diagnostic) -> [Macro] {
    try ConfFile(file).stanzas.compactMap { stanza in
      guard let definition = stanza["definition"] else { return nil }
      let name = String(stanza.name.prefix { $0 != "(" })
      let parameters = (stanza["args"]?.text ?? "").split(separator: ",").map(trimmed)
      let flag = stanza["iseval"]?.text.lowercased() ?? "0"
      return Macro(
        name, parameters: parameters.filter { !$0.isEmpty }, definition: definition,
        isEval: flag == "1" || flag == "true")
    }
  }
}

/// The text without blanks at its ends.
func trimmed(_ text: some StringProtocol) -> String {
  let blanks = text.drop(while: \.isWhitespace)
  guard let last = blanks.lastIndex(where: { !$0.isWhitespace }) else { return "" }
  return String(blanks[...last])
}

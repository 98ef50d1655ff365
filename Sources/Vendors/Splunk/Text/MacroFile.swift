import Documents
import SourceText
import Synchronization

/// Reads macro definitions: macros.conf, the YAML files of a content repository (`name`, `arguments`, `definition`),
/// and single ones as a command line gives them.
enum MacroFile {
  static func read(_ file: SourceFile) throws(Diagnostic) -> [Macro] {
    if file.name == definitionName { return [try readDefinition(file)] }
    return file.name.hasSuffix(".yml") || file.name.hasSuffix(".yaml") ? try readYAML(file) : try readConf(file)
  }

  /// The name of a file that is one definition: `name=text`, `name(a, b)=text with $a$`.
  static let definitionName = "--macro"

  /// Macros of the Common Information Model, an app that every search of a data model rests on; a definition that is
  /// given takes their place.
  ///
  /// https://docs.splunk.com/Documentation/CIM/latest/User/Overview
  private static let shared = SourceFile(
    name: "<macros of Splunk_SA_CIM>",
    text: """
      [drop_dm_object_name(1)]
      args = object_name
      definition = rename $object_name$.* as *

      """)

  /// The files that were read last, and what is in them: a run reads many rules with the same macros.
  private static let last = Mutex<(files: [SourceFile], found: (MacroTable, [Diagnostic]))?>(nil)

  /// Every macro of the files, later ones first in importance; a file that cannot be read is named.
  static func table(of given: [SourceFile]) -> (MacroTable, [Diagnostic]) {
    last.withLock { last in
      if let last, last.files.count == given.count, zip(last.files, given).allSatisfy({ $0 === $1 }) {
        return last.found
      }
      let found = readAll([shared] + given)
      last = (given, found)
      return found
    }
  }

  private static func readAll(_ files: [SourceFile]) -> (MacroTable, [Diagnostic]) {
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

  private static func readConf(_ file: SourceFile) throws(Diagnostic) -> [Macro] {
    var macros: [Macro] = []
    for stanza in try ConfFile(file).stanzas {
      if let macro = try read(stanza) { macros.append(macro) }
    }
    return macros
  }

  /// A stanza `[name]` or `[name(2)]`, with `args = a, b`; nil where it defines nothing.
  private static func read(_ stanza: ConfFile.Stanza) throws(Diagnostic) -> Macro? {
    guard let definition = stanza["definition"] else { return nil }
    let (name, count) = split(stanza.name)
    let parameters = names(stanza["args"]?.text ?? "")
    guard parameters.count == count.map({ Int($0) ?? 0 }) ?? 0 else {
      throw Diagnostic(
        .wrongArguments, "the macro '\(name)' has \(parameters.count) names for \(count ?? "0") arguments",
        at: stanza.place, label: "says how many arguments it takes", help: "'args' names each, parted by commas")
    }
    let flag = stanza["iseval"]?.text.lowercased() ?? "0"
    return Macro(name, parameters: parameters, definition: definition, isEval: flag == "1" || flag == "true")
  }

  /// `name=text`, `name(a, b)=text`.
  private static func readDefinition(_ file: SourceFile) throws(Diagnostic) -> Macro {
    let equals = file.bytes.firstIndex(of: UInt8(ascii: "="))
    let (name, parameters) = split(String(decoding: file.bytes[..<(equals ?? 0)], as: UTF8.self))
    guard let equals, !name.isEmpty else {
      throw Diagnostic(
        .invalidValue, "a macro is given as NAME=DEFINITION", at: file.wholeRange, label: "no name before a '='")
    }
    return Macro(
      name, parameters: names(parameters ?? ""),
      definition: Passage(file: file).slice((equals + 1)..<file.bytes.count))
  }

  /// A name and what stands in parentheses behind it.
  private static func split(_ text: String) -> (name: String, inside: String?) {
    guard let open = text.firstIndex(of: "(") else { return (trimmed(text), nil) }
    return (trimmed(text[..<open]), trimmed(text[text.index(after: open)...].prefix { $0 != ")" }))
  }

  private static func names(_ text: String) -> [String] {
    text.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
  }
}

/// The text without blanks at its ends.
func trimmed(_ text: some StringProtocol) -> String {
  let blanks = text.drop(while: \.isWhitespace)
  guard let last = blanks.lastIndex(where: { !$0.isWhitespace }) else { return "" }
  return String(blanks[...last])
}

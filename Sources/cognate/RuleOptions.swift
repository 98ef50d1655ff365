public import ArgumentParser
public import FieldMapping
import LanguageSupport
import RuleIR
import SourceText
import Translation

extension UnmappedPolicy: ExpressibleByArgument {}

/// How rules are read: what every command that takes rules takes.
struct RuleOptions: ParsableArguments {
  @Option(help: "The form of the rules, where it cannot be told from file and content.")
  var from: String?

  @Option(help: "A mapping by its name, or a mapping file that adds to the program's or replaces one of theirs.")
  var map: [String] = []

  @Option(
    help: "A field without a mapping: error, warn (its name is kept), or keep (in silence). (default: error)")
  var unmapped: UnmappedPolicy?

  @Option(help: "A file or folder of macro definitions (macros.conf, or a YAML file a macro).")
  var macros: [String] = []

  @Option(help: "A macro by itself: NAME=DEFINITION, or NAME(ARGUMENT, …)=DEFINITION; it goes before those of files.")
  var macro: [String] = []

  @Option(help: "A YAML file with the values of placeholders, for Sigma's 'expand': a mapping from names to values.")
  var placeholders: String?

  /// The translator that these options ask for.
  ///
  /// - Parameter standard: What becomes of a field without a mapping where the options do not say.
  func translator(unmapped standard: UnmappedPolicy = .error) throws -> Translator {
    var files: [SourceFile] = []
    var names: [String] = []
    for entry in map {
      if InputFiles.kind(of: entry) == .file {
        files.append(try InputFiles.source(entry))
      } else {
        names.append(entry)
      }
    }
    do throws(Diagnostic) {
      var translator = try Translator(mappingFiles: files, unmapped: unmapped ?? standard)
      if !names.isEmpty { try translator.select(mappings: names) }
      return translator
    } catch {
      Console.error.line(DiagnosticRenderer().render(error))
      throw Stop(.nothingDone)
    }
  }

  /// Every rule of the files that paths name; files that cannot be read are told as refused rules.
  func load(_ paths: [String], with translator: Translator) throws -> [LoadedRule] {
    let macroFiles = try macroFiles()
    if let from, translator.reader(named: from) == nil {
      let known = translator.readerNames
      let help = nearestName(to: from, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw Stop(.nothingDone, "'\(from)' is no form of rules\(help) Known: \(known.joined(separator: ", "))")
    }
    let placeholders = try placeholderValues()
    let files = try InputFiles.expand(paths)
    let (from, named) = (from, Set(paths))
    let rules = LoadedFiles(
      Parallel.map(files.count) { index in
        Self.entry(
          files[index], from: from, isNamed: named.contains(files[index]), macroFiles, placeholders, translator)
      })
    guard !rules.isEmpty else {
      throw Stop(.nothingDone, "there are no rules in \(paths.joined(separator: ", "))")
    }
    return rules.loaded(by: translator)
  }

  /// A file with the reader that takes it; nil where it is none of rules, and nothing is wrong with that.
  private static func entry(
    _ path: String, from: String?, isNamed: Bool, _ macroFiles: [SourceFile], _ placeholders: Placeholders,
    _ translator: Translator
  ) -> LoadedFiles.Entry? {
    do throws(Diagnostic) {
      let file = try InputFiles.source(path)
      guard let reader = translator.reader(for: file, named: from) else {
        // In a folder, other files may lie beside the rules; a file that was named must be one, and one that is
        // not even in the form of its name is most likely a broken rule.
        if let fault = translator.fault(in: file) { return .done(translator.unreadable(path, fault)) }
        return isNamed ? .done(translator.unrecognised(file, path: path)) : nil
      }
      let context = ReadingContext(
        companions: try companions(of: file, path: path, reader), macroFiles: macroFiles, placeholders: placeholders)
      return .file(RuleFile(file, in: context), path: path, reader: reader)
    } catch {
      return .done(translator.unreadable(path, error))
    }
  }

  private func placeholderValues() throws -> Placeholders {
    guard let path = placeholders else { return Placeholders() }
    do throws(Diagnostic) {
      return try Placeholders(reading: try InputFiles.source(path))
    } catch {
      Console.error.line(DiagnosticRenderer().render(error))
      throw Stop(.nothingDone)
    }
  }

  /// Every rule of a file whose text is at hand, as if it were the file of its name.
  func load(_ file: SourceFile, with translator: Translator) throws -> [LoadedRule] {
    guard let reader = translator.reader(for: file, named: from) else { return [] }
    let context = ReadingContext(
      companions: try Self.companions(of: file, path: file.name, reader), macroFiles: try macroFiles(),
      placeholders: try placeholderValues())
    return translator.load(file, path: file.name, with: reader, in: context)
  }

  private func macroFiles() throws -> [SourceFile] {
    try InputFiles.expand(macros).map { try InputFiles.source($0) }
      + macro.map { SourceFile(name: "--macro", text: $0) }
  }

  /// The files beside a rule file that its reader asks for.
  private static func companions(
    of file: SourceFile, path: String, _ reader: any RuleReader.Type
  ) throws(Diagnostic) -> [String: SourceFile] {
    var found: [String: SourceFile] = [:]
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    for name in reader.companions(of: file) where !name.contains("/") && !name.isEmpty {
      let beside = folder.isEmpty ? name : folder + "/" + name
      if InputFiles.kind(of: beside) == .file { found[name] = try InputFiles.source(beside) }
    }
    return found
  }
}

import ArgumentParser
import Catalogue
import Coverage
import SourceText
import Translation

struct CatalogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog", abstract: "Write the reference pages: what is watched, by which rules, and what they mean.",
    discussion: """
      Example: cognate catalog vendor-rules -o catalogue && xdg-open catalogue/index.html

      A page for each operation, resource, rule, field and technique, in one folder that opens from the disk without \
      a network. --check tells whether a folder is what would be written now.
      """)

  @Argument(help: "Rule files, folders, globs, or - for standard input.")
  var paths: [String]

  @Option(name: .shortAndLong, help: "The folder to write: a new or an empty one.")
  var output: String?

  @Option(
    help: "A catalogue that was written before: it is computed anew and compared, and a difference is exit code 1.")
  var check: String?

  @Option(
    help:
      "The operations: a name of the program's own, or a file; may be given several times. (default: all of its own)")
  var operations: [String] = []

  @Option(help: "Recorded events, to count operations in, to find gaps, and to show what rules fired on.")
  var events: [String] = []

  @OptionGroup var rules: RuleOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    guard (output == nil) != (check == nil) else {
      throw Stop(.nothingDone, "name the folder to write with -o, or one to compare with --check")
    }
    if let output { try OutputFolder.check(output) }
    if let check, InputFiles.kind(of: check) != .folder {
      throw Stop(.nothingDone, "there is no folder '\(visible(check))' to compare")
    }
    let translator = try rules.translator()
    let names = operations.isEmpty ? ["kubernetes-secrets", "kubernetes"] : operations
    let sets = try names.map { try translator.operations($0) }
    if let other = sets.first(where: { $0.mapping != sets[0].mapping }) {
      throw Stop(.nothingDone, "'\(other.id)' is about other events than '\(sets[0].id)': \(other.mapping)")
    }
    let loaded = try rules.load(paths, with: translator)
    var files = CatalogueFiles(translator: translator, sets: sets, eventPaths: events, common: common)
    let catalogue = Catalogue(try files.material(loaded))
    let unreadable = loaded.filter(\.isUnreadable)
    for rule in unreadable.prefix(20) { common.report(rule.diagnostics.filter { $0.severity == .error }) }
    if unreadable.count > 20 { common.note("and \(unreadable.count - 20) more files that could not be read") }
    if let check {
      let lines = try CatalogueFiles.differences(of: catalogue, from: check)
      for line in lines { Console.output.line(line) }
      if !lines.isEmpty { throw Stop(.findings) }
      common.note("\(check) is up to date")
    } else if let output {
      let count = try CatalogueFiles.write(catalogue, to: output)
      common.note("\(count) files in \(output); open \(output)/index.html")
    }
    if !unreadable.isEmpty || files.hasUnreadableEvents { throw Stop(.unreadable) }
  }
}

extension Translator {
  /// Operations by the name of a set that the program carries, or of a file.
  func operations(_ name: String) throws -> OperationSet {
    do throws(Diagnostic) {
      if InputFiles.kind(of: name) == .file { return try operationSet(in: try InputFiles.source(name)) }
      return try operationSet(named: name)
    } catch {
      Console.error.line(DiagnosticRenderer().render(error))
      throw Stop(.nothingDone)
    }
  }
}

import RuleIR
import SourceText
import Translation

/// Makes the changes that findings propose, each file at once.
///
/// Before a file is written it is read again: every rule in it must fire on the same events as before, which is
/// proved. Where the changes together fail that, each is tried alone.
struct RuleFixes {
  let translator: Translator
  /// Reads a changed file as the unchanged one was read.
  let read: (SourceFile) throws -> [LoadedRule]

  private(set) var fixedFiles = 0
  private(set) var madeChanges = 0

  init(translator: Translator, read: @escaping (SourceFile) throws -> [LoadedRule]) {
    self.translator = translator
    self.read = read
  }

  /// Whether anything was changed.
  mutating func apply(_ diagnostics: [Diagnostic]) throws -> Bool {
    var fixes: [(file: SourceFile, edits: [[Edit]])] = []
    for diagnostic in diagnostics {
      guard let file = diagnostic.fix.first?.range.file, file.name != "<stdin>",
        diagnostic.fix.allSatisfy({ $0.range.file === file })
      else { continue }
      if let index = fixes.firstIndex(where: { $0.file === file }) {
        fixes[index].edits.append(diagnostic.fix)
      } else {
        fixes.append((file, [diagnostic.fix]))
      }
    }
    let before = fixedFiles
    for (file, edits) in fixes { try fix(file, edits) }
    return fixedFiles > before
  }

  private mutating func fix(_ file: SourceFile, _ edits: [[Edit]]) throws {
    var kept = edits
    let original = try read(file)
    if try !isSame(original, file.applying(edits.flatMap(\.self))) {
      kept = try edits.filter { try isSame(original, file.applying($0)) }
      guard !kept.isEmpty, try isSame(original, file.applying(kept.flatMap(\.self))) else { return }
    }
    try OutputFiles.replace(file.name, with: file.applying(kept.flatMap(\.self)).bytes)
    fixedFiles += 1
    madeChanges += kept.count
  }

  /// Whether a changed file has the same rules as before.
  private func isSame(_ before: [LoadedRule], _ changed: SourceFile) throws -> Bool {
    let after = try read(changed)
    guard before.count == after.count else { return false }
    return zip(before, after).allSatisfy { old, new in
      guard let one = old.neutral, let other = new.neutral else {
        return old.neutral == nil && new.neutral == nil && old.source == new.source
      }
      return one.metadata == other.metadata
        && (one.body == other.body
          || RuleComparison(one.body, other.body, by: translator.prover(forMapping: old.mapping)).verdict == .equivalent)
    }
  }
}

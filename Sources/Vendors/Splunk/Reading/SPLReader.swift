public import LanguageSupport
import RuleIR
public import SourceText

/// Reads a bare search (`.spl`).
public enum SPLReader: RuleReader {
  public static let name = "spl"

  public static func recognises(_ file: SourceFile) -> Bool { file.name.lowercased().hasSuffix(".spl") }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let (macros, faults) = MacroFile.table(of: context.macroFiles)
    let title = FileName.stem(of: file.name)
    var reading = QueryReading.read(
      Passage(file: file), title: title, metadata: RuleMetadata(title: title, form: name), with: macros)
    reading.diagnostics = faults + reading.diagnostics
    reading.range = file.wholeRange
    return [reading]
  }
}

/// Puts a query's meaning and a rule file's metadata together.
enum QueryReading {
  static func read(
    _ query: Passage, title: String, metadata: RuleMetadata, with macros: MacroTable, ownFilters: Set<String> = []
  ) -> RuleReading {
    do throws(Diagnostic) {
      let meaning = try QueryMeaning.read(query, with: macros, ownFilters: ownFilters)
      var metadata = metadata
      metadata.source = meaning.source
      metadata.origin = Origin(query.wholeRange)
      if let lookback = meaning.lookback {
        metadata.schedule = Schedule(interval: metadata.schedule?.interval, lookback: lookback)
      }
      let rule = Rule(metadata: metadata, body: meaning.body)
      return RuleReading(rule, title: title, range: query.wholeRange, diagnostics: meaning.diagnostics)
    } catch {
      return RuleReading(nil, title: title, range: query.wholeRange, diagnostics: [error])
    }
  }
}

enum FileName {
  /// The last part of a path without its extension.
  static func stem(of path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = last.lastIndex(of: "."), dot != last.startIndex else { return last }
    return String(last[..<dot])
  }
}

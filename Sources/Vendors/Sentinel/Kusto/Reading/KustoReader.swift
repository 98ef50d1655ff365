public import LanguageSupport
import RuleIR
public import SourceText

/// Reads a file that holds one query of Kusto.
public enum KustoReader: RuleReader {
  public static let name = "kusto"
  public static var unknownFieldsMayBeLists: Bool { false }

  public static func recognises(_ file: SourceFile) -> Bool {
    if file.name.hasSuffix(".kusto") { return true }
    guard file.name.hasSuffix(".kql") || file.name.hasSuffix(".csl") else { return false }
    return file.text.contains("|")
  }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let passage = Passage(file: file)
    let title = stem(of: file.name)
    do {
      let query = try KustoQuery.read(passage)
      var metadata = RuleMetadata(title: title, form: name, origin: Origin(file.wholeRange))
      metadata.source = query.source
      metadata.schedule = query.lookback.map { Schedule(lookback: $0) }
      return [
        RuleReading(
          Rule(metadata: metadata, body: query.body), title: title, range: passage.wholeRange,
          diagnostics: query.diagnostics)
      ]
    } catch {
      return [.refused(error, title: title, in: file)]
    }
  }

  /// The file's name without its folder and without the ends that say its form.
  private static func stem(of name: String) -> String {
    let base = name.split(separator: "/").last.map(String.init) ?? name
    return base.split(separator: ".", maxSplits: 1).first.map(String.init) ?? base
  }
}

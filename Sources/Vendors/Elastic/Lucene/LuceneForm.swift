public import LanguageSupport
public import RuleIR
public import SourceText

/// A bare query string of Lucene.
public enum LuceneForm: RuleReader, RuleWriter {
  public static let name = "lucene"
  public static let fileExtension = ".lucene"

  /// By the file's name alone: the language has no mark of its own.
  public static func recognises(_ file: SourceFile) -> Bool { file.name.hasSuffix(fileExtension) }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let title = file.stem(droppingLast: fileExtension)
    do throws(Diagnostic) {
      let reading = try Lucene.read(Passage(file: file))
      let metadata = RuleMetadata(
        title: title, source: LogSource(vendor: "elastic"), form: name, origin: Origin(file.wholeRange))
      let rule = Rule(metadata: metadata, body: .predicate(reading.predicate))
      return [RuleReading(rule, title: title, range: file.wholeRange, diagnostics: reading.warnings)]
    } catch {
      return [.refused(error, title: title, in: file)]
    }
  }

  public static func support(for feature: Feature) -> Support { Lucene.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let feature: Feature
    let origin: Origin
    switch rule.body {
    case .predicate(let predicate):
      let fragment = try Lucene.print(predicate, for: schema)
      return WrittenRule(text: fragment.text + "\n", losses: fragment.losses)
    case .threshold(let threshold): (feature, origin) = (threshold.feature, threshold.origin)
    case .newTerms(let terms): (feature, origin) = (.newTerms, terms.origin)
    case .sequence(let sequence):
      (feature, origin) = (sequence.ordering == .ordered ? .orderedSequence : .unorderedSequence, sequence.origin)
    case .unmodelled(let rest): throw .unmodelled(rest, in: LucenePrinter.language)
    }
    throw .untranslatable(feature, in: LucenePrinter.language, because: "a query is about one event", at: origin)
  }
}

public import LanguageSupport
public import RuleIR
public import SourceText

/// A bare query in Kuery.
public enum KueryForm: RuleReader, RuleWriter {
  public static let name = "kuery"
  public static let fileExtension = ".kuery"

  /// By the file's name alone: the language has no mark of its own.
  public static func recognises(_ file: SourceFile) -> Bool { file.name.hasSuffix(fileExtension) }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let title = file.stem(droppingLast: fileExtension)
    do throws(Diagnostic) {
      let reading = try Kuery.read(Passage(file: file), flavour: .kibana)
      let metadata = RuleMetadata(
        title: title, source: LogSource(vendor: "elastic"),
        schedule: reading.searchSpan.map { Schedule(lookback: $0) }, form: name, origin: Origin(file.wholeRange))
      let rule = Rule(metadata: metadata, body: reading.body(of: Passage(file: file)))
      return [RuleReading(rule, title: title, range: file.wholeRange, diagnostics: reading.warnings)]
    } catch {
      return [.refused(error, title: title, in: file)]
    }
  }

  public static func support(for feature: Feature) -> Support { Kuery.support(for: feature) }

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let feature: Feature
    let origin: Origin
    switch rule.body {
    case .predicate(let predicate):
      let fragment = try Kuery.print(predicate, for: schema)
      return WrittenRule(text: fragment.text + "\n", losses: fragment.losses)
    case .threshold(let threshold): (feature, origin) = (threshold.feature, threshold.origin)
    case .newTerms(let terms): (feature, origin) = (.newTerms, terms.origin)
    case .sequence(let sequence):
      (feature, origin) = (sequence.ordering == .ordered ? .orderedSequence : .unorderedSequence, sequence.origin)
    case .unmodelled(let rest): throw .unmodelled(rest, in: KueryPrinter.language)
    }
    throw .untranslatable(feature, in: KueryPrinter.language, because: "a query is about one event", at: origin)
  }
}

extension Diagnostic {
  /// The error of a writer for a rule of which only the text is known.
  static func unmodelled(_ rest: Unmodelled, in language: String) -> Diagnostic {
    Diagnostic(
      .untranslatable, "\(language) cannot say what this model does not hold", at: rest.origin.range,
      label: rest.reason)
  }
}

extension Threshold {
  /// The feature that the measure is.
  var feature: Feature {
    switch measure {
    case .count: .threshold
    case .distinctCount: .distinctCount
    case .sum, .average: .sumOrAverage
    case .percentile: .percentile
    }
  }
}

extension SourceFile {
  /// The file's name without its folders and without an ending.
  func stem(droppingLast ending: String) -> String {
    let base = name.split(separator: "/").last.map(String.init) ?? name
    return base.hasSuffix(ending) && base != ending ? String(base.dropLast(ending.count)) : base
  }
}

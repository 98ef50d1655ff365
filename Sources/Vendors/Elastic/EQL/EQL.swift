public import LanguageSupport
import RuleIR
public import SourceText

/// EQL, the event query language of Elasticsearch.
///
/// Made for Endgame's sensors, whose dialect differs: what Elasticsearch refuses of it is read with a warning, and
/// always with the meaning that Elasticsearch gives to what it has.
///
/// <https://www.elastic.co/docs/reference/query-languages/eql/eql-syntax>
public enum EQL: RuleReader, RuleWriter {
  public static let name = "eql"
  public static let fileExtension = ".eql"

  /// The field of an event's category where a rule names no other.
  static let categoryField = "event.category"
  /// How long a query may be, in bytes.
  static let lengthLimit = 1 << 20

  /// Reads a query.
  ///
  /// - Parameter category: The field of an event's category.
  /// - Throws: the first thing that is wrong, with its place.
  static func parse(_ passage: Passage, category: String = categoryField) throws(Diagnostic) -> QueryReading {
    guard passage.bytes.count <= lengthLimit else {
      throw Diagnostic(
        .queryTooLong, "the query is longer than \(lengthLimit) bytes", at: passage.range(of: 0..<1),
        label: "\(passage.bytes.count) bytes start here")
    }
    var lexer = EQLLexer(passage)
    let tokens = try lexer.readTokens()
    var parser = EQLParser(tokens, of: passage, warnings: lexer.warnings)
    let statement = try parser.statement()
    var reader = EQLBody(passage, category: FieldPath(named: category))
    let body = try reader.body(of: statement)
    return QueryReading(body: body, warnings: parser.warnings + reader.notes)
  }

  /// By the file's name alone: the language has no mark of its own.
  public static func recognises(_ file: SourceFile) -> Bool { file.name.hasSuffix(fileExtension) }

  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let title = file.stem(droppingLast: fileExtension)
    do throws(Diagnostic) {
      let reading = try parse(Passage(file: file))
      let metadata = RuleMetadata(
        title: title, source: LogSource(vendor: Elastic.name), form: name, origin: Origin(file.wholeRange))
      let rule = Rule(metadata: metadata, body: reading.body)
      return [RuleReading(rule, title: title, range: file.wholeRange, diagnostics: reading.warnings)]
    } catch {
      return [.refused(error, title: title, in: file)]
    }
  }
}

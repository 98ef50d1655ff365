import Documents
public import LanguageSupport
import RuleIR
public import SourceText

/// Reads Sigma's rule files: YAML, one rule a document, and correlations over rules of the same file.
public enum SigmaReader: RuleReader {
  public static let name = "sigma"

  /// A YAML file with a `detection` or a `correlation` at the left margin.
  public static func recognises(_ file: SourceFile) -> Bool {
    let name = file.name.lowercased()
    guard name.hasSuffix(".yml") || name.hasSuffix(".yaml") || !name.contains(".") else { return false }
    if name.hasSuffix(".sigma.yml") { return true }
    return ["detection:", "correlation:"].contains { hasLine(startingWith: Array($0.utf8), in: file.bytes) }
  }

  private static func hasLine(startingWith wanted: [UInt8], in bytes: [UInt8]) -> Bool {
    var isLineStart = true
    for index in bytes.indices {
      if isLineStart, bytes[index] == wanted[0], bytes[index...].starts(with: wanted) { return true }
      let endsMark = index == 2 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
      isLineStart = bytes[index] == 10 || bytes[index] == 13 || endsMark
    }
    return false
  }

  /// Every rule of the file; a rule that a correlation uses is part of that, unless it generates.
  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    let documents: [DocumentNode]
    do {
      documents = try YAMLReader.read(file)
    } catch {
      return [.refused(error, in: file)]
    }
    var book = RuleBook()
    var correlations: [DocumentNode] = []
    var refused: [RuleReading] = []
    for entry in RuleCollection.entries(of: documents) {
      switch entry {
      case .document(let document) where document["correlation"] != nil: correlations.append(document)
      case .document(let document): book.add(detection(document), from: document)
      case .refused(let fault, let document):
        refused.append(RuleReading(nil, title: title(of: document), range: document.range, diagnostics: [fault]))
      }
    }
    let correlated = correlations.map { correlation($0, over: &book) }
    let alone = book.entries.filter { !$0.isConsumed }.map(\.reading)
    return (alone + correlated + refused).sorted { $0.range.start < $1.range.start }
  }

  private static func title(of document: DocumentNode) -> String { document["title"]?.text ?? "" }

  private static func detection(_ document: DocumentNode) -> RuleReading {
    if let fault = faultOfKind(document) {
      return RuleReading(nil, title: title(of: document), range: document.range, diagnostics: [fault])
    }
    let metadata = MetadataReader(document)
    var detection = DetectionReader()
    let rule = detection.body(of: document).map { Rule(metadata: metadata.metadata, body: $0) }
    return RuleReading(
      rule, title: metadata.metadata.title, range: document.range,
      diagnostics: metadata.diagnostics + detection.diagnostics)
  }

  private static func faultOfKind(_ document: DocumentNode) -> Diagnostic? {
    guard document.members != nil else {
      return Diagnostic(
        .wrongType, "a rule is a mapping", at: document.range, label: "this is \(document.kindName)")
    }
    return document.member("filter").map { member in
      Diagnostic(
        .unsupportedConstruct, "Sigma's filters are not read yet", at: member.key.range,
        label: "'filter' stands here")
    }
  }

  private static func correlation(_ document: DocumentNode, over book: inout RuleBook) -> RuleReading {
    guard let member = document.member("correlation") else {
      return RuleReading(nil, title: title(of: document), range: document.range)
    }
    let about = MetadataReader(document)
    var reader = CorrelationReader(member)
    let body = reader.body(over: book)
    var diagnostics = about.diagnostics + reader.diagnostics
    // A rule that is part of a correlation must not fire on its own, even where the correlation is refused.
    for place in reader.references.compactMap(book.place) where !reader.generates {
      let entry = book.entries[place]
      guard entry.reading.rule != nil, !entry.isConsumed else { continue }
      diagnostics += entry.reading.diagnostics.filter { $0.severity > .info }
      book.consume(place)
    }
    var metadata = about.metadata
    metadata.takeSource(of: reader.parts.map(\.metadata))
    let rule = body.map { Rule(metadata: metadata, body: $0) }
    return RuleReading(rule, title: metadata.title, range: document.range, diagnostics: diagnostics)
  }
}

extension RuleMetadata {
  /// A correlation looks at the events at which its rules look.
  fileprivate mutating func takeSource(of parts: [RuleMetadata]) {
    guard source.selectors.isEmpty, let first = parts.first else { return }
    source = first.source
    for part in parts.dropFirst() {
      source.selectors += part.source.selectors.filter { !source.selectors.contains($0) }
    }
    if let rest = first.custom["logsource"] { custom["logsource"] = rest }
  }
}

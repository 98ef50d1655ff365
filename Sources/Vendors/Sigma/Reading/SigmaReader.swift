import Documents
public import LanguageSupport
import RuleIR
public import SourceText

/// Reads Sigma's rule files: YAML, one rule a document, and filters and correlations over rules of the same file.
public enum SigmaReader: RuleReader {
  public static let name = "sigma"

  /// A YAML file with a `detection`, a `correlation` or a `filter` at the left margin.
  public static func recognises(_ file: SourceFile) -> Bool {
    let name = file.name.lowercased()
    guard name.hasSuffix(".yml") || name.hasSuffix(".yaml") || !name.contains(".") else { return false }
    if name.hasSuffix(".sigma.yml") { return true }
    func has(_ key: String) -> Bool { hasLine(startingWith: Array(key.utf8), in: file.bytes) }
    return has("detection:") || has("correlation:") || (has("filter:") && has("logsource:"))
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
    var filters: [DocumentNode] = []
    var refused: [RuleReading] = []
    for entry in RuleCollection.entries(of: documents) {
      switch entry {
      case .document(let document) where document["correlation"] != nil: correlations.append(document)
      case .document(let document) where document["filter"] != nil: filters.append(document)
      case .document(let document): book.add(detection(document), from: document)
      case .refused(let fault, let document):
        refused.append(RuleReading(nil, title: title(of: document), range: document.range, diagnostics: [fault]))
      }
    }
    let filtering = filters.compactMap { filter($0, over: &book) }
    let correlated = correlations.map { correlation($0, over: &book) }
    let alone = book.entries.filter { !$0.isConsumed }.map(\.reading)
    return (alone + filtering + correlated + refused).sorted { $0.range.start < $1.range.start }
  }

  public static func lint(_ file: SourceFile) -> [Diagnostic] { SigmaLint(file).diagnostics }

  private static func title(of document: DocumentNode) -> String { document["title"]?.text ?? "" }

  private static func detection(_ document: DocumentNode) -> RuleReading {
    guard document.members != nil else {
      let fault = Diagnostic(
        .wrongType, "a rule is a mapping", at: document.range, label: "this is \(document.kindName)")
      return RuleReading(nil, title: "", range: document.range, diagnostics: [fault])
    }
    let metadata = MetadataReader(document)
    var detection = DetectionReader()
    let rule = detection.body(of: document).map { Rule(metadata: metadata.metadata, body: $0) }
    return RuleReading(
      rule, title: metadata.metadata.title, range: document.range,
      diagnostics: metadata.diagnostics + detection.diagnostics)
  }

  /// Lays a filter over its rules; what there is to say of it is said of no rule.
  private static func filter(_ document: DocumentNode, over book: inout RuleBook) -> RuleReading? {
    guard let member = document.member("filter") else { return nil }
    var reader = FilterReader(document, member)
    reader.apply(to: &book)
    guard reader.diagnostics.contains(where: { $0.severity == .error }) else { return nil }
    return RuleReading(nil, title: title(of: document), range: document.range, diagnostics: reader.diagnostics)
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

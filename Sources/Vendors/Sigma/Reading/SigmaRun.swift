import Documents
import LanguageSupport
import RuleIR
import SourceText

/// The Sigma files of one run: rules, and the filters and correlations that are about them, wherever they stand.
struct SigmaRun {
  /// A document, and what its file brings with it.
  fileprivate struct Entry {
    var document: DocumentNode
    var file: Int
    var placeholders: Placeholders
  }

  private var book = RuleBook()
  private var filters: [Entry] = []
  private var correlations: [Entry] = []
  /// Readings of what is no rule of the book, with the number of their file.
  private var others: [(reading: RuleReading, file: Int)] = []

  mutating func add(_ rules: RuleFile, _ index: Int) {
    let documents: [DocumentNode]
    do {
      documents = try YAMLReader.read(rules.file)
    } catch {
      others.append((.refused(error, in: rules.file), index))
      return
    }
    for entry in RuleCollection.entries(of: documents) {
      switch entry {
      case .document(let document):
        add(Entry(document: document, file: index, placeholders: rules.context.placeholders))
      case .refused(let fault, let document): refuse(document, [fault], in: index)
      }
    }
  }

  private mutating func add(_ entry: Entry) {
    if entry.document["correlation"] != nil {
      correlations.append(entry)
    } else if entry.document["filter"] != nil {
      filters.append(entry)
    } else {
      book.add(Self.detection(entry), from: entry.document, in: entry.file)
    }
  }

  private mutating func refuse(_ document: DocumentNode, _ faults: [Diagnostic], in file: Int) {
    let reading = RuleReading(nil, title: document.title, range: document.range, diagnostics: faults)
    others.append((reading, file))
  }

  /// What came of each file, its rules in their order.
  mutating func readings(ofFiles count: Int) -> [[RuleReading]] {
    for filter in filters { lay(filter) }
    correlate()
    var readings = [[RuleReading]](repeating: [], count: count)
    for entry in book.entries where !entry.isConsumed { readings[entry.file].append(entry.reading) }
    for (reading, file) in others { readings[file].append(reading) }
    return readings.map { $0.sorted { $0.range.start < $1.range.start } }
  }

  // MARK: Rules and filters

  private static func detection(_ entry: Entry) -> RuleReading {
    let document = entry.document
    guard document.members != nil else {
      let fault = Diagnostic(
        .wrongType, "a rule is a mapping", at: document.range, label: "this is \(document.kindName)")
      return RuleReading(nil, title: "", range: document.range, diagnostics: [fault])
    }
    let metadata = MetadataReader(document)
    var detection = DetectionReader(entry.placeholders)
    let rule = detection.body(of: document).map { Rule(metadata: metadata.metadata, body: $0) }
    return RuleReading(
      rule, title: metadata.metadata.title, range: document.range,
      diagnostics: metadata.diagnostics + detection.diagnostics)
  }

  /// Lays a filter over its rules; what there is to say of it is said of no rule.
  private mutating func lay(_ filter: Entry) {
    guard let member = filter.document.member("filter") else { return }
    var reader = FilterReader(filter.document, member, in: filter.file, filter.placeholders)
    reader.apply(to: &book)
    guard reader.diagnostics.contains(where: { $0.severity == .error }) else { return }
    refuse(filter.document, reader.diagnostics, in: filter.file)
  }

  // MARK: Correlations

  /// Reads correlations, those that others name before these.
  private mutating func correlate() {
    var waiting = correlations
    while !waiting.isEmpty {
      let unread = Set(waiting.flatMap(\.document.names))
      let ready = waiting.filter { unread.isDisjoint(with: $0.references) }
      guard !ready.isEmpty else {
        for entry in waiting { refuseCircle(entry) }
        return
      }
      for entry in ready { correlate(entry) }
      waiting.removeAll { unread.isDisjoint(with: $0.references) }
    }
  }

  private mutating func refuseCircle(_ entry: Entry) {
    let key = entry.document.member("correlation")?.key.range ?? entry.document.range
    let fault = Diagnostic(
      .unknownIdentifier, "the correlation is about itself, by way of the rules it names", at: key,
      label: "names a correlation that needs this one")
    refuse(entry.document, [fault], in: entry.file)
  }

  private mutating func correlate(_ entry: Entry) {
    guard let member = entry.document.member("correlation") else { return }
    let about = MetadataReader(entry.document)
    var reader = CorrelationReader(member, in: entry.file)
    let body = reader.body(over: book)
    var diagnostics = about.diagnostics + reader.diagnostics
    // A rule that is part of a correlation must not fire on its own, even where the correlation is refused.
    for case .rule(let place) in reader.references.map({ book.find($0, from: entry.file) }) where !reader.generates {
      let used = book.entries[place]
      guard used.reading.rule != nil, !used.isConsumed else { continue }
      diagnostics += used.reading.diagnostics.filter { $0.severity > .info }
      book.consume(place)
    }
    var metadata = about.metadata
    metadata.takeSource(of: reader.parts.map(\.metadata))
    let rule = body.map { Rule(metadata: metadata, body: $0) }
    book.add(
      RuleReading(rule, title: metadata.title, range: entry.document.range, diagnostics: diagnostics),
      from: entry.document, in: entry.file)
  }
}

extension SigmaRun.Entry {
  /// The rules that a correlation names.
  fileprivate var references: [String] { document["correlation"]?["rules"]?.texts ?? [] }
}

extension DocumentNode {
  fileprivate var title: String { self["title"]?.text ?? "" }

  /// The words by which a correlation or filter may name the document.
  var names: [String] { ["id", "name"].compactMap { self[$0]?.text } }
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

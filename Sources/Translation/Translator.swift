public import Coverage
import Documents
public import FieldMapping
public import LanguageSupport
import Matcher
import Neutral
public import Proof
public import RuleIR
public import SourceText

/// The way of a rule through the program: read, mapped, written, checked.
///
/// It opens no files; who calls it has.
public struct Translator: Sendable {
  public private(set) var mappings: MappingSet
  /// The mapping that was asked for by name; the log source of a rule then does not choose.
  private var chosen: Mapping?
  public let unmapped: UnmappedPolicy

  /// A translator with the program's own mappings and those of further files.
  ///
  /// - Throws: What is wrong with a mapping file.
  public init(mappingFiles: [SourceFile] = [], unmapped: UnmappedPolicy = .error) throws(Diagnostic) {
    self.unmapped = unmapped
    mappings = MappingSet()
    for file in CarriedFiles.files(in: .mappings) {
      // Most runs need one of them: the fields of the others need not be read.
      if let header = MappingReader.readHeader(file, vendors: Self.products) {
        mappings.add(header) { (try? Self.mapping(in: file)) ?? header }
      } else {
        mappings.add(try Self.mapping(in: file))
      }
    }
    for file in mappingFiles {
      let mapping = try Self.mapping(in: file)
      mappings.add(mapping)
      if mappingFiles.count == 1 { chosen = mapping }
    }
  }

  private static func mapping(in file: SourceFile) throws(Diagnostic) -> Mapping {
    let (mapping, diagnostics) = MappingReader.read(file, vendors: Self.products)
    guard let mapping else {
      throw diagnostics.first { $0.severity == .error }
        ?? Diagnostic(.invalidMapping, "the mapping file holds no mapping", at: file.wholeRange)
    }
    return mapping
  }

  /// Chooses one of the mappings for every rule.
  ///
  /// - Throws: The name, where there is no such mapping.
  public mutating func select(mappings names: [String]) throws(Diagnostic) {
    for name in names {
      guard let mapping = mappings.mapping(named: name) else {
        let known = mappings.names
        throw Diagnostic(
          .invalidMapping, "there is no mapping '\(name)', and no such file", at: nil as SourceRange?,
          help: nearestName(to: name, among: known).map { "did you mean '\($0)'?" }
            ?? "known: \(known.joined(separator: ", "))")
      }
      chosen = mapping
    }
  }

  // MARK: - Forms

  /// The vendors that have field names of their own.
  public var vendorNames: [String] { Self.products }
  private static let products = VendorRegistry.all.map { $0.name }.filter { $0 != Neutral.name }
  public var readerNames: [String] { VendorRegistry.all.flatMap { $0.readers.map { $0.name } } }
  public var writerNames: [String] { VendorRegistry.all.flatMap { $0.writers.map { $0.name } } }

  public func reader(named name: String) -> (any RuleReader.Type)? {
    for vendor in VendorRegistry.all {
      if let reader = vendor.readers.first(where: { $0.name == name }) { return reader }
    }
    return nil
  }

  public func writer(named name: String) -> (any RuleWriter.Type)? {
    for vendor in VendorRegistry.all {
      if let writer = vendor.writers.first(where: { $0.name == name }) { return writer }
    }
    return nil
  }

  /// The reader for a file: the one that was asked for, or the first that recognises it.
  public func reader(for file: SourceFile, named name: String? = nil) -> (any RuleReader.Type)? {
    if let name { return reader(named: name) }
    for vendor in VendorRegistry.all {
      if let reader = vendor.readers.first(where: { $0.recognises(file) }) { return reader }
    }
    return nil
  }

  private func vendor(ofReader name: String) -> String {
    VendorRegistry.all.first { vendor in vendor.readers.contains { $0.name == name } }?.name ?? ""
  }

  func vendor(ofWriter name: String) -> String {
    VendorRegistry.all.first { vendor in vendor.writers.contains { $0.name == name } }?.name ?? ""
  }

  // MARK: - Reading

  /// Every rule of a file, mapped to the event's fields.
  public func load(
    _ file: SourceFile, path: String, with reader: any RuleReader.Type, in context: ReadingContext
  ) -> [LoadedRule] {
    load([RuleFile(file, in: context)], paths: [path], with: reader)[0]
  }

  /// The same for all files of one run that a reader takes, among which it may look for what a file refers to.
  public func load(_ files: [RuleFile], paths: [String], with reader: any RuleReader.Type) -> [[LoadedRule]] {
    zip(reader.read(files), paths).map { loaded($0, path: $1, with: reader) }
  }

  private func loaded(_ readings: [RuleReading], path: String, with reader: any RuleReader.Type) -> [LoadedRule] {
    let vendor = vendor(ofReader: reader.name)
    return readings.enumerated().map { index, reading in
      let mapped = reading.rule.map { toEvent($0, from: vendor) }
      let title = [reading.rule?.metadata.title, reading.title, path].compactMap(\.self).first { !$0.isEmpty } ?? path
      return LoadedRule(
        path: path, index: index, form: reader.name, vendor: vendor, title: title, source: reading.rule,
        neutral: mapped?.rule, mapping: mapped?.mapping?.name, sourceTest: mapped?.mapping?.signs.predicate,
        range: reading.range,
        diagnostics: reading.diagnostics + (mapped?.diagnostics ?? []))
    }
  }

  /// A rule in the event's field names; one in the neutral form has them, and only its mapping is looked up.
  private func toEvent(_ rule: Rule, from vendor: String) -> MappedRule {
    guard vendor == Neutral.name else {
      return mappings.toEvent(rule, from: vendor, unmapped: unmapped, using: chosen)
    }
    let origin = rule.metadata.source.vendor
    let mapping = chosen ?? mappings.mappings(for: rule, of: origin).first
    return MappedRule(rule: rule, mapping: mapping, diagnostics: [])
  }

  /// What keeps a file from being the YAML or TOML that its name promises; nil where it is, or promises neither.
  public func fault(in file: SourceFile) -> Diagnostic? {
    let name = file.name.lowercased()
    do throws(Diagnostic) {
      if name.hasSuffix(".yml") || name.hasSuffix(".yaml") { _ = try YAMLReader.read(file) }
      if name.hasSuffix(".toml") { _ = try TOMLReader.read(file) }
      return nil
    } catch {
      return error
    }
  }

  /// A file that no reader takes.
  public func unrecognised(_ file: SourceFile, path: String) -> LoadedRule {
    let known = readerNames.joined(separator: ", ")
    return unreadable(
      path,
      Diagnostic(
        .unrecognisedRule, "'\(path)' is in no known form of rules", at: file.wholeRange,
        help: "give its form with --from: \(known)"))
  }

  /// A file that could not be read at all.
  public func unreadable(_ path: String, _ diagnostic: Diagnostic) -> LoadedRule {
    let range = diagnostic.primary?.range ?? SourceFile(name: path, bytes: []).wholeRange
    return LoadedRule(
      path: path, index: 0, form: "", vendor: "", title: path, source: nil, neutral: nil, mapping: nil, range: range,
      diagnostics: [diagnostic])
  }

  // MARK: - Proof

  func mapping(named name: String?) -> Mapping? { name.flatMap { mappings.mapping(named: $0) } }

  /// A prover that knows the events of a mapping's log source, and asks the matcher before it shows one.
  public func prover(forMapping name: String?) -> Prover {
    var fields: [FieldPath: EventShape.Field] = [:]
    for row in mapping(named: name)?.rows ?? [] {
      fields[row.path] = EventShape.Field(type: row.type, isList: row.isList)
    }
    return Prover(shape: EventShape(fields), example: mapping(named: name)?.example) { predicate, event in
      try? TreeMatcher(predicate).matches(event)
    }
  }

  /// Why no event has a value of a field; nil where some may.
  public func neverSeen(_ value: String, at field: FieldPath, mapping name: String) -> String? {
    mapping(named: name)?.row(at: field)?.neverValues.first { $0.value == value }?.reason
  }

  /// The name of a field of the event in a vendor's product.
  public func spelling(of field: FieldPath, vendor: String) -> String? {
    for mapping in mappings.mappings {
      if let row = mapping.row(at: field) { return row.fields[vendor]?.names.first?.spelling }
    }
    return nil
  }

  /// The fields of a mapping's events, in the order of its file, with every name that a vendor has for them.
  public func fields(ofMapping name: String) -> [(path: FieldPath, type: String, spellings: [String: [String]])] {
    (mapping(named: name)?.rows ?? []).map { row in
      (row.path, row.type.rawValue, row.fields.mapValues { $0.names.map(\.spelling) })
    }
  }

  // MARK: - Operations

  /// The operations in a file.
  ///
  /// - Throws: What is wrong with it.
  public func operationSet(in file: SourceFile) throws(Diagnostic) -> OperationSet {
    guard let document = try YAMLReader.read(file).first else {
      throw Diagnostic(.noDocument, "there is no document", at: file.wholeRange)
    }
    let set = try OperationSet(document)
    try check(set, in: document)
    return set
  }

  /// Operations that the program carries.
  ///
  /// - Throws: The name, where it carries none of that name.
  public func operationSet(named name: String) throws(Diagnostic) -> OperationSet {
    for file in CarriedFiles.files(in: .operations) where file.name == "operations/\(name).yml" {
      return try operationSet(in: file)
    }
    let known = CarriedFiles.files(in: .operations).map {
      $0.name.dropFirst("operations/".count).dropLast(".yml".count)
    }
    throw Diagnostic(
      .unreadableFile, "there are no operations '\(name)', and no such file", at: nil as SourceRange?,
      help: nearestName(to: name, among: known.map(String.init)).map { "did you mean '\($0)'?" }
        ?? "known: \(known.joined(separator: ", "))")
  }
}

import Catalogue
import Coverage
import Events
import LanguageSupport
import RuleIR
import SourceText
import Translation

/// The catalogue of some rules, from loading them to the bytes of its pages.
struct CatalogueFiles {
  let translator: Translator
  let sets: [OperationSet]
  let eventPaths: [String]
  let common: CommonOptions
  /// Whether some of the events could not be read, once they were asked for.
  private(set) var hasUnreadableEvents = false

  init(translator: Translator, sets: [OperationSet], eventPaths: [String], common: CommonOptions) {
    self.translator = translator
    self.sets = sets
    self.eventPaths = eventPaths
    self.common = common
  }

  /// The forms that a rule's page shows.
  private static let targets = ["sigma", "kuery", "esql", "eql", "lucene", "spl", "kusto", "panther"]

  /// What the pages are made of.
  ///
  /// - Throws: What is wrong with the events.
  mutating func material(_ loaded: [LoadedRule]) throws -> Catalogue.Material {
    let mapping = sets.first?.mapping ?? ""
    var rules = loaded.map { rule in
      CatalogueRule(
        vendor: rule.vendor, form: rule.form, path: rule.path, title: rule.title, source: rule.source,
        neutral: rule.neutral, isInMatrix: rule.mapping == mapping, range: rule.range, diagnostics: rule.diagnostics)
    }
    var entries: [CoverageMatrix.Entry] = []
    for index in rules.indices where rules[index].isInMatrix {
      guard let entry = translator.entry(of: loaded[index]) else { continue }
      entries.append(entry)
      if rules[index].neutral == nil {
        rules[index].judged = entry.rule
      } else {
        rules[index].translations = translations(of: loaded[index])
      }
    }
    let decision = CoverageDecision(prover: translator.prover(forMapping: mapping))
    var matrices = sets.map { CoverageMatrix($0, entries, decide: decision) }
    if !eventPaths.isEmpty { try observe(&matrices) }
    let translator = translator
    return Catalogue.Material(
      matrices: matrices, rules: rules, vendors: vendors(loaded), fields: fields(mapping),
      techniqueName: { AttackTable.carried.name(of: $0) },
      neverSeen: { translator.neverSeen($0.value, at: $0.field, mapping: mapping) })
  }

  private func vendors(_ loaded: [LoadedRule]) -> [String] {
    let known = translator.vendorNames
    return known + Set(loaded.map(\.vendor)).filter { !$0.isEmpty && !known.contains($0) }.sorted()
  }

  private func fields(_ mapping: String) -> [CatalogueField] {
    translator.fields(ofMapping: mapping).map { field in
      let names = translator.vendorNames.compactMap { vendor -> CatalogueField.Name? in
        guard let spellings = field.spellings[vendor] else { return nil }
        return CatalogueField.Name(vendor: vendor, spellings: spellings)
      }
      return CatalogueField(path: field.path, type: field.type, names: names)
    }
  }

  private func translations(of rule: LoadedRule) -> [CatalogueRule.Translation] {
    Self.targets.filter { $0 != rule.form }.compactMap { translator.writer(named: $0) }.map { writer in
      let result = translator.convert(rule, to: writer, verify: .off)
      guard let written = result.written else {
        let reasons = result.diagnostics.filter { $0.severity == .error }.suffix(1)
        return CatalogueRule.Translation(
          target: writer.name, text: nil, drift: nil, notes: reasons.flatMap { [$0.message] + $0.notes })
      }
      let losses = result.losses.map { "\($0.drift.rawValue): \($0.reason)" }
      var seen: Set<String> = []
      return CatalogueRule.Translation(
        target: writer.name, text: ([written.text] + written.companions.map(\.text)).joined(separator: "\n"),
        drift: result.losses.reduce(nil as Drift?) { $0?.joined(with: $1.drift) ?? $1.drift },
        notes: losses.filter { seen.insert($0).inserted })
    }
  }

  private mutating func observe(_ matrices: inout [CoverageMatrix]) throws {
    var observers = matrices.map { CoverageObserver($0) }
    let input = try EventInput(paths: eventPaths, common: common)
    try input.forEach { record in
      let place = "\(record.place.source):\(record.place.line)"
      for index in observers.indices { observers[index].observe(record.event, at: place) }
    }
    if input.eventCount == 0, input.hasFailures { throw Stop(.nothingDone, "no input holds events") }
    hasUnreadableEvents = input.hasFailures
    for index in matrices.indices { matrices[index].observe(observers[index].observation) }
  }

  // MARK: - Files

  /// Every file of the catalogue, one after another.
  static func forEachFile(_ catalogue: Catalogue, _ visit: (_ path: String, _ text: String) throws -> Void) throws {
    let carried = CarriedFiles.files(in: .templates)
    let renderer: PageRenderer
    do throws(Diagnostic) {
      renderer = try PageRenderer(templates: carried)
    } catch {
      throw Stop(.fault, error.message)
    }
    for file in carried where !file.name.hasSuffix(".mustache") {
      try visit(String(file.name.dropFirst("templates/".count)), file.text)
    }
    try catalogue.forEachPage { page in
      guard let text = renderer.html(page) else { throw Stop(.fault, "there is no template '\(page.template)'") }
      try visit(page.path, text)
    }
  }

  /// Writes the catalogue into a new or empty folder; the number of files.
  static func write(_ catalogue: Catalogue, to path: String) throws -> Int {
    let folder = try OutputFolder(path)
    var count = 0
    try forEachFile(catalogue) { name, text in
      try folder.write(text, to: name)
      count += 1
    }
    try folder.finish()
    return count
  }

  /// What a folder has otherwise than the catalogue would be written now, a line each.
  static func differences(of catalogue: Catalogue, from path: String) throws -> [String] {
    let base = path.hasSuffix("/") ? path : path + "/"
    var lines: [String] = []
    var names: Set<String> = []
    try forEachFile(catalogue) { name, text in
      names.insert(base + name)
      guard InputFiles.kind(of: base + name) == .file else {
        lines.append("missing: \(name)")
        return
      }
      let bytes = (try? InputFiles.contents(of: base + name)) ?? []
      if !bytes.elementsEqual(text.utf8) { lines.append("differs: \(name)") }
    }
    for file in try InputFiles.expand([path]) where !names.contains(file) {
      lines.append("not of the catalogue: \(visible(String(file.dropFirst(base.utf8.count))))")
    }
    return lines
  }
}

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
    let translator = translator
    let own = rules.indices.filter { rules[$0].isInMatrix }
    let judged = Parallel.map(own.count) { position in
      let rule = loaded[own[position]]
      return (translator.entry(of: rule), rule.neutral == nil ? [] : Self.translations(of: rule, by: translator))
    }
    for (index, (entry, translations)) in zip(own, judged) {
      if rules[index].neutral == nil { rules[index].judged = entry?.rule }
      rules[index].translations = translations
    }
    let entries = judged.compactMap(\.0)
    let decision = CoverageDecision(prover: translator.prover(forMapping: mapping))
    var matrices = sets.map { set in
      CoverageMatrix(set, entries, decide: decision) { Parallel.map($0, $1) }
    }
    if !eventPaths.isEmpty { try observe(&matrices) }
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

  private static func translations(
    of rule: LoadedRule, by translator: Translator
  ) -> [CatalogueRule.Translation] {
    targets.filter { $0 != rule.form }.compactMap { translator.writer(named: $0) }.map { writer in
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
    if let first = observers.first { try input.refuseStrangers(first.strangers, to: sets[0]) }
    hasUnreadableEvents = input.hasFailures
    for index in matrices.indices { matrices[index].observe(observers[index].observation) }
  }

  // MARK: - Files

  /// Files of the catalogue that are made one by one, each when it is asked for.
  struct Site: Sendable {
    private let catalogue: Catalogue
    private let renderer: PageRenderer
    private let subjects: [Catalogue.Subject]
    private let assets: [SourceFile]

    /// - Throws: A template that cannot be read, which is a fault of the program.
    init(_ catalogue: Catalogue) throws {
      let carried = CarriedFiles.files(in: .templates)
      do throws(Diagnostic) {
        renderer = try PageRenderer(templates: carried)
      } catch {
        throw Stop(.fault, error.message)
      }
      self.catalogue = catalogue
      subjects = catalogue.subjects
      assets = carried.filter { !$0.name.hasSuffix(".mustache") }
    }

    var count: Int { assets.count + subjects.count }

    /// The name below the folder, and the text; no text where a template is not there.
    func file(_ index: Int) -> (path: String, text: String?) {
      if index < assets.count { return (String(assets[index].name.dropFirst("templates/".count)), assets[index].text) }
      let page = catalogue.page(subjects[index - assets.count])
      return (page.path, renderer.html(page))
    }
  }

  /// Writes the catalogue into a new or empty folder; the number of files.
  static func write(_ catalogue: Catalogue, to path: String) throws -> Int {
    let site = try Site(catalogue)
    let folder = try OutputFolder(path)
    let problems = Parallel.map(site.count) { index -> Stop? in
      let (name, text) = site.file(index)
      guard let text else { return Stop(.fault, "there is no template for '\(name)'") }
      return folder.write(text, to: name)
    }
    if let problem = problems.compactMap(\.self).first { throw problem }
    try folder.finish()
    return site.count
  }

  /// What a folder has otherwise than the catalogue would be written now, a line each.
  static func differences(of catalogue: Catalogue, from path: String) throws -> [String] {
    let site = try Site(catalogue)
    let base = path.hasSuffix("/") ? path : path + "/"
    let compared = Parallel.map(site.count) { index -> (name: String, difference: String?) in
      let (name, text) = site.file(index)
      guard InputFiles.kind(of: base + name) == .file else { return (name, "missing: \(name)") }
      let bytes = (try? InputFiles.contents(of: base + name)) ?? []
      return (name, bytes.elementsEqual((text ?? "").utf8) ? nil : "differs: \(name)")
    }
    let names = Set(compared.map { base + $0.name })
    let others = try InputFiles.expand([path]).filter { !names.contains($0) }
    return compared.compactMap(\.difference)
      + others.map { "not of the catalogue: \(visible(String($0.dropFirst(base.utf8.count))))" }
  }
}

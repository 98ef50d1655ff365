public import RuleIR
public import SourceText

/// The mappings at hand.
public struct MappingSet: Sendable {
  private var entries: [MappingEntry]

  public init(_ mappings: [Mapping] = []) { entries = mappings.map { MappingEntry($0) } }

  /// All of them, read as a whole.
  public var mappings: [Mapping] { entries.map(\.whole) }

  public var names: [String] { entries.map(\.header.name) }

  /// Adds a mapping; it takes the place of one with its name.
  public mutating func add(_ mapping: Mapping) { add(MappingEntry(mapping)) }

  /// Adds a mapping of which the fields are read once a rule needs them.
  ///
  /// - Parameter header: The mapping without its fields.
  public mutating func add(_ header: Mapping, whole read: @escaping @Sendable () -> Mapping) {
    add(MappingEntry(header, whole: read))
  }

  private mutating func add(_ entry: MappingEntry) {
    entries.removeAll { $0.header.name == entry.header.name }
    entries.append(entry)
  }

  public func mapping(named name: String) -> Mapping? { entries.first { $0.header.name == name }?.whole }

  /// The mappings that are about the events of a rule.
  public func mappings(for rule: Rule, of vendor: String) -> [Mapping] {
    entries.filter { $0.header.applies(to: rule, of: vendor) }.map(\.whole)
  }

  /// A rule in a vendor's field names as a rule in the event's.
  ///
  /// Which mapping it is follows from the rule's log source, or from the constants that it demands. Where several
  /// apply the rule is mapped by each: they must come to the same, or it is refused.
  ///
  /// - Parameter mapping: The one that was asked for by name; the log source is then not looked at.
  public func toEvent(
    _ rule: Rule, from vendor: String, unmapped: UnmappedPolicy, using mapping: Mapping? = nil
  ) -> MappedRule {
    if let mapping { return mapping.toEvent(rule, from: vendor, unmapped: unmapped) }
    var candidates = mappings(for: rule, of: vendor)
    guard !candidates.isEmpty else { return unmappedSource(rule, of: vendor, unmapped) }
    candidates.keepWidest(for: rule, of: vendor)
    var mapped = candidates.map { $0.toEvent(rule, from: vendor, unmapped: unmapped) }
    if mapped.count > 1, mapped.contains(where: { $0.rule != nil }) { mapped.removeAll { $0.rule == nil } }
    if mapped.count > 1, mapped.contains(where: { !$0.neverFires }) { mapped.removeAll(where: \.neverFires) }
    let first = mapped[0]
    guard let body = first.rule?.body.normalised(),
      let other = mapped.dropFirst().first(where: { $0.rule?.body.normalised() != body })
    else { return first }
    return MappedRule(
      rule: nil, mapping: nil,
      diagnostics: [
        Diagnostic(
          .ambiguousSource,
          "the rule means one thing by the mapping \(first.name) and another by \(other.name)",
          at: rule.metadata.source.origin.range ?? rule.metadata.origin.range, label: "names both log sources",
          help: "choose one with --map")
      ])
  }

  private func unmappedSource(_ rule: Rule, of vendor: String, _ unmapped: UnmappedPolicy) -> MappedRule {
    let source = rule.metadata.source
    let shown = source.selectors.map { "\($0.key) '\($0.value)'" }.joined(separator: ", ")
    let diagnostic = Diagnostic(
      .unmappedSource,
      shown.isEmpty ? "the rule does not say which events it looks at" : "no mapping covers \(shown)",
      severity: unmapped == .error ? .error : .warning, at: source.origin.range ?? rule.metadata.origin.range,
      label: unmapped == .error ? "" : "its field names are left as they are",
      help: entries.isEmpty
        ? "give a mapping file with --map"
        : "choose a mapping with --map: \(names.joined(separator: ", "))")
    switch unmapped {
    case .error: return MappedRule(rule: nil, mapping: nil, diagnostics: [diagnostic])
    case .warn: return MappedRule(rule: rule, mapping: nil, diagnostics: [diagnostic])
    case .keep: return MappedRule(rule: rule, mapping: nil, diagnostics: [])
    }
  }
}

/// A rule in the event's field names.
public struct MappedRule: Sendable {
  /// Nil where the rule is refused; the diagnostics then have an error.
  public var rule: Rule?
  /// The mapping that was used; nil where none covers the rule.
  public var mapping: Mapping?
  public var diagnostics: [Diagnostic]

  public init(rule: Rule?, mapping: Mapping?, diagnostics: [Diagnostic]) {
    self.rule = rule
    self.mapping = mapping
    self.diagnostics = diagnostics
  }

  fileprivate var name: String { mapping?.name ?? "" }

  /// Whether no event can make the rule fire, as when it asks for another value of a constant.
  fileprivate var neverFires: Bool {
    rule.map { $0.body.predicates.contains { $0.normalised() == .never } } ?? false
  }
}

/// A rule in a vendor's field names, ready to be written.
public struct VendorRule: Sendable {
  /// Nil where the rule is refused; the diagnostics then have an error.
  public var rule: Rule?
  public var schema: TargetSchema
  public var losses: [Loss]
  public var diagnostics: [Diagnostic]

  public init(rule: Rule?, schema: TargetSchema, losses: [Loss], diagnostics: [Diagnostic]) {
    self.rule = rule
    self.schema = schema
    self.losses = losses
    self.diagnostics = diagnostics
  }
}

extension RuleBody {
  /// The body with its predicates normalised.
  fileprivate func normalised() -> RuleBody { mapPredicates { $0.normalised() } }
}

extension Mapping {
  /// Whether the mapping is about the events that a rule of a vendor looks at.
  public func applies(to rule: Rule, of vendor: String) -> Bool {
    guard let store = stores[vendor] else { return false }
    let source = rule.metadata.source
    let bySource = store.covers(source)
    if !bySource, store.selectors.contains(where: { own in source.selectors.contains { $0.key == own.key } }) {
      return false
    }
    let byConstants = rule.body.predicates.compactMap { store.covers($0) }
    if store.requiresConstant, byConstants.isEmpty || byConstants.contains(false) { return false }
    // A rule over this source alone that asks for another constant is about these events and never fires.
    if byConstants.contains(false) { return bySource && store.contains(source) }
    return bySource || !byConstants.isEmpty
  }

  /// A rule in a vendor's field names as a rule in the event's, by this mapping.
  public func toEvent(_ rule: Rule, from vendor: String, unmapped: UnmappedPolicy) -> MappedRule {
    var pass = EventPass(self, from: vendor, unmapped: unmapped)
    var mapped = rule
    mapped.body = pass.body(rule.body)
    let diagnostics = pass.diagnostics.withoutDoubles
    let isRefused = diagnostics.contains { $0.severity == .error }
    return MappedRule(rule: isRefused ? nil : mapped, mapping: self, diagnostics: diagnostics)
  }

  /// A rule in the event's field names as a rule in a vendor's.
  ///
  /// The log source is the vendor's; where the rule came from the same vendor it keeps its own.
  public func toVendor(_ rule: Rule, _ vendor: String, unmapped: UnmappedPolicy) -> VendorRule {
    guard let store = stores[vendor] else {
      return VendorRule(
        rule: nil, schema: TargetSchema(), losses: [],
        diagnostics: [
          Diagnostic(
            .unmappedSource, "the mapping \(name) does not say how \(vendor) stores these events",
            at: rule.metadata.source.origin.range ?? rule.metadata.origin.range)
        ])
    }
    var pass = VendorPass(self, to: vendor, unmapped: unmapped)
    var mapped = rule
    mapped.body = pass.body(rule.body)
    var source = store.source(of: vendor)
    if rule.metadata.source.vendor == vendor, store.covers(rule.metadata.source) { source = rule.metadata.source }
    mapped.metadata.source = source
    var diagnostics = pass.diagnostics.withoutDoubles
    if let origin = pass.emptied(rule.body, mapped.body) {
      diagnostics.append(
        Diagnostic(
          .untranslatable, "the \(vendor) form would never fire", at: origin.range,
          notes: pass.losses.map(\.reason)))
    }
    let isRefused = diagnostics.contains { $0.severity == .error }
    return VendorRule(
      rule: isRefused ? nil : mapped, schema: TargetSchema(source: source, columns: pass.columns),
      losses: pass.losses, diagnostics: diagnostics)
  }
}

extension [Mapping] {
  /// Keeps those that are about most of what a rule asks of constant fields: a rule over events 12 to 14 is not one
  /// over event 13 alone.
  fileprivate mutating func keepWidest(for rule: Rule, of vendor: String) {
    let widths = map { mapping in
      rule.body.predicates.reduce(0) { $0 + (mapping.stores[vendor]?.demanded(by: $1) ?? 0) }
    }
    guard let most = widths.max() else { return }
    self = zip(self, widths).filter { $1 == most }.map(\.0)
  }
}

extension VendorPass {
  /// The place of the first loss, where what is not stored has left a rule that could fire without an event to do so.
  fileprivate func emptied(_ before: RuleBody, _ after: RuleBody) -> Origin? {
    guard let loss = losses.first else { return nil }
    let pairs = zip(before.predicates, after.predicates)
    return pairs.contains { $1.normalised() == .never && $0.normalised() != .never } ? loss.origin : nil
  }
}

extension [Diagnostic] {
  /// Each message once: at its first place, with the further ones beside it.
  fileprivate var withoutDoubles: [Diagnostic] {
    var joined: [Diagnostic] = []
    var first: [String: Int] = [:]
    for diagnostic in self {
      let key = "\(diagnostic.code.rawValue) \(diagnostic.message)"
      guard let index = first[key] else {
        first[key] = joined.count
        joined.append(diagnostic)
        continue
      }
      let places = [joined[index].primary?.range] + joined[index].secondary.map(\.range)
      if let range = diagnostic.primary?.range, !places.contains(range) {
        joined[index].secondary.append(Diagnostic.Label(range, "and here"))
      }
    }
    return joined
  }
}

import FieldMapping
public import LanguageSupport
import Matcher
import Neutral
import Proof
import RuleIR
import SourceText

extension Translator {
  /// Writes a rule in another form, names what is lost, and checks the output.
  public func convert(
    _ rule: LoadedRule, to writer: any RuleWriter.Type, verify: Verification = .prove
  ) -> ConvertedRule {
    guard let neutral = rule.neutral else {
      return ConvertedRule(
        rule: rule, target: writer.name, written: nil, verdict: .refused, assurance: .none, losses: [],
        diagnostics: rule.diagnostics)
    }
    let vendor = vendor(ofWriter: writer.name)
    let named = vendorRule(neutral, rule, vendor: vendor)
    guard let source = named.rule else {
      return ConvertedRule(
        rule: rule, target: writer.name, written: nil, verdict: .refused, assurance: .none, losses: named.losses,
        diagnostics: rule.diagnostics + named.diagnostics)
    }
    do throws(Diagnostic) {
      let written = try writer.write(source, for: named.schema)
      return check(rule, neutral, written, named, writer, verify)
    } catch {
      return ConvertedRule(
        rule: rule, target: writer.name, written: nil, verdict: .refused, assurance: .none, losses: named.losses,
        diagnostics: rule.diagnostics + named.diagnostics + [error])
    }
  }

  private func vendorRule(_ neutral: Rule, _ rule: LoadedRule, vendor: String) -> VendorRule {
    if vendor == Neutral.name { return VendorRule(rule: neutral, schema: TargetSchema(), losses: [], diagnostics: []) }
    if let mapping = mapping(for: rule, of: vendor) { return mapping.toVendor(neutral, vendor, unmapped: unmapped) }
    // No mapping: names are kept, and nothing is known of the fields.
    let diagnostics = unmapped == .error || vendor == rule.vendor ? [] : [Self.noMapping(rule)]
    return VendorRule(
      rule: neutral, schema: TargetSchema(), losses: [], diagnostics: unmapped == .keep ? [] : diagnostics)
  }

  /// The mapping that names a rule's fields for a vendor; nil where none does and names are to be kept.
  ///
  /// Where an unmapped field is an error, a mapping that does not know the vendor is there to refuse the rule.
  func mapping(for rule: LoadedRule, of vendor: String) -> Mapping? {
    guard let mapping = mapping(named: rule.mapping) else { return nil }
    return unmapped == .error || mapping.stores[vendor] != nil ? mapping : nil
  }

  private static func noMapping(_ rule: LoadedRule) -> Diagnostic {
    Diagnostic(
      .unmappedSource, "no mapping names the fields of '\(rule.title)' for the target", severity: .warning,
      at: rule.range, label: "its field names are left as they are")
  }

  /// Works out what the output is to the source.
  private func check(
    _ rule: LoadedRule, _ neutral: Rule, _ written: WrittenRule, _ named: VendorRule, _ writer: any RuleWriter.Type,
    _ verify: Verification
  ) -> ConvertedRule {
    let losses = named.losses + written.losses
    var diagnostics = rule.diagnostics + named.diagnostics + losses.diagnostics(target: writer.name)
    diagnostics += written.notes.map {
      Diagnostic(.lostMetadata, $0, severity: .info, at: rule.range)
    }
    let checked = OutputCheck(translator: self, writer: writer, verify: verify)
      .run(rule, neutral, written, named.schema, losses)
    diagnostics += checked.diagnostics
    return ConvertedRule(
      rule: rule, target: writer.name, written: written, readBack: checked.readBack, verdict: checked.verdict,
      assurance: checked.assurance, losses: losses, diagnostics: diagnostics)
  }
}

extension [Loss] {
  /// Each loss as a warning with its caret in the source; one that is met at several places is told once, with all of
  /// them.
  func diagnostics(target: String) -> [Diagnostic] {
    var told: [Loss] = []
    var diagnostics: [Diagnostic] = []
    for loss in self {
      let label = loss.drift == .both ? "different here" : "\(loss.drift.rawValue) here"
      if let index = told.firstIndex(where: { $0.isAlike(loss) }) {
        let places = [diagnostics[index].primary?.range] + diagnostics[index].secondary.map(\.range)
        guard let range = loss.origin.range, !places.contains(range) else { continue }
        diagnostics[index].secondary.append(Diagnostic.Label(range, label))
      } else {
        told.append(loss)
        diagnostics.append(
          Diagnostic(
            .inexactTranslation, "the \(target) form \(loss.drift.words)", severity: .warning, at: loss.origin.range,
            label: label, notes: [loss.reason]))
      }
    }
    return diagnostics
  }
}

extension Loss {
  /// Whether another is the same loss, perhaps at another place of the same file.
  fileprivate func isAlike(_ other: Loss) -> Bool {
    feature == other.feature && drift == other.drift && reason == other.reason && origin.range != nil
      && origin.range?.file === other.origin.range?.file
  }
}

extension Drift {
  fileprivate var words: String {
    switch self {
    case .broader: "fires more often than this rule"
    case .narrower: "fires less often than this rule"
    case .both: "fires on other events than this rule"
    }
  }
}

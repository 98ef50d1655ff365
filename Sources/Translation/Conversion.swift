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
    guard let mapping = mapping(named: rule.mapping) else {
      // No mapping: names are kept, and nothing is known of the fields.
      let diagnostics = unmapped == .error || vendor == rule.vendor ? [] : [Self.noMapping(rule)]
      return VendorRule(
        rule: neutral, schema: TargetSchema(), losses: [], diagnostics: unmapped == .keep ? [] : diagnostics)
    }
    return mapping.toVendor(neutral, vendor, unmapped: unmapped)
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
    let claimed = losses.reduce(nil as Drift?) { $0?.joined(with: $1.drift) ?? $1.drift }
    var diagnostics = rule.diagnostics + named.diagnostics + losses.map { $0.diagnostic(target: writer.name) }
    diagnostics += written.notes.map {
      Diagnostic(.lostMetadata, $0, severity: .info, at: rule.range)
    }
    let checked = OutputCheck(translator: self, writer: writer, verify: verify)
      .run(rule, neutral, written, named.schema, claimed: claimed)
    diagnostics += checked.diagnostics
    return ConvertedRule(
      rule: rule, target: writer.name, written: written, verdict: checked.verdict, assurance: checked.assurance,
      losses: losses, diagnostics: diagnostics)
  }
}

extension Loss {
  /// The loss as a warning with its caret in the source.
  func diagnostic(target: String) -> Diagnostic {
    let words =
      switch drift {
      case .broader: "fires more often than this rule"
      case .narrower: "fires less often than this rule"
      case .both: "fires on other events than this rule"
      }
    return Diagnostic(
      .inexactTranslation, "the \(target) form \(words)", severity: .warning, at: origin.range,
      label: "\(drift == .both ? "different" : drift.rawValue) here", notes: [reason])
  }
}

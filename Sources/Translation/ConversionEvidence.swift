import FieldMapping
import Matcher
import Proof
public import RuleIR

/// An event that a rule and its output were both tried on.
public struct Trial: Hashable, Sendable {
  /// Where the event comes from: a place in a file, or why it was made.
  public var source: String
  /// Nil for a recorded event, which its place tells.
  public var event: EventValue?
  public var rule: Bool
  public var output: Bool

  /// A trial of a recorded event.
  public init(source: String, rule: Bool, output: Bool) {
    self.source = source
    self.rule = rule
    self.output = output
  }
}

/// A field of a rule on its way: the name in the rule, in the event, and in the output.
public struct MappedName: Hashable, Sendable {
  public var rule: String
  /// Nil where no mapping knows the field.
  public var event: String?
  /// Nil where the target's product does not store the field.
  public var output: String?
}

extension Translator {
  /// Every field that a rule names, and how it was mapped, in the order of the names.
  public func mappedNames(of converted: ConvertedRule) -> [MappedName] {
    let vendor = vendor(ofWriter: converted.target)
    let mapping = mapping(named: converted.rule.mapping)
    let fields = converted.rule.source?.body.fields ?? []
    return fields.sorted { $0.description < $1.description }.map { field in
      guard let row = mapping?.row(named: field.dotted, by: converted.rule.vendor)?.row ?? mapping?.row(at: field)
      else { return MappedName(rule: field.dotted, event: nil, output: field.dotted) }
      let output =
        vendorNames.contains(vendor) ? row.fields[vendor]?.names.first?.spelling : row.path.description
      return MappedName(rule: field.dotted, event: row.path.description, output: output)
    }
  }

  /// Events made from what the rule asks: such as fire it or not, and such as tell its output from it.
  public func trials(of converted: ConvertedRule) -> [Trial] {
    guard let pair = Self.pair(converted) else { return [] }
    let prover = prover(forMapping: converted.rule.mapping)
    var trials: [Trial] = []
    for (number, predicates) in pair.enumerated() {
      let (rule, output) = predicates
      let part = pair.count > 1 ? ", part \(number + 1)" : ""
      let questions: [(String, Prover.Answer)] = [
        ("fires the rule", prover.satisfy(rule)), ("does not fire the rule", prover.satisfy(.not(rule))),
        ("fires the rule alone", prover.implies(rule, output)),
        ("fires the output alone", prover.implies(output, rule)),
      ]
      for (question, answer) in questions {
        guard case .witness(let event) = answer, !trials.contains(where: { $0.event == event }),
          var trial = Self.trial(question + part, event, rule, output)
        else { continue }
        trial.event = event
        trials.append(trial)
      }
    }
    return trials
  }

  /// A recorded event tried on the condition of a rule and of its output; nil where neither fires.
  public func trial(of converted: ConvertedRule, on event: EventValue, from source: String) -> Trial? {
    guard let pair = Self.pair(converted) else { return nil }
    let trials = pair.compactMap { Self.trial(source, event, $0.rule, $0.output) }
    return trials.first { $0.rule || $0.output }
  }

  /// The conditions on single events of the rule and of its output, side by side.
  private static func pair(_ converted: ConvertedRule) -> [(rule: Predicate, output: Predicate)]? {
    guard let rule = converted.rule.neutral?.body.predicates, let output = converted.readBack?.body.predicates,
      rule.count == output.count
    else { return nil }
    return zip(rule, output).map { (rule: $0, output: $1) }
  }

  private static func trial(_ source: String, _ event: EventValue, _ rule: Predicate, _ output: Predicate) -> Trial? {
    guard let rule = try? TreeMatcher(rule).matches(event), let output = try? TreeMatcher(output).matches(event) else {
      return nil
    }
    return Trial(source: source, rule: rule, output: output)
  }
}

extension RuleBody {
  /// Every field that the body names, those of groups and joins included.
  fileprivate var fields: Set<FieldPath> {
    var fields: Set<FieldPath> = []
    _ = mapFields { field in
      fields.insert(field)
      return field
    }
    return fields
  }
}

import Matcher
import Proof
import RuleIR
public import SourceText

/// What is wrong between the rules of a run: ids that stand twice, and rules that fire on the same events.
public struct FolderLint {
  private let translator: Translator
  private let rules: [LoadedRule]

  public init(_ rules: [LoadedRule], by translator: Translator) {
    self.rules = rules
    self.translator = translator
  }

  public var diagnostics: [Diagnostic] { duplicateIdentifiers + duplicateRules }

  private var duplicateIdentifiers: [Diagnostic] {
    var seen: [String: LoadedRule] = [:]
    var found: [Diagnostic] = []
    for rule in rules {
      guard let id = rule.source?.metadata.id else { continue }
      let key = "\(rule.form) \(id.lowercased())"
      guard let first = seen[key] else {
        seen[key] = rule
        continue
      }
      found.append(
        Diagnostic(
          .duplicateIdentifier, "two rules have the id '\(id)'", at: rule.range.place(of: id) ?? rule.range,
          label: "this one", secondary: [.init(first.range.place(of: id) ?? first.range, "and this one")]))
    }
    return found
  }

  // MARK: - Rules that say the same

  /// Pairs of rules of one vendor and log source that are proved to fire on the same events.
  ///
  /// Only rules that test the same fields are compared: of two others one has a field that decides nothing, which
  /// `redundant-test` tells. Rules that differ are parted without a proof, by an event of each on which the others are
  /// run.
  private var duplicateRules: [Diagnostic] {
    var groups: [String: [Int]] = [:]
    for (index, rule) in rules.enumerated() {
      if let key = Self.groupKey(rule) { groups[key, default: []].append(index) }
    }
    var twins: [(first: Int, second: Int)] = []
    for group in groups.values where group.count > 1 { twins += pairs(in: group) }
    return twins.sorted { ($0.second, $0.first) < ($1.second, $1.first) }.map { pair in
      let (first, second) = (rules[pair.first], rules[pair.second])
      return Diagnostic(
        .duplicateRule, "'\(second.title)' fires on the same events as '\(first.title)'", severity: .warning,
        at: second.titlePlace, label: "this rule", secondary: [.init(first.titlePlace, "and this one")],
        notes: ["this is proved for every event"])
    }
  }

  private static func groupKey(_ rule: LoadedRule) -> String? {
    guard let neutral = rule.neutral, !neutral.body.predicates.isEmpty else { return nil }
    if case .unmodelled = neutral.body { return nil }
    let source = rule.source?.metadata.source.selectors.map { "\($0.key)=\($0.value)" }.sorted() ?? []
    var fields: Set<String> = []
    for predicate in neutral.body.predicates { predicate.normalised().collectFields(into: &fields) }
    return "\(rule.vendor)\n\(source.joined(separator: "\n"))\n\n\(fields.sorted().joined(separator: "\n"))"
  }

  private func pairs(in group: [Int]) -> [(first: Int, second: Int)] {
    let prover = translator.prover(forMapping: rules[group[0]].mapping)
    var matchers: [Int: TreeMatcher] = [:]
    for index in group {
      if let predicate = rules[index].neutral?.body.predicates.first { matchers[index] = try? TreeMatcher(predicate) }
    }
    var classes: [[Int]] = [group]
    var found: [(first: Int, second: Int)] = []
    while let candidates = classes.popLast() {
      guard candidates.count > 1 else { continue }
      let (alike, others) = parted(candidates, by: prover, matchers)
      classes.append(others)
      for second in alike.dropFirst() where isTwin(alike[0], second, prover) { found.append((alike[0], second)) }
      let rest = alike.dropFirst().filter { second in !found.contains { $0.second == second } }
      classes.append(Array(rest))
    }
    return found
  }

  /// The first rule with those that fire wherever an event of it does, and the others.
  private func parted(
    _ candidates: [Int], by prover: Prover, _ matchers: [Int: TreeMatcher]
  ) -> (alike: [Int], others: [Int]) {
    guard let predicate = rules[candidates[0]].neutral?.body.predicates.first,
      case .witness(let event) = prover.satisfy(predicate)
    else { return ([candidates[0]], Array(candidates.dropFirst())) }
    var (alike, others) = ([candidates[0]], [Int]())
    for candidate in candidates.dropFirst() {
      if (try? matchers[candidate]?.matches(event)) == false {
        others.append(candidate)
      } else {
        alike.append(candidate)
      }
    }
    return (alike, others)
  }

  private func isTwin(_ first: Int, _ second: Int, _ prover: Prover) -> Bool {
    guard let one = rules[first].neutral?.body, let other = rules[second].neutral?.body else { return false }
    return RuleComparison(one, other, by: prover).verdict == .equivalent
  }
}

extension LoadedRule {
  /// Where the title stands, or else the rule.
  fileprivate var titlePlace: SourceRange { range.place(of: title) ?? range }
}

extension Predicate {
  /// Adds the fields that tests name, those of elements with the list before them.
  fileprivate func collectFields(into fields: inout Set<String>, after prefix: String = "") {
    switch self {
    case .all(let parts), .any(let parts): for part in parts { part.collectFields(into: &fields, after: prefix) }
    case .not(let inner): inner.collectFields(into: &fields, after: prefix)
    case .presence(let test): fields.insert(prefix + test.field.dotted)
    case .field(let test): fields.insert(prefix + test.field.dotted)
    case .some(let test), .every(let test):
      test.predicate.collectFields(into: &fields, after: prefix + test.path.dotted + "/")
    case .anyField: fields.insert(prefix + "*")
    case .rawTerm: fields.insert(prefix + "raw")
    }
  }
}

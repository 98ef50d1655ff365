public import RuleIR
public import SourceText

/// A piece of a query, how tightly its outermost connective binds, and what was lost in it.
public struct Fragment: Hashable, Sendable {
  public var text: String
  /// `Int.max` for what needs no parentheses anywhere.
  public var binding: Int
  public var losses: [Loss]

  public init(_ text: String, binding: Int = .max, losses: [Loss] = []) {
    self.text = text
    self.binding = binding
    self.losses = losses
  }
}

/// Writes boolean queries: parentheses, negation and the direction of losses are settled here; the language writes
/// its leaves.
public protocol PredicatePrinter {
  var booleans: BooleanSyntax { get }

  /// Whether the language's own `not` means what `Predicate.not` means. Where truth has three values it does not,
  /// and leaves are asked for their opposite instead.
  var negationIsFaithful: Bool { get }

  /// What is always true, and what never is.
  func constant(_ value: Bool) throws(Diagnostic) -> Fragment

  /// Writes one test: any case but `all`, `any` and `not`.
  ///
  /// - Parameter negated: Whether its opposite is wanted. Never so where `negationIsFaithful`.
  func leaf(_ test: Predicate, negated: Bool) throws(Diagnostic) -> Fragment

  /// The opposite of one test where the language has a shorter form than its `not` before it; nil where it has none.
  /// Asked for only where `negationIsFaithful`; losses are those of the negated form.
  func opposite(of test: Predicate) throws(Diagnostic) -> Fragment?

  /// Writes several parts of a conjunction or disjunction as one, where the language has a shorter or truer form;
  /// nil to write them one by one. Losses are those of the positive form.
  func idiom(_ parts: [Predicate], joinedBy connective: Connective) throws(Diagnostic) -> Fragment?
}

extension PredicatePrinter {
  public var negationIsFaithful: Bool { true }

  public func opposite(of test: Predicate) throws(Diagnostic) -> Fragment? { nil }

  public func idiom(_ parts: [Predicate], joinedBy connective: Connective) throws(Diagnostic) -> Fragment? { nil }

  /// Writes a predicate.
  public func print(_ predicate: Predicate) throws(Diagnostic) -> Fragment { try print(predicate, negated: false) }

  public func print(_ predicate: Predicate, negated: Bool) throws(Diagnostic) -> Fragment {
    switch predicate {
    case .all(let parts):
      return try negated && !negationIsFaithful
        ? join(parts, .or, negated: true) : negate(join(parts, .and, negated: false), negated)
    case .any(let parts):
      return try negated && !negationIsFaithful
        ? join(parts, .and, negated: true) : negate(join(parts, .or, negated: false), negated)
    case .not(let inner): return try print(inner, negated: !negated)
    case .presence, .field, .some, .every, .anyField, .rawTerm:
      if negated, negationIsFaithful, let opposite = try opposite(of: predicate) { return opposite }
      return try negationIsFaithful
        ? negate(leaf(predicate, negated: false), negated) : leaf(predicate, negated: negated)
    }
  }

  /// Joins parts; a part that binds no tighter is put in parentheses, and so is one that binds tighter by another
  /// connective, for the reader's sake.
  private func join(_ parts: [Predicate], _ connective: Connective, negated: Bool) throws(Diagnostic) -> Fragment {
    if parts.isEmpty { return try constant(connective == .and) }
    if parts.count == 1 { return try print(parts[0], negated: negated) }
    if !negated, let idiom = try idiom(parts, joinedBy: connective) { return idiom }
    let binding = booleans.binding(of: connective)
    var texts: [String] = []
    var losses: [Loss] = []
    for part in parts {
      let fragment = try print(part, negated: negated)
      texts.append(isConnective(fragment.binding) ? "(\(fragment.text))" : fragment.text)
      losses += fragment.losses
    }
    let spelling = connective == .and ? booleans.and.spelling : booleans.or.spelling
    return Fragment(texts.joined(separator: " \(spelling) "), binding: binding, losses: losses)
  }

  private func isConnective(_ binding: Int) -> Bool {
    binding <= max(booleans.and.binding, booleans.or.binding)
  }

  /// Puts the language's own `not` before a fragment.
  public func negate(_ fragment: Fragment, _ negated: Bool = true) -> Fragment {
    guard negated else { return fragment }
    let not = booleans.not
    let losses = fragment.losses.map(\.negated)
    switch booleans.negation {
    case .function: return Fragment("\(not.spelling)(\(fragment.text))", losses: losses)
    case .prefix:
      let text = fragment.binding == .max ? fragment.text : "(\(fragment.text))"
      return Fragment("\(not.spelling) \(text)", binding: not.binding, losses: losses)
    }
  }
}

extension Predicate {
  /// Where a test stands in the rule's text.
  public var origin: Origin {
    switch self {
    case .presence(let test): test.origin
    case .field(let test): test.origin
    case .some(let test), .every(let test): test.origin
    case .anyField(let test): test.origin
    case .rawTerm(let test): test.origin
    case .not(let inner): inner.origin
    case .all(let parts), .any(let parts): parts.first?.origin ?? Origin()
    }
  }
}

extension Diagnostic {
  /// The error of a writer that has no form for something.
  public static func untranslatable(_ feature: Feature, in language: String, because reason: String, at origin: Origin)
    -> Diagnostic
  {
    Diagnostic(
      .untranslatable, "\(language) cannot say \(feature.rawValue.replacingDashes)", at: origin.range, label: reason)
  }

  /// The error of a writer that could say something and does not yet.
  public static func notYet(_ feature: Feature, in language: String, at origin: Origin) -> Diagnostic {
    Diagnostic(
      .untranslatable, "\(language) is not written yet for \(feature.rawValue.replacingDashes)", at: origin.range,
      label: "needs \(feature.rawValue)")
  }
}

extension Threshold {
  /// Refuses what goes beyond one bound that is compared as events come.
  ///
  /// - Parameter reason: Why the language cannot say more; nil where it could and does not yet.
  public func requirePlain(in language: String, because reason: String? = nil) throws(Diagnostic) {
    guard !isPlain else { return }
    let feature: Feature = comparison == .onceAllHaveCome ? .boundOnceComplete : .groupCondition
    guard let reason else { throw .notYet(feature, in: language, at: origin) }
    throw .untranslatable(feature, in: language, because: reason, at: origin)
  }
}

extension String {
  fileprivate var replacingDashes: String { split(separator: "-").joined(separator: " ") }
}

import LanguageSupport
import RuleIR
import SourceText

/// Writes predicates as Kuery.
struct KueryPrinter: PredicatePrinter {
  static let language = "kuery"

  let schema: TargetSchema
  /// The objects whose fields are written, inside `{}`.
  var scope: FieldPath = .element

  var booleans: BooleanSyntax { Kuery.booleans }

  func constant(_ value: Bool) throws(Diagnostic) -> Fragment {
    value ? Fragment("*:*") : negate(Fragment("*:*"))
  }

  func leaf(_ test: Predicate, negated: Bool) throws(Diagnostic) -> Fragment {
    switch test {
    case .presence(let test): return try presence(test)
    case .field(let test): return try field(test)
    case .some(let test): return try some(test)
    case .every(let test): return try every(test)
    case .anyField(let test):
      return try KueryValuePrinter(column: nil, origin: test.origin).value(test.condition)
    case .rawTerm(let test): throw never(.rawTerm, "the raw text of an event is not searched", at: test.origin)
    case .all, .any, .not: return try print(test)
    }
  }

  func column(of path: FieldPath) -> TargetSchema.Column? { schema.columns[scope.appending(path)] }

  func never(_ feature: Feature, _ reason: String, at origin: Origin) -> Diagnostic {
    .untranslatable(feature, in: Self.language, because: reason, at: origin)
  }
}

// MARK: Tests

extension KueryPrinter {
  private func presence(_ test: PresenceTest) throws(Diagnostic) -> Fragment {
    var fragment = try named(test.field, Fragment("*"), at: test.origin)
    let column = column(of: test.field)
    switch test.kind {
    case .key:
      fragment.losses.append(
        Loss(.hasKey, .narrower, because: "a key that holds null or an empty list is not stored", at: test.origin))
    case .value: break
    case .single where column?.isList == false: break
    case .single: fragment.losses.append(singleLoss(test))
    }
    if column?.isRemovedWhenEmpty == true {
      fragment.losses.append(Loss(.hasValue, .narrower, because: "an empty text is not stored", at: test.origin))
    }
    return fragment
  }

  func singleLoss(_ test: PresenceTest) -> Loss {
    Loss(.singleValue, .broader, because: "one value is not told from several", at: test.origin)
  }

  private func field(_ test: FieldTest) throws(Diagnostic) -> Fragment {
    try requireValue(test)
    guard test.condition != .oneOf([]) else {
      guard test.polarity == .someValueFails else { return try constant(false) }
      return try presence(PresenceTest(.value, test.field, origin: test.origin))
    }
    let passes = try passing(test)
    guard test.polarity == .someValueFails else { return passes }
    let present = try named(test.field, Fragment("*"), at: test.origin)
    var fragment = KueryValuePrinter.join([present, negate(passes)], .and)
    if column(of: test.field)?.isList != false {
      fragment.losses.append(
        Loss(
          .someValueDiffers, .narrower, because: "'not' asks that no value passes, also of a list", at: test.origin))
    }
    return fragment
  }

  private func passing(_ test: FieldTest) throws(Diagnostic) -> Fragment {
    let values = KueryValuePrinter(column: column(of: test.field), origin: test.origin)
    guard case .order(let order, let literal) = test.condition else {
      return try named(test.field, try values.value(test.condition), at: test.origin)
    }
    let name = try name(of: test.field, at: test.origin)
    let bound = try values.bound(literal)
    return Fragment("\(name.text) \(order.rawValue) \(bound.text)", losses: name.losses + bound.losses)
  }

  /// Refuses what is asked of other things than the value.
  private func requireValue(_ test: FieldTest) throws(Diagnostic) {
    switch test.subject {
    case .value: return
    case .spelling where column(of: test.field)?.type == .text: return
    case .spelling:
      throw never(.spelledValue, "numbers and booleans are not compared as texts", at: test.origin)
    case .length: throw never(.textLength, "texts are not measured", at: test.origin)
    case .count: throw never(.valueCount, "values are not counted", at: test.origin)
    case .derived: throw never(.derivedValue, "texts are not decoded or taken apart", at: test.origin)
    case .datePart: throw never(.datePart, "dates are not taken apart", at: test.origin)
    }
  }

  /// `name:value`, or `name:(value or value)`.
  func named(_ path: FieldPath, _ value: Fragment, at origin: Origin) throws(Diagnostic) -> Fragment {
    let name = try name(of: path, at: origin)
    let text = value.binding == .max ? value.text : "(\(value.text))"
    return Fragment("\(name.text):\(text)", losses: name.losses + value.losses)
  }

  /// The name by which a path goes: its keys joined by dots.
  private func name(of path: FieldPath, at origin: Origin) throws(Diagnostic) -> Fragment {
    var keys: [TextPattern] = []
    var losses: [Loss] = []
    for step in path.steps {
      switch step {
      case .key(let key): keys.append(.exact(key))
      case .keyPattern(let pattern):
        keys.append(pattern)
        losses.append(
          Loss(.keyPattern, .broader, because: "'*' in a field's name also runs over dots", at: origin))
      case .each, .index:
        losses.append(
          Loss(.listIndex, .broader, because: "the elements of a list are not told apart", at: origin))
      }
    }
    guard !keys.isEmpty else {
      throw never(.someElement, "an element that is a plain value has no name", at: origin)
    }
    let name = TextPattern(Array(keys.map(\.parts).joined(separator: [.literal(".")])))
    guard name.hasWildcard else { return Fragment(KuerySpelling.name(name.literals.joined()), losses: losses) }
    guard name.shape != .anything else {
      throw never(.keyPattern, "'*' alone names every field at any depth", at: origin)
    }
    return Fragment(KuerySpelling.unquoted(name), losses: losses)
  }

  private func some(_ test: ElementTest) throws(Diagnostic) -> Fragment {
    if column(of: test.path)?.type == .object { return try flattened(test) }
    var inner = self
    inner.scope = scope.appending(test.path)
    let condition = try inner.print(test.predicate)
    let name = try name(of: test.path, at: test.origin)
    return Fragment("\(name.text):{ \(condition.text) }", losses: name.losses + condition.losses)
  }

  /// There is an element, and none that does not pass.
  private func every(_ test: ElementTest) throws(Diagnostic) -> Fragment {
    let passing = try some(test)
    let other = try some(ElementTest(test.path, .negation(of: test.predicate), origin: test.origin))
    return KueryValuePrinter.join([passing, negate(other)], .and)
  }

  /// A plain object of Elastic's: the values of all elements lie together, and which belonged to which is lost.
  private func flattened(_ test: ElementTest) throws(Diagnostic) -> Fragment {
    guard let lifted = test.predicate.lifted(to: test.path) else {
      throw never(
        .someElement, "the elements of '\(test.path)' are stored as one, so 'not' would be about all of them",
        at: test.origin)
    }
    var fragment = try print(lifted)
    if test.predicate.joinsTests {
      fragment.losses.append(
        Loss(
          .someElement, .broader, because: "which values stand in one element of '\(test.path)' is not stored",
          at: test.origin))
    }
    return fragment
  }
}

extension Predicate {
  /// The predicate of an element as one of all elements together; nil where it denies something.
  func lifted(to path: FieldPath) -> Predicate? {
    switch self {
    case .all(let parts): return Self.lifted(parts, to: path).map(Predicate.conjunction)
    case .any(let parts): return Self.lifted(parts, to: path).map(Predicate.disjunction)
    case .presence(var test):
      test.field = path.appending(test.field)
      return test.kind == .single ? nil : .presence(test)
    case .field(var test):
      if case .field = test.condition { return nil }
      test.field = path.appending(test.field)
      return test.polarity == .someValueFails ? nil : .field(test)
    case .some(var test):
      test.path = path.appending(test.path)
      return .some(test)
    case .not, .every, .anyField, .rawTerm: return nil
    }
  }

  private static func lifted(_ parts: [Predicate], to path: FieldPath) -> [Predicate]? {
    let lifted = parts.compactMap { $0.lifted(to: path) }
    return lifted.count == parts.count ? lifted : nil
  }

  /// Whether two tests must hold together somewhere in the predicate.
  var joinsTests: Bool {
    switch self {
    case .all(let parts): parts.count > 1 || parts.contains(where: \.joinsTests)
    case .any(let parts): parts.contains(where: \.joinsTests)
    case .not(let inner): inner.joinsTests
    case .some, .every, .presence, .field, .anyField, .rawTerm: false
    }
  }
}

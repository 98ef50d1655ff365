import LanguageSupport
import RuleIR
import SourceText

/// Writes predicates as query strings.
///
/// Every conjunction and disjunction inside another, and every negation, stands in parentheses: the classic parser
/// has no precedence.
struct LucenePrinter: PredicatePrinter {
  static let language = "lucene"

  let schema: TargetSchema

  var booleans: BooleanSyntax { Lucene.booleans }

  func constant(_ value: Bool) throws(Diagnostic) -> Fragment {
    value ? Fragment("*:*") : negate(Fragment("*:*"))
  }

  func leaf(_ test: Predicate, negated: Bool) throws(Diagnostic) -> Fragment {
    switch test {
    case .presence(let test): return try presence(test)
    case .field(let test): return try field(test)
    case .some(let test): return try some(test)
    case .every(let test): throw never(.everyElement, "the elements of lists are not told apart", at: test.origin)
    case .anyField(let test):
      return try LuceneValuePrinter(column: nil, origin: test.origin).value(test.condition)
    case .rawTerm(let test): throw never(.rawTerm, "the raw text of an event is not searched", at: test.origin)
    case .all, .any, .not: return try print(test)
    }
  }

  func column(of path: FieldPath) -> TargetSchema.Column? { schema.columns[path] }

  func never(_ feature: Feature, _ reason: String, at origin: Origin) -> Diagnostic {
    .untranslatable(feature, in: Self.language, because: reason, at: origin)
  }

  // MARK: Presence

  private func presence(_ test: PresenceTest) throws(Diagnostic) -> Fragment {
    let name = try name(of: test.field, at: test.origin)
    var fragment = Fragment("_exists_:\(name.text)", losses: name.losses)
    let column = column(of: test.field)
    switch test.kind {
    case .key:
      fragment.losses.append(
        Loss(.hasKey, .narrower, because: "a key that holds null or an empty list is not stored", at: test.origin))
    case .value: break
    case .single where column?.isList == false: break
    case .single:
      fragment.losses.append(
        Loss(.singleValue, .broader, because: "one value is not told from several", at: test.origin))
    }
    if column?.isRemovedWhenEmpty == true {
      fragment.losses.append(Loss(.hasValue, .narrower, because: "an empty text is not stored", at: test.origin))
    }
    return fragment
  }

  /// Of the parts of a conjunction, none that says only that a tested field has one value or any.
  func idiom(_ parts: [Predicate], joinedBy connective: Connective) throws(Diagnostic) -> Fragment? {
    guard connective == .and else { return nil }
    let tested = Set(
      parts.compactMap { part -> FieldPath? in
        if case .field(let test) = part, test.subject != .count, test.polarity == .someValuePasses {
          test.field
        } else {
          nil
        }
      })
    var losses: [Loss] = []
    let kept = parts.filter { part in
      guard case .presence(let test) = part, test.kind != .key, tested.contains(test.field) else { return true }
      if test.kind == .single, column(of: test.field)?.isList != false {
        losses.append(
          Loss(.singleValue, .broader, because: "one value is not told from several", at: test.origin))
      }
      return false
    }
    guard kept.count < parts.count else { return nil }
    var fragment = try print(.conjunction(kept))
    fragment.losses += losses
    return fragment
  }

  // MARK: Fields

  private func field(_ test: FieldTest) throws(Diagnostic) -> Fragment {
    guard test.condition != .oneOf([]) else {
      guard test.polarity == .someValueFails else { return try constant(false) }
      return try presence(PresenceTest(.value, test.field, origin: test.origin))
    }
    let passes = try named(test.field, try value(test), at: test.origin)
    guard test.polarity == .someValueFails else { return passes }
    let name = try name(of: test.field, at: test.origin)
    var fragment = Fragment(
      "_exists_:\(name.text) AND (\(negate(passes).text))", binding: booleans.and.binding,
      losses: passes.losses.map(\.negated))
    if column(of: test.field)?.isList != false {
      fragment.losses.append(
        Loss(.someValueDiffers, .narrower, because: "'NOT' asks that no value passes, also of a list", at: test.origin))
    }
    return fragment
  }

  private func value(_ test: FieldTest) throws(Diagnostic) -> Fragment {
    let values = LuceneValuePrinter(column: column(of: test.field), origin: test.origin)
    switch test.subject {
    case .value: return try values.value(test.condition)
    case .spelling where column(of: test.field)?.type == .text: return try values.value(test.condition)
    case .spelling: throw never(.spelledValue, "numbers and booleans are not compared as texts", at: test.origin)
    case .length: return try values.length(test.condition)
    case .count: throw never(.valueCount, "values are not counted", at: test.origin)
    case .derived: throw never(.derivedValue, "texts are not decoded or taken apart", at: test.origin)
    case .datePart: throw never(.datePart, "dates are not taken apart", at: test.origin)
    }
  }

  private func named(_ path: FieldPath, _ value: Fragment, at origin: Origin) throws(Diagnostic) -> Fragment {
    let name = try name(of: path, at: origin)
    let text = value.binding == .max ? value.text : "(\(value.text))"
    return Fragment("\(name.text):\(text)", losses: name.losses + value.losses)
  }

  private func name(of path: FieldPath, at origin: Origin) throws(Diagnostic) -> Fragment {
    var keys: [TextPattern] = []
    var losses: [Loss] = []
    for step in path.steps {
      switch step {
      case .key(let key): keys.append(.exact(key))
      case .keyPattern(let pattern):
        keys.append(pattern)
        losses.append(Loss(.keyPattern, .broader, because: "'*' in a field's name also runs over dots", at: origin))
      case .each, .index:
        losses.append(Loss(.listIndex, .broader, because: "the elements of a list are not told apart", at: origin))
      }
    }
    let name = TextPattern(Array(keys.map(\.parts).joined(separator: [.literal(".")])))
    guard !keys.isEmpty, name.shape != .anything else {
      throw never(.someElement, "an element that is a plain value has no name", at: origin)
    }
    return Fragment(LuceneSpelling.name(name), losses: losses)
  }

  /// Two bounds that one value must meet.
  private func some(_ test: ElementTest) throws(Diagnostic) -> Fragment {
    guard case .all(let parts) = test.predicate, parts.count == 2 else { throw notTold(test) }
    var low = "*"
    var high = "*"
    var (opens, closes) = ("[", "]")
    var losses: [Loss] = []
    for part in parts {
      guard case .field(let bound) = part, bound.field == .element, bound.polarity == .someValuePasses,
        case .order(let order, let literal) = bound.condition
      else { throw notTold(test) }
      let value = try LuceneValuePrinter(column: column(of: test.path), origin: test.origin).bound(literal)
      losses += value.losses
      switch order {
      case .greater, .greaterOrEqual: (low, opens) = (value.text, order == .greater ? "{" : "[")
      case .less, .lessOrEqual: (high, closes) = (value.text, order == .less ? "}" : "]")
      }
    }
    guard low != "*", high != "*" else { throw notTold(test) }
    let name = try name(of: test.path, at: test.origin)
    return Fragment("\(name.text):\(opens)\(low) TO \(high)\(closes)", losses: name.losses + losses)
  }

  private func notTold(_ test: ElementTest) -> Diagnostic {
    never(.someElement, "the elements of '\(test.path)' are not told apart", at: test.origin)
  }
}

import LanguageSupport
import RuleIR
import SourceText

/// Writes predicates as conditions of EQL.
///
/// What is lost where empty texts are not stored, the mapping has named: the predicate is about events as stored.
struct EQLPrinter: PredicatePrinter {
  static let language = EQL.name

  let schema: TargetSchema

  var booleans: BooleanSyntax {
    BooleanSyntax(
      and: .init("and", binding: 2), or: .init("or", binding: 1), not: .init("not", binding: 3), keywords: .exactCase)
  }

  func constant(_ value: Bool) throws(Diagnostic) -> Fragment { Fragment(value ? "true" : "false") }

  func leaf(_ test: Predicate, negated: Bool) throws(Diagnostic) -> Fragment {
    switch test {
    case .presence(let test): return try presence(test)
    case .field(let test): return joined(EQLPiece.merged(try EQLTestPrinter(test, in: self).pieces()), .or)
    case .some(let test): return try some(test)
    case .every(let test):
      throw never(.everyElement, "the elements of a list are not told apart", at: test.origin)
    case .anyField(let test): throw never(.anyField, "a test names a field", at: test.origin)
    case .rawTerm(let test): throw never(.rawTerm, "the raw text of an event is not searched", at: test.origin)
    case .all, .any, .not: return try print(test)
    }
  }

  func opposite(of test: Predicate) throws(Diagnostic) -> Fragment? {
    switch test {
    case .presence(let test):
      guard test.kind == .value || column(of: test.field)?.isList == false && test.kind == .single else { return nil }
      let name = try name(of: test.field, at: test.origin)
      return Fragment("\(name.text) == null", losses: name.losses.map(\.negated))
    case .field(let test):
      let pieces = EQLPiece.merged(try EQLTestPrinter(test, in: self).pieces())
      guard pieces.count == 1, case .clause(let clause, let losses) = pieces[0] else { return nil }
      return clause.opposite.map { Fragment($0, losses: losses.map(\.negated)) }
    case .all, .any, .not, .some, .every, .anyField, .rawTerm: return nil
    }
  }

  func column(of path: FieldPath) -> TargetSchema.Column? { schema.columns[path] }

  func never(_ feature: Feature, _ reason: String, at origin: Origin) -> Diagnostic {
    .untranslatable(feature, in: Self.language, because: reason, at: origin)
  }

  /// Joins pieces, those that are joined by the other connective in parentheses.
  func joined(_ pieces: [EQLPiece], _ connective: Connective) -> Fragment {
    joined(pieces.map(\.fragment), connective)
  }

  func joined(_ fragments: [Fragment], _ connective: Connective, by separator: String = " ") -> Fragment {
    guard fragments.count != 1 else { return fragments[0] }
    let binding = booleans.binding(of: connective)
    let spelling = connective == .and ? booleans.and.spelling : booleans.or.spelling
    let texts = fragments.map { $0.binding <= booleans.and.binding ? "(\($0.text))" : $0.text }
    return Fragment(
      texts.joined(separator: " \(spelling)\(separator)"), binding: binding, losses: fragments.flatMap(\.losses))
  }
}

// MARK: Names

extension EQLPrinter {
  /// The name by which a path goes: its keys joined by dots.
  func name(of path: FieldPath, at origin: Origin) throws(Diagnostic) -> Fragment {
    var keys: [String] = []
    var losses: [Loss] = []
    for step in path.steps {
      switch step {
      case .key(let key): keys.append(key)
      // A value alone and a list of one are the same in Elasticsearch.
      case .each: break
      case .index: losses.append(Loss(.listIndex, .broader, because: "the order of a list is not stored", at: origin))
      case .keyPattern: throw never(.keyPattern, "a field's name has no wildcards", at: origin)
      }
    }
    let name = keys.joined(separator: ".")
    guard !name.isEmpty else { throw never(.someElement, "an element that is a plain value has no name", at: origin) }
    if let hidden = name.unicodeScalars.first(where: isHidden) {
      let code = String(hidden.value, radix: 16, uppercase: true)
      throw never(.caseSensitiveText, "the field's name holds U+\(code), which does not show", at: origin)
    }
    return Fragment(EQLSpelling.name(name), losses: losses)
  }
}

// MARK: Presence and elements

extension EQLPrinter {
  private func presence(_ test: PresenceTest) throws(Diagnostic) -> Fragment {
    let name = try name(of: test.field, at: test.origin)
    var losses = name.losses
    switch test.kind {
    case .key:
      losses.append(
        Loss(.hasKey, .narrower, because: "a key that holds null or an empty list is not stored", at: test.origin))
    case .value: break
    case .single where column(of: test.field)?.isList == false: break
    case .single: losses.append(singleLoss(test))
    }
    return Fragment("\(name.text) != null", losses: losses)
  }

  func singleLoss(_ test: PresenceTest) -> Loss {
    Loss(.singleValue, .broader, because: "one value is not told from several", at: test.origin)
  }

  /// The values of all elements lie together in Elasticsearch, and which belonged to which is lost.
  private func some(_ test: ElementTest) throws(Diagnostic) -> Fragment {
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

// MARK: Idioms

extension EQLPrinter {
  func idiom(_ parts: [Predicate], joinedBy connective: Connective) throws(Diagnostic) -> Fragment? {
    switch connective {
    case .or: return try alternatives(parts)
    case .and:
      var losses: [Loss] = []
      let kept = conjuncts(parts, &losses)
      guard kept.count < parts.count else { return nil }
      var fragment = try print(.conjunction(kept))
      fragment.losses += losses
      return fragment
    case .not: return nil
    }
  }

  /// A disjunction with the tests of one field put together.
  private func alternatives(_ parts: [Predicate]) throws(Diagnostic) -> Fragment? {
    var pieces: [EQLPiece] = []
    for part in parts {
      if case .field(let test) = part, test.polarity == .someValuePasses {
        pieces += try EQLTestPrinter(test, in: self).pieces()
      } else {
        pieces.append(.text(try print(part)))
      }
    }
    let merged = EQLPiece.merged(pieces)
    return merged.count < parts.count ? joined(merged, .or) : nil
  }

  /// The parts of a conjunction without what another of them says as well.
  ///
  /// That a field has one value is left out beside a test of the value; where it may have several, that is a loss.
  func conjuncts(_ parts: [Predicate], _ losses: inout [Loss]) -> [Predicate] {
    let tested = Set(parts.compactMap(\.testedField))
    let kept = parts.filter { part in
      guard case .presence(let test) = part, test.kind == .single, tested.contains(test.field) else { return true }
      if column(of: test.field)?.isList != false { losses.append(singleLoss(test)) }
      return false
    }
    return Predicate.withoutImpliedPresence(all: kept)
  }
}

extension Predicate {
  /// The field of a test that only a value can pass.
  fileprivate var testedField: FieldPath? {
    guard case .field(let test) = self, test.polarity == .someValuePasses else { return nil }
    return test.subject == .value || test.subject == .spelling ? test.field : nil
  }
}

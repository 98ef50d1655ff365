import RuleIR

extension Predicate {
  /// The field that all tests are about; nil where there are several, or none.
  var onlyField: FieldPath? {
    guard let fields = testedFields, let first = fields.first else { return nil }
    return fields.allSatisfy { $0 == first } ? first : nil
  }

  /// The fields of the tests; nil where a test is not of a field's values.
  private var testedFields: [FieldPath]? {
    switch self {
    case .all(let parts), .any(let parts):
      var fields: [FieldPath] = []
      for part in parts {
        guard let more = part.testedFields else { return nil }
        fields += more
      }
      return fields
    case .not(let part): return part.testedFields
    case .presence(let test): return test.kind == .value ? [test.field] : nil
    case .field(let test):
      if case .field = test.condition { return nil }
      return test.subject == .count ? nil : [test.field]
    case .some, .every, .anyField, .rawTerm: return nil
    }
  }

  /// The predicate asked of each value of a field by itself: some value passes it.
  func ofSomeElement(at path: FieldPath, _ origin: Origin) -> Predicate? {
    let inside = aboutElement
    if case .field(var test) = inside, test.polarity == .someValuePasses {
      test.field = path
      return .field(test)
    }
    if case .not(.field(var test)) = inside, test.polarity == .someValuePasses {
      test.field = path
      test.polarity = .someValueFails
      return .field(test)
    }
    return .some(ElementTest(path, inside, origin: origin))
  }

  /// The same tests of the element itself, which always has a value.
  private var aboutElement: Predicate {
    switch self {
    case .all(let parts):
      let asked = parts.map(\.aboutElement).filter { $0 != .always }
      return .conjunction(asked)
    case .any(let parts): return .disjunction(parts.map(\.aboutElement))
    case .not(let part): return .negation(of: part.aboutElement)
    case .presence: return .always
    case .field(var test):
      test.field = .element
      guard test.polarity == .someValueFails else { return .field(test) }
      test.polarity = .someValuePasses
      return .not(.field(test))
    case .some, .every, .anyField, .rawTerm: return self
    }
  }
}

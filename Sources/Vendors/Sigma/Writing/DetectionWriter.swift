import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Turns a predicate into selections and a condition over them.
struct DetectionWriter {
  let schema: TargetSchema
  private let names: FieldName
  private(set) var losses: [Loss] = []
  private var members: [OutputNode.Member] = []
  private var searchNames: [Search: String] = [:]
  private var counts: [String: Int] = [:]

  init(schema: TargetSchema, _ brackets: SigmaDialect.Brackets) {
    self.schema = schema
    names = FieldName(brackets)
  }

  /// The mapping behind `detection`.
  mutating func detection(of predicate: Predicate) throws(Diagnostic) -> OutputNode {
    let simple = predicate.withoutConstants
    let condition: String
    if simple == .always || simple == .never {
      let name = name(of: .keywords([.text("*")]), stem: "anything")
      condition = simple == .always ? "\(name) or not \(name)" : "\(name) and not \(name)"
    } else {
      condition = text(of: try clause(of: simple, .positive), inside: nil, stem: "selection")
    }
    return .mapping(members + [OutputNode.Member("condition", .text(condition))])
  }

  // MARK: From predicates to clauses

  /// Whether what is written stands under a `not`, which turns the direction of a loss.
  enum Sign {
    case positive, negative

    var opposite: Sign { self == .positive ? .negative : .positive }
  }

  private mutating func clause(of predicate: Predicate, _ sign: Sign) throws(Diagnostic) -> Clause {
    switch predicate {
    case .all(let parts): return .conjunction(try clauses(of: Predicate.withoutImpliedPresence(all: parts), sign))
    case .any(let parts):
      if let (test, path) = predicate.allOrEmpty, test.path == path { return try block(test, .allOrEmpty, sign) }
      return .disjunction(try clauses(of: parts, sign))
    case .not(let inner): return try negation(of: inner, sign)
    case .presence(let test): return try presence(test, sign)
    case .field(let test):
      var writer = FieldTestWriter(schema: schema, names)
      let clause = try writer.clause(of: test)
      note(writer.losses, sign)
      return clause
    case .anyField(let test): return .search(try AnyFieldWriter.search(for: test.condition, at: test.origin))
    case .some(let test): return try block(test, .any, sign)
    case .every(let test): return try block(test, .all, sign)
    case .rawTerm(let test):
      note([.rawTerm(at: test.origin)], sign)
      let pattern = ValueReader.extended(test.term, to: .contains)
      return .search(try AnyFieldWriter.search(for: .matches(pattern, test.textCase), at: test.origin))
    }
  }

  /// A block about elements: a map where one says it, else selections of its own with a condition.
  private mutating func block(
    _ test: ElementTest, _ quantifier: ArrayName.Quantifier, _ sign: Sign
  ) throws(Diagnostic) -> Clause {
    let name = try names.text(of: test.path, at: test.origin)
    guard name != "." else {
      throw .untranslatable(
        .someElement, in: "sigma", because: "a list right inside a list has no name", at: test.origin)
    }
    let inner = test.predicate.withoutConstants
    var writer = DetectionWriter(schema: schema, names.brackets)
    let body: OutputNode
    if inner != .always, inner != .never,
      case .search(.maps(let maps)) = try writer.clause(of: inner, .positive), maps.allSatisfy(\.isPlainBlock)
    {
      body = Search.maps(maps).node
    } else {
      writer = DetectionWriter(schema: schema, names.brackets)
      body = try writer.detection(of: inner)
    }
    note(writer.losses, sign)
    return .search(.maps([[Item("\(name)[\(quantifier.rawValue)]", ModifierChain(), [body])]]))
  }

  private mutating func clauses(of parts: [Predicate], _ sign: Sign) throws(Diagnostic) -> [Clause] {
    var clauses: [Clause] = []
    for part in parts { clauses.append(try clause(of: part, sign)) }
    return clauses
  }

  /// An absent key and an absent value have forms of their own.
  private mutating func negation(of predicate: Predicate, _ sign: Sign) throws(Diagnostic) -> Clause {
    if case .presence(let test) = predicate, test.kind == .key {
      return .search(.maps([[try existence(test, is: false)]]))
    }
    return .negation(of: try clause(of: predicate, sign.opposite))
  }

  private mutating func presence(_ test: PresenceTest, _ sign: Sign) throws(Diagnostic) -> Clause {
    switch test.kind {
    case .key: return .search(.maps([[try existence(test, is: true)]]))
    case .single where schema.mayBeList(test.field):
      note([.singleValue(at: test.origin)], sign)
    case .value, .single: break
    }
    let name = try names.text(of: test.field, at: test.origin)
    return .not(.search(.maps([[.absence(of: name)]])))
  }

  private func existence(_ test: PresenceTest, is wanted: Bool) throws(Diagnostic) -> Item {
    var chain = ModifierChain()
    chain.comparison = .presence
    return Item(try names.text(of: test.field, at: test.origin), chain, [.boolean(wanted)])
  }

  private mutating func note(_ found: [Loss], _ sign: Sign) {
    losses += sign == .positive ? found : found.map(\.negated)
  }

  // MARK: From clauses to text

  private mutating func text(of clause: Clause, inside outer: Connective?, stem: String) -> String {
    let booleans = SigmaCondition.booleans
    switch clause {
    case .search(let search): return name(of: search, stem: stem)
    case .not(let inner): return "\(booleans.not.spelling) \(text(of: inner, inside: .not, stem: "filter"))"
    case .all(let parts):
      let joined = parts.map { text(of: $0, inside: .and, stem: stem) }
        .joined(separator: " \(booleans.and.spelling) ")
      return outer == nil ? joined : "(\(joined))"
    case .any(let parts):
      let joined = parts.map { text(of: $0, inside: .or, stem: stem) }
        .joined(separator: " \(booleans.or.spelling) ")
      return outer == nil ? joined : "(\(joined))"
    }
  }

  /// The name of a selection, which gets one when it is first met.
  private mutating func name(of search: Search, stem: String) -> String {
    if let name = searchNames[search] { return name }
    var stem = stem
    if case .keywords = search, stem == "selection" { stem = "keywords" }
    let count = counts[stem, default: 0] + 1
    counts[stem] = count
    let name = count == 1 ? stem : "\(stem)_\(count)"
    searchNames[search] = name
    members.append(OutputNode.Member(name, search.node))
    return name
  }
}

extension [Item] {
  /// Whether no key of the map would be taken for the condition of a block.
  fileprivate var isPlainBlock: Bool { allSatisfy { $0.key != "condition" } }
}

extension Predicate {
  /// All elements pass, or there are none: the test of the elements and the path that has no value.
  fileprivate var allOrEmpty: (ElementTest, FieldPath)? {
    guard case .any(let parts) = self, parts.count == 2, case .every(let test) = parts[0],
      case .not(.presence(let absent)) = parts[1], absent.kind == .value
    else { return nil }
    return (test, absent.field)
  }

  /// Whether it can be said only where brackets choose elements.
  var needsSelectors: Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.contains(where: \.needsSelectors)
    case .not(let inner): inner.needsSelectors
    case .some, .every: true
    case .presence(let test): test.field.hasIndex
    case .field(let test):
      if case .field(_, let other, _) = test.condition {
        test.field.hasIndex || other.hasIndex
      } else {
        test.field.hasIndex
      }
    case .anyField, .rawTerm: false
    }
  }

  /// The same without constants inside, double negations and nested joins of one kind.
  fileprivate var withoutConstants: Predicate {
    switch self {
    case .all(let parts):
      .conjunction(parts.map(\.withoutConstants).filter { $0 != .always })
    case .any(let parts):
      .disjunction(parts.map(\.withoutConstants).filter { $0 != .never })
    case .not(let inner): .negation(of: inner.withoutConstants)
    case .field(let test):
      test.condition == .oneOf([]) && test.polarity == .someValuePasses ? .never : self
    case .presence, .some, .every, .anyField, .rawTerm: self
    }
  }
}

extension Loss {
  fileprivate static func singleValue(at origin: Origin) -> Loss {
    Loss(.singleValue, .broader, because: "Sigma does not ask whether a field has one value or several", at: origin)
  }

  fileprivate static func rawTerm(at origin: Origin) -> Loss {
    Loss(
      .rawTerm, .both, because: "a Sigma keyword is looked for in the values, as any part of them, and not in keys",
      at: origin)
  }
}

extension FieldPath {
  fileprivate var hasIndex: Bool {
    steps.contains { step in
      if case .index = step { true } else { false }
    }
  }
}

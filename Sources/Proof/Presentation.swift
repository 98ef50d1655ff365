public import RuleIR

extension Prover {
  /// An event as it is shown to people: in the letter case of the rule, and completed to the shape of a real event.
  ///
  /// Nothing is changed that the verdict hangs on: the predicate is true of what is returned, by the matcher.
  ///
  /// - Parameter event: One that the predicate is true of.
  public func shown(_ event: EventValue, for predicate: Predicate) -> EventValue {
    let restored = restored(event, for: predicate)
    guard let example else { return restored }
    return EventCompletion(example) { confirm(predicate, $0) == true }.completing(restored)
  }

  /// An event as it is shown, with what stands under dotted names in objects, as products send it.
  public func shownNested(_ event: EventValue, for predicate: Predicate) -> EventValue {
    let event = shown(event, for: predicate)
    let nested = event.nestingDottedKeys
    return nested != event && confirm(predicate, nested) == true ? nested : event
  }

  /// The event with texts in the letter case in which the predicate has them.
  ///
  /// Where letter case does not count a predicate is searched in folded form, and so is what is found.
  func restored(_ event: EventValue, for predicate: Predicate) -> EventValue {
    var spellings = Spellings()
    spellings.add(predicate, at: [])
    guard !spellings.isEmpty else { return event }
    let whole = spellings.restoring(event, at: [], only: nil)
    if whole == event || confirm(predicate, whole) == true { return whole }
    // Somewhere letter case does count: one field after the other.
    var event = event
    for steps in event.leafPaths {
      let changed = spellings.restoring(event, at: [], only: steps)
      if changed != event, confirm(predicate, changed) == true { event = changed }
    }
    return event
  }
}

extension EventValue {
  /// The object with each member under a dotted key put where its keys lead one by one.
  fileprivate var nestingDottedKeys: EventValue {
    guard case .object(let object) = self else { return self }
    var event = EventValue.object(EventObject())
    for member in object.members {
      let steps = member.key.split(separator: ".", omittingEmptySubsequences: false).map {
        FieldPath.Step.key(String($0))
      }
      event = event.setting(member.value, at: steps[...])
    }
    return event
  }
}

/// The literals of a predicate that have a letter case, by the keys of their field.
private struct Spellings {
  private typealias Text = (folded: [Unicode.Scalar], own: [Unicode.Scalar])
  private var texts: [[FieldPath.Step]: [Text]] = [:]
  private var seen: Set<[Unicode.Scalar]> = []

  var isEmpty: Bool { texts.isEmpty }

  mutating func add(_ predicate: Predicate, at outer: [FieldPath.Step]) {
    switch predicate {
    case .all(let parts), .any(let parts): for part in parts { add(part, at: outer) }
    case .not(let inner): add(inner, at: outer)
    case .field(let test): add(test.condition, at: outer + test.field.keys)
    case .some(let test), .every(let test): add(test.predicate, at: outer + test.path.keys)
    case .anyField(let test): add(test.condition, at: Self.anywhere)
    case .presence, .rawTerm: break
    }
  }

  private static let anywhere: [FieldPath.Step] = [.each]

  private mutating func add(_ condition: Condition, at steps: [FieldPath.Step]) {
    for text in condition.foldedTexts {
      let own = Array(text.unicodeScalars)
      let folded = own.map(\.simplyFolded)
      if own != folded { texts[steps, default: []].append((folded, own)) }
    }
  }

  /// - Parameter only: The one leaf to look at; nil for all.
  func restoring(_ value: EventValue, at steps: [FieldPath.Step], only: [FieldPath.Step]?) -> EventValue {
    switch value {
    case .object(let object):
      return .object(
        EventObject(
          object.members.map { member in
            let inner = steps + [.key(member.key)]
            if let only, !only.starts(with: inner) { return member }
            return .init(key: member.key, value: restoring(member.value, at: inner, only: only))
          }))
    case .list(let elements): return .list(elements.map { restoring($0, at: steps, only: only) })
    case .string(let text): return .string(restored(text, at: steps))
    case .null, .number, .boolean: return value
    }
  }

  /// Lays each literal, the longest first, over where it stands in a text.
  private func restored(_ text: String, at steps: [FieldPath.Step]) -> String {
    var scalars = Array(text.unicodeScalars)
    var isOpen = [Bool](repeating: true, count: scalars.count)
    let own = texts[steps.flattened, default: []] + texts[Self.anywhere, default: []]
    for text in own.sorted(by: { $0.folded.count > $1.folded.count }) {
      guard let start = scalars.firstPlace(of: text.folded) else { continue }
      for (index, scalar) in text.own.enumerated() where isOpen[start + index] {
        scalars[start + index] = scalar
        isOpen[start + index] = false
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}

extension Condition {
  /// The texts named where letter case does not count.
  fileprivate var foldedTexts: [String] {
    switch self {
    case .equals(let literal), .order(_, let literal): literal.foldedTexts
    case .oneOf(let literals): literals.flatMap(\.foldedTexts)
    case .matches(let pattern, .insensitive): pattern.literals
    case .term(let match): match.textCase == .insensitive ? [match.text] : []
    case .encoded(let encoded): encoded.textCase == .insensitive ? encoded.forms : []
    case .matches(_, .sensitive), .regex, .network, .field: []
    }
  }
}

extension Literal {
  fileprivate var foldedTexts: [String] {
    switch self {
    case .text(let text, .insensitive), .untyped(let text, .insensitive): [text]
    case .text(_, .sensitive), .untyped(_, .sensitive), .number, .boolean: []
    }
  }
}

extension [Unicode.Scalar] {
  /// Where a folded text stands first; nil where it does not.
  fileprivate func firstPlace(of other: [Unicode.Scalar]) -> Int? {
    guard !other.isEmpty, other.count <= count else { return nil }
    return (0...(count - other.count)).first { start in
      other.indices.allSatisfy { self[start + $0].simplyFolded == other[$0] }
    }
  }
}

extension FieldPath {
  /// The keys of the path with dotted names parted, lists passed over.
  fileprivate var keys: [Step] { steps.flattened }
}

extension [FieldPath.Step] {
  /// Its keys alone, dotted names parted.
  fileprivate var flattened: [FieldPath.Step] {
    flatMap { step -> [FieldPath.Step] in
      switch step {
      case .key(let key): key.split(separator: ".", omittingEmptySubsequences: false).map { .key(String($0)) }
      case .keyPattern(let pattern): [.key(pattern.literals.joined())]
      case .index, .each: []
      }
    }
  }
}

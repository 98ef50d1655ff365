public import RuleIR

/// Values that decide the tests of a predicate: for each path, at least one on either side of each test.
public struct CandidateValues: Sendable {
  /// The paths in the order in which they are first named.
  public private(set) var paths: [FieldPath] = []
  /// The values to try at each path; nil for a field that is absent.
  public private(set) var values: [FieldPath: [EventValue?]] = [:]
  /// Tests for which no such values are known, as text: regular expressions, raw terms, elements of lists.
  public private(set) var unsampled: [String] = []

  /// - Parameter shape: Values of which no event is are left out.
  public init(_ predicates: [Predicate], shape: EventShape = EventShape()) {
    for predicate in predicates { add(predicate) }
    for path in paths { values[path]?.removeAll { $0.map { !shape.allows($0, at: path) } ?? false } }
  }

  private mutating func add(_ predicate: Predicate) {
    switch predicate {
    case .all(let parts), .any(let parts): for part in parts { add(part) }
    case .not(let inner): add(inner)
    case .presence(let test):
      add([nil, "x"], at: test.field)
      switch test.kind {
      case .key: add([.null], at: test.field)
      case .value: add([.null], at: test.field)
      case .single: add([["x", "y"]], at: test.field)
      }
    case .field(let test): add(test)
    case .some, .every, .anyField, .rawTerm:
      unsampled.append(PredicateOutline(.terse).text(of: predicate).split(separator: "\n").joined(separator: " "))
    }
  }

  private mutating func add(_ test: FieldTest) {
    guard test.subject == .value || test.subject == .spelling, let samples = test.condition.samples,
      test.field.isPlain
    else {
      unsampled.append(PredicateOutline.text(of: test))
      return
    }
    add([nil], at: test.field)
    add(samples, at: test.field)
    if test.polarity == .someValueFails { add([.list(samples)], at: test.field) }
  }

  private mutating func add(_ more: [EventValue?], at path: FieldPath) {
    if values[path] == nil { paths.append(path) }
    for value in more where !(values[path, default: []].contains(value)) { values[path, default: []].append(value) }
  }

  /// The number of events that all combinations make; nil past a limit.
  public func combinations(upTo limit: Int) -> Int? {
    var product = 1
    for path in paths {
      product *= values[path]?.count ?? 1
      if product > limit { return nil }
    }
    return product
  }

  /// Every event that the values make, one path varying fastest.
  public func events() -> [EventValue] {
    var events: [EventValue] = [.object(EventObject())]
    for path in paths {
      let choices = values[path] ?? []
      events = events.flatMap { event in
        choices.map { choice in choice.map { event.setting($0, at: path.steps[...]) } ?? event }
      }
    }
    return events
  }
}

extension Condition {
  /// Values on either side of the condition; nil where none are known.
  fileprivate var samples: [EventValue]? {
    switch self {
    case .equals(let literal): return literal.samples
    case .oneOf(let literals): return literals.flatMap(\.samples)
    case .matches(let pattern, let textCase):
      let instance = pattern.instance
      return [.string(instance), .string(instance.swappingCase), .string("\u{1}"), .string("")]
        + (textCase == .insensitive ? [.string(instance.uppercased())] : [])
    case .order(_, let literal):
      switch literal {
      case .number(let number, _):
        return [.number(number.below), .number(number), .number(number.above), .string(number.text)]
          + [number.predecessor, number.successor].compactMap { $0.map(EventValue.number) }
      case .text(let text, _), .untyped(let text, _):
        return [.string(text), .string(text + "\u{1}"), .string("")]
          + (Number(text).map { [.number($0), .number($0.above), .number($0.below)] } ?? [])
      case .boolean: return [.boolean(true), .boolean(false)]
      }
    case .network(let network):
      return [.string(network.firstAddress), .string("203.0.113.7"), .string("2001:db8:ffff::7"), .string("x")]
    case .term(let match): return [.string(match.text), .string("z" + match.text + "z"), .string("")]
    case .regex, .encoded, .field: return nil
    }
  }
}

extension Literal {
  fileprivate var samples: [EventValue] {
    switch self {
    case .text(let text, let textCase):
      [.string(text), .string(text + "\u{1}")] + (textCase == .insensitive ? [.string(text.swappingCase)] : [])
    case .untyped(let text, _):
      [.string(text), .string(text + "\u{1}"), .string(text.swappingCase)]
        + (Number(text).map { [.number($0)] } ?? [])
        + (["true", "false"].contains(text.lowercased()) ? [.boolean(text.lowercased() == "true")] : [])
    case .number(let number, let reading):
      [.number(number), .number(number.successor ?? number.above)]
        + (reading == .coercing ? [.string(number.text)] : [])
    case .boolean(let flag): [.boolean(flag), .boolean(!flag)]
    }
  }
}

extension TextPattern {
  /// A text that the pattern covers: nothing for `*`, `x` for `?`.
  fileprivate var instance: String {
    parts.map { part in
      switch part {
      case .literal(let text): text
      case .anyRun: ""
      case .anyScalar: "x"
      }
    }.joined()
  }
}

extension String {
  fileprivate var swappingCase: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          guard scalar.isASCII else { return scalar }
          switch scalar.value {
          case 65...90, 97...122: return Unicode.Scalar(UInt8(scalar.value) ^ 0x20)
          case _: return scalar
          }
        }))
  }
}

extension Network {
  /// The first address of the block, as text.
  fileprivate var firstAddress: String {
    let text = description
    return String(text.prefix { $0 != "/" })
  }
}

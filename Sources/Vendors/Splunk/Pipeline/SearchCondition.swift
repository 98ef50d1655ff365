import RuleIR
import SourceText

/// What a comparison of `search` asks of a field's values.
struct SearchCondition {
  private enum Kind {
    /// `field=*`
    case anything
    case pattern(TextPattern)
    case text(String)
    /// A block of addresses; the text itself passes as well.
    case network(Network, String)
    case order(Order, String)
  }

  private let kind: Kind
  private let isNegated: Bool
  private let textCase: TextCase

  init(_ value: SearchWord, _ comparison: SearchOperator, _ directive: SearchDirective?) {
    textCase = directive == .caseSensitive ? .sensitive : .insensitive
    isNegated = comparison == .notEqual
    if let order = comparison.order {
      kind = .order(order, value.text)
    } else if value.pattern.shape == .anything {
      kind = .anything
    } else if let text = value.literal {
      let network = directive == nil ? Network(masking: text) : nil
      kind = network.map { .network($0, text) } ?? .text(text)
    } else {
      kind = .pattern(value.pattern)
    }
  }

  /// The condition, where it is one on single values that any of them may pass.
  var plainCondition: Condition? {
    switch kind {
    case .text(let text) where !isNegated && !SPLNumber.isOtherSpelling(text): .equals(.untyped(text, textCase))
    case .anything, .pattern, .text, .network, .order: nil
    }
  }

  /// Whether it asks no more of a place in a list than that there is one: `>=0`.
  var isPlaceAtAll: Bool {
    switch kind {
    case .anything: !isNegated
    case .order(.greaterOrEqual, let text): Number(text) == Number(0)
    case .order(.greater, let text): Number(text) == Number(-1)
    case .pattern, .text, .network, .order: false
    }
  }

  func test(of path: FieldPath, _ origin: Origin) -> Predicate {
    let polarity: FieldTest.Polarity = isNegated ? .someValueFails : .someValuePasses
    func field(_ condition: Condition, _ subject: FieldTest.Subject = .value) -> Predicate {
      .field(FieldTest(path, condition, subject: subject, polarity: polarity, origin: origin))
    }
    switch kind {
    case .anything: return isNegated ? .never : .presence(PresenceTest(.value, path, origin: origin))
    case .text(let text) where SPLNumber.isOtherSpelling(text): return field(.equals(.text(text, textCase)), .spelling)
    case .text(let text): return field(.equals(.untyped(text, textCase)))
    case .pattern(let pattern): return field(.matches(pattern, textCase), .spelling)
    case .order(let order, let text):
      // Numbers where both sides are, else texts, letter by letter.
      return field(.order(order, .untyped(text, .sensitive)), .spelling)
    case .network(let network, let text):
      let inside = Condition.network(network)
      let same = Condition.equals(.untyped(text, textCase))
      guard isNegated else { return .any([field(inside), field(same)]) }
      // Some value is neither in the block nor its name.
      let element = FieldPath.element
      let neither = Predicate.all([
        .not(.field(FieldTest(element, inside, origin: origin))),
        .not(.field(FieldTest(element, same, origin: origin))),
      ])
      return .some(ElementTest(path, neither, origin: origin))
    }
  }

  /// Whether a known text passes.
  func holds(for text: String) -> Bool {
    let passes: Bool
    switch kind {
    case .anything: passes = true
    case .text(let wanted): passes = textCase.key(wanted) == textCase.key(text)
    case .pattern(let pattern): passes = pattern.covers(text, textCase)
    case .network(let network, let wanted): passes = network.contains(text) || wanted == text
    case .order(let order, let wanted): passes = order.holds(text, wanted)
    }
    return passes != isNegated && !(isNegated && isAnything)
  }

  private var isAnything: Bool { if case .anything = kind { true } else { false } }
}

extension Network {
  /// Reads a block such as `10.1.2.3/8`, whose bits behind the prefix Splunk does not look at; nil for an address
  /// alone.
  init?(masking text: String) {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let bytes = Network.address(String(halves[0])), let length = Int(halves[1]),
      halves[1].utf8.allSatisfy({ (48...57).contains($0) }), length <= bytes.count * 8
    else { return nil }
    let masked = bytes.enumerated().map { index, byte -> UInt8 in
      let kept = min(max(length - index * 8, 0), 8)
      return kept == 0 ? 0 : byte & (0xFF << (8 - kept))
    }
    let address: String
    if masked.count == 4 {
      address = masked.map(String.init).joined(separator: ".")
    } else {
      let groups = stride(from: 0, to: 16, by: 2).map { UInt16(masked[$0]) << 8 | UInt16(masked[$0 + 1]) }
      address = groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
    self.init("\(address)/\(length)")
  }
}

extension Order {
  /// How two known texts stand: as numbers where both are, else by their scalars.
  func holds(_ left: String, _ right: String) -> Bool {
    if let first = Number(left), let second = Number(right) {
      switch self {
      case .less: return first < second
      case .lessOrEqual: return !(second < first)
      case .greater: return second < first
      case .greaterOrEqual: return !(first < second)
      }
    }
    let before = left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
    let after = right.unicodeScalars.lexicographicallyPrecedes(left.unicodeScalars)
    switch self {
    case .less: return before
    case .lessOrEqual: return !after
    case .greater: return after
    case .greaterOrEqual: return !before
    }
  }
}

extension TextPattern {
  /// Whether the pattern covers a known text.
  func covers(_ text: String, _ textCase: TextCase) -> Bool {
    let subject = Array(textCase.key(text).unicodeScalars)
    var reached: Set<Int> = [0]
    for part in parts {
      switch part {
      case .anyRun: reached = reached.min().map { Set($0...subject.count) } ?? []
      case .anyScalar: reached = Set(reached.map { $0 + 1 }.filter { $0 <= subject.count })
      case .literal(let literal):
        let wanted = Array(textCase.key(literal).unicodeScalars)
        reached = Set(
          reached.filter { subject[$0...].starts(with: wanted) }.map { $0 + wanted.count })
      }
    }
    return reached.contains(subject.count)
  }
}

import RuleIR

/// What the modifiers behind a field's name come to.
struct ModifierChain: Hashable, Sendable {
  /// What the value is.
  enum Comparison: Hashable, Sendable {
    case text
    case regex(RegexPattern.Flags)
    case network
    /// Whether the key is there.
    case presence
    case order(Order)
    /// Another field of the same event.
    case field
  }

  var comparison: Comparison = .text
  var extent: EncodedText.Extent = .whole
  var textCase: TextCase = .insensitive
  var encodings: [EncodedText.Encoding] = []
  var datePart: FieldTest.DatePart?
  /// How the values of a list are joined.
  var linking: Linking = .any
  var negation: Negation = .none

  /// Whether the values hold placeholders.
  var expansion: Expansion = .none

  enum Expansion: Hashable, Sendable { case none, placeholders }
  enum Linking: Hashable, Sendable { case any, all }
  enum Negation: Hashable, Sendable { case none, negated }

  /// Whether nothing has changed what the value is yet.
  var isPlain: Bool { comparison == .text && extent == .whole && encodings.isEmpty && datePart == nil }
}

extension ModifierChain {
  /// The words of the chain in the order in which Sigma's tools take them.
  var words: [String] {
    var modifiers: [Modifier] = []
    switch comparison {
    case .text: break
    case .regex(let flags):
      modifiers.append(.re)
      if flags.contains(.ignoreCase) { modifiers.append(.ignoreCase) }
      if flags.contains(.multiline) { modifiers.append(.multiline) }
      if flags.contains(.dotAll) { modifiers.append(.dotAll) }
    case .network: modifiers.append(.cidr)
    case .presence: modifiers.append(.exists)
    case .order(let order): modifiers += [datePart.map(Modifier.init), Modifier(order)].compactMap(\.self)
    case .field: modifiers += (textCase == .sensitive ? [.cased] : []) + [.fieldref]
    }
    if comparison == .text {
      modifiers += [datePart.map(Modifier.init)].compactMap(\.self) + encodings.map(Modifier.init)
    }
    if let extent = Modifier(extent) { modifiers.append(extent) }
    if comparison == .text, textCase == .sensitive { modifiers.append(.cased) }
    if linking == .all { modifiers.append(.all) }
    if negation == .negated { modifiers.append(.neq) }
    return modifiers.map(\.rawValue)
  }
}

extension Modifier {
  init(_ order: Order) {
    switch order {
    case .less: self = .lt
    case .lessOrEqual: self = .lte
    case .greater: self = .gt
    case .greaterOrEqual: self = .gte
    }
  }

  init(_ part: FieldTest.DatePart) {
    switch part {
    case .minute: self = .minute
    case .hour: self = .hour
    case .day: self = .day
    case .week: self = .week
    case .month: self = .month
    case .year: self = .year
    }
  }

  init(_ encoding: EncodedText.Encoding) {
    switch encoding {
    case .utf16le: self = .utf16le
    case .utf16be: self = .utf16be
    case .utf16: self = .utf16
    case .base64: self = .base64
    case .base64offset: self = .base64offset
    case .windash: self = .windash
    }
  }

  init?(_ extent: EncodedText.Extent) {
    switch extent {
    case .whole: return nil
    case .prefix: self = .startswith
    case .suffix: self = .endswith
    case .contains: self = .contains
    }
  }
}

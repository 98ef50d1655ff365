import RuleIR

/// The literals of a set, by the way each is compared.
struct KustoValueSets {
  private var sensitive: [String] = []
  private var insensitive: [String] = []
  private var untypedSensitive: [String] = []
  private var untypedInsensitive: [String] = []
  private var strict: [Number] = []
  private var coercing: [Number] = []
  private(set) var booleans: [Bool] = []
  private(set) var hasEmptyText = false
  private let type: TargetSchema.FieldType?

  init(_ literals: [Literal], of type: TargetSchema.FieldType?) {
    self.type = type
    for literal in literals { add(literal) }
  }

  func texts(_ textCase: TextCase) -> [String] { textCase == .sensitive ? sensitive : insensitive }

  /// Texts without a type, which a number or boolean that they spell equals too.
  func untyped(_ textCase: TextCase) -> [String] { textCase == .sensitive ? untypedSensitive : untypedInsensitive }

  func numbers(_ reading: NumberReading) -> [Number] { reading == .strict ? strict : coercing }

  private mutating func add(_ literal: Literal) {
    switch literal {
    case .text("", _), .untyped("", _): hasEmptyText = true
    case .text(let text, .sensitive): sensitive.append(text)
    case .text(let text, .insensitive): insensitive.append(text)
    case .untyped(let text, .sensitive): untypedSensitive.append(text)
    case .untyped(let text, .insensitive): untypedInsensitive.append(text)
    case .number(let number, .strict): strict.append(number)
    case .number(let number, .coercing): coercing.append(number)
    case .boolean(let flag): booleans.append(flag)
    }
  }

  /// Adds the numbers whose spelling in the event may differ from the literal's: `1e3` is 1000 too.
  ///
  /// An integer without ornament is spelled as it is written.
  mutating func addSpelledNumbers() {
    guard type != .text else { return }
    for text in untypedSensitive + untypedInsensitive {
      guard let number = Number(text), number.integer.map(String.init) != text else { continue }
      strict.append(number)
    }
  }
}

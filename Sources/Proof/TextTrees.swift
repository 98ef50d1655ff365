import RuleIR

extension RegexTree {
  /// Every text that spells a number.
  static let numeral: RegexTree = {
    let digit = RegexTree.set(.digits)
    let sign = RegexTree.optional(.set(.union([.scalar("+"), .scalar("-")])))
    let dot = RegexTree.set(.scalar("."))
    let whole = RegexTree.sequence([.times(digit, 1, nil), .optional(.sequence([dot, .star(digit)]))])
    let fraction = RegexTree.sequence([dot, .times(digit, 1, nil)])
    let exponent = RegexTree.sequence([.set(.union([.scalar("e"), .scalar("E")])), sign, .times(digit, 1, nil)])
    return .sequence([sign, .choice([whole, fraction]), .optional(exponent)])
  }()

  /// Every number as JSON spells it.
  static let numeralOfJSON: RegexTree = {
    let digit = RegexTree.set(.digits)
    let sign = RegexTree.set(.union([.scalar("+"), .scalar("-")]))
    let exponent = RegexTree.sequence([
      .set(.union([.scalar("e"), .scalar("E")])), .optional(sign), .times(digit, 1, nil),
    ])
    let fraction = RegexTree.sequence([.set(.scalar(".")), .times(digit, 1, nil)])
    let whole = RegexTree.choice([.set(.scalar("0")), .sequence([.set(.range(49...57)), .star(digit)])])
    return .sequence([.optional(.set(.scalar("-"))), whole, .optional(fraction), .optional(exponent)])
  }()

  /// Every address of a block of version 4; nil for version 6, whose addresses have many spellings.
  static func addresses(of network: Network) -> RegexTree? {
    guard network.address.count == 4 else { return nil }
    var parts: [RegexTree] = []
    for (index, byte) in network.address.enumerated() {
      let fixed = min(8, max(0, network.prefixLength - index * 8))
      if index > 0 { parts.append(.set(.scalar("."))) }
      parts.append(.decimals(Int(byte)...(Int(byte) | 255 >> fixed)))
    }
    return .sequence(parts)
  }

  private static func decimals(_ range: ClosedRange<Int>) -> RegexTree {
    .choice(range.map { .text(String($0), ignoringCase: false) })
  }

  /// Every text that stands in an order to another, by their scalars or by the foldings of these; nil where that is
  /// too long.
  static func texts(_ order: Order, _ text: String, _ textCase: TextCase) -> RegexTree? {
    let scalars = Array(textCase.key(text).unicodeScalars)
    guard scalars.count <= 300 else { return nil }
    // What may follow once the whole of the other text was read.
    var tree: RegexTree =
      switch order {
      case .less: .nothing
      case .lessOrEqual: .empty
      case .greater: .sequence([.set(.any), .anything])
      case .greaterOrEqual: .anything
      }
    for scalar in scalars.reversed() {
      let same = CharacterSet.scalar(scalar)
      var choices = [RegexTree.sequence([.set(textCase == .insensitive ? .folded(same) : same), tree])]
      let isLess = order == .less || order == .lessOrEqual
      let range = isLess ? (scalar.value == 0 ? nil : 0...(scalar.value - 1)) : (scalar.value + 1)...0x110000
      if let range {
        choices.append(
          .sequence([.set(textCase == .insensitive ? .foldedInto(range) : .range(range)), .anything]))
      }
      if isLess { choices.append(.empty) }
      tree = .choice(choices)
    }
    return tree
  }
}

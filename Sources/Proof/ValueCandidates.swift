import RuleIR

/// Numbers among which one meets demands on a number, if any does: every number named, one between each two, and one
/// past either end.
enum NumberCandidates {
  static func values(for demands: [ValueDemand]) -> [EventValue] {
    let named = Set(demands.flatMap { $0.condition.numbers }).sorted()
    var found = named.flatMap { [$0, $0.plainSpelling, $0.successor, $0.predecessor].compactMap(\.self) }
    for (low, high) in zip(named, named.dropFirst()) { found.append(Number.between(low, high)) }
    found += [named.first?.below, named.last?.above].compactMap(\.self)
    found += [Number(200), Number(0), Number(1), Number(-1), Number(987_654_321)]
    found += demands.flatMap { $0.condition.texts }.compactMap { Number($0) }
    // Another spelling of each, where spellings count.
    if demands.contains(where: { $0.subject == .spelling }) {
      found += named.flatMap(\.otherSpellings)
    }
    return found.filter(\.isOfJSON).map(EventValue.number)
  }

  /// Whether the numbers that demands name are such that the values above are all that matter.
  static func areComplete(for demands: [ValueDemand]) -> Bool {
    demands.allSatisfy { $0.condition.numbers.allSatisfy(\.hasNeighbours) }
  }
}

extension Number {
  /// Whether an event can have it as it is written: no `+`, no zero before another digit, digits around a point.
  var isOfJSON: Bool {
    let bytes = Array(text.utf8.drop { $0 == UInt8(ascii: "-") })
    func isDigit(_ index: Int) -> Bool { bytes.indices.contains(index) && (48...57).contains(bytes[index]) }
    guard isDigit(0), !(bytes[0] == 48 && isDigit(1)) else { return false }
    return bytes.firstIndex(of: UInt8(ascii: ".")).map { isDigit($0 + 1) } ?? true
  }
}

/// Texts that are likely to meet demands on a text.
enum TextCandidates {
  static func values(for demands: [ValueDemand]) -> [String] {
    let wanted = demands.filter(\.wanted).prefix(8)
    var texts: [String] = []
    for demand in wanted { texts += demand.condition.texts.prefix(64) }
    let patterns = wanted.compactMap { demand -> TextPattern? in
      if case .matches(let pattern, _) = demand.condition { pattern } else { nil }
    }
    if patterns.count > 1 { texts.append(joined(patterns)) }
    for demand in demands { texts += demand.condition.addresses }
    for demand in demands where demand.subject == .length { texts += demand.condition.padded }
    let orders = demands.filter { if case .order = $0.condition { true } else { false } }
    for demand in orders {
      for text in demand.condition.texts {
        texts += [text + "x", text + "\u{1}", String(text.dropLast()), "\u{10FFFF}"]
      }
      texts += demand.condition.numbers.flatMap { [$0, $0.successor, $0.predecessor].compactMap { $0?.text } }
    }
    // One that nothing names, for demands that only forbid; and the empty one.
    return texts + ["x", "other", "zq7", "192.0.2.1", ""]
  }

  /// A text that many patterns cover: the beginnings, then all between, then the ends.
  private static func joined(_ patterns: [TextPattern]) -> String {
    var (starts, middles, ends) = ("", [String](), "")
    for pattern in patterns {
      let literals = pattern.literals
      guard let first = literals.first else { continue }
      if pattern.parts.first != .anyRun, first.count > starts.count { starts = first }
      if pattern.parts.last != .anyRun, let last = literals.last, last.count > ends.count { ends = last }
      middles += literals
    }
    let inner = middles.filter { !starts.contains($0) && !ends.contains($0) }
    return starts + inner.joined(separator: " ") + ends
  }
}

extension Condition {
  /// The numbers that the condition names.
  var numbers: [Number] {
    switch self {
    case .equals(let literal), .order(_, let literal): literal.numbers
    case .oneOf(let literals): literals.flatMap(\.numbers)
    case .matches, .regex, .network, .term, .encoded, .field: []
    }
  }

  /// Texts that pass, or nearly.
  fileprivate var texts: [String] {
    switch self {
    case .equals(let literal), .order(_, let literal): [literal.spelling]
    case .oneOf(let literals): literals.map(\.spelling)
    case .matches(let pattern, _):
      [
        pattern.parts.map { part in
          switch part {
          case .literal(let text): text
          case .anyScalar: "x"
          case .anyRun: ""
          }
        }.joined()
      ]
    case .term(let match): [match.text, match.text + "x", "x" + match.text]
    case .encoded(let encoded): encoded.forms
    case .regex, .network, .field: []
    }
  }

  /// Addresses at which the verdict of a network changes: its first, and the one behind its last.
  fileprivate var addresses: [String] {
    guard case .network(let network) = self else { return [] }
    var behind = network.address
    var bit = network.prefixLength - 1
    // Add one at the last bit of the prefix.
    while bit >= 0 {
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      behind[bit / 8] ^= mask
      if behind[bit / 8] & mask != 0 { break }
      bit -= 1
    }
    var next = network.address
    next[next.count - 1] |= 1
    let host = next.count * 8
    return [network.address, next, behind].compactMap { Network(bytes: $0, prefixLength: host) }
      .map { String($0.description.prefix { $0 != "/" }) } + ["203.0.113.7", "2001:db8:ffff::7"]
  }

  /// Texts whose lengths are near the number named.
  fileprivate var padded: [String] {
    numbers.compactMap(\.integer).filter { (-1...10_000).contains($0) }.flatMap { [$0 - 1, $0, $0 + 1] }
      .filter { $0 >= 0 }.map { String(repeating: "x", count: $0) }
  }
}

extension Literal {
  fileprivate var numbers: [Number] {
    switch self {
    case .number(let number, _): [number]
    case .untyped(let text, _): Number(text).map { [$0] } ?? []
    case .text, .boolean: []
    }
  }
}

public import RuleIR

extension TextPattern {
  /// Whether the pattern covers a whole text.
  public func matches(_ text: String, _ textCase: TextCase) -> Bool {
    let subject = textCase.key(text)
    switch shape {
    case .anything: return true
    case .exact(let literal): return isSameText(subject, textCase.key(literal))
    case .prefix(let literal): return subject.utf8.starts(with: textCase.key(literal).utf8)
    case .suffix(let literal): return subject.utf8.reversed().starts(with: textCase.key(literal).utf8.reversed())
    case .contains(let literal): return subject.utf8Position(of: Array(textCase.key(literal).utf8)) != nil
    case .glob: return globs(Array(subject.unicodeScalars), textCase)
    }
  }

  /// The usual walk with one point to come back to: the last `*`.
  private func globs(_ subject: [Unicode.Scalar], _ textCase: TextCase) -> Bool {
    let pattern = symbols(textCase)
    var (at, symbol) = (0, 0)
    var retry: (at: Int, symbol: Int)?
    while at < subject.count {
      if symbol < pattern.count, pattern[symbol] == .run {
        retry = (at, symbol)
        symbol += 1
      } else if symbol < pattern.count, pattern[symbol] == .any || pattern[symbol] == .scalar(subject[at]) {
        (at, symbol) = (at + 1, symbol + 1)
      } else if let last = retry {
        retry = (last.at + 1, last.symbol)
        (at, symbol) = (last.at + 1, last.symbol + 1)
      } else {
        return false
      }
    }
    return pattern[symbol...].allSatisfy { $0 == .run }
  }

  private enum Symbol: Equatable {
    case scalar(Unicode.Scalar)
    case any, run
  }

  private func symbols(_ textCase: TextCase) -> [Symbol] {
    parts.flatMap { part -> [Symbol] in
      switch part {
      case .literal(let text): textCase.key(text).unicodeScalars.map(Symbol.scalar)
      case .anyScalar: [.any]
      case .anyRun: [.run]
      }
    }
  }
}

extension String {
  /// The offset of the first occurrence of some bytes at or behind another offset.
  func utf8Position(of needle: [UInt8], from start: Int = 0) -> Int? {
    var copy = self
    return copy.withUTF8 { bytes in
      guard !needle.isEmpty else { return start <= bytes.count ? start : nil }
      guard bytes.count >= needle.count else { return nil }
      var at = start
      while at <= bytes.count - needle.count {
        if bytes[at] == needle[0], bytes[at..<(at + needle.count)].elementsEqual(needle) { return at }
        at += 1
      }
      return nil
    }
  }
}

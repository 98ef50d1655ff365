import SourceText

extension KustoLexer {
  /// A number, or a length of time: a number with a unit right behind it.
  mutating func number() throws(Diagnostic) -> KustoToken {
    let start = position
    if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "x") || byte(1) == UInt8(ascii: "X") {
      position += 2
      while let next = byte(), next.isHexDigit { position += 1 }
      return try finished(from: start, unit: "")
    }
    skipDigits()
    if byte() == UInt8(ascii: "."), byte(1)?.isDigit == true {
      position += 1
      skipDigits()
    }
    if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
      let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
      if byte(1 + sign)?.isDigit == true {
        position += 1 + sign
        skipDigits()
      }
    }
    let end = position
    while let next = byte(), next.isNameStart || next.isDigit { position += 1 }
    return try finished(from: start, unit: String(decoding: passage.bytes[end..<position], as: UTF8.self))
  }

  private mutating func skipDigits() {
    while let next = byte(), next.isDigit { position += 1 }
  }

  private func finished(from start: Int, unit: String) throws(Diagnostic) -> KustoToken {
    let text = String(decoding: passage.bytes[start..<(position - unit.utf8.count)], as: UTF8.self)
    if unit.isEmpty, text.utf8.count > 2 || !text.hasPrefix("0x") { return .number(text) }
    if let ticks = Self.ticks(in: unit), let count = Double(text) { return .timespan(count * ticks) }
    // A name may start with digits.
    if !unit.isEmpty, text.utf8.allSatisfy(\.isDigit) { return .word(text + unit) }
    throw Diagnostic(
      .invalidNumber, "'\(text)\(unit)' is neither a number nor a length of time",
      at: passage.range(of: start..<position), label: "no unit of time is called '\(unit)'",
      help: "units are d, h, m, s, ms, microsecond and tick")
  }

  /// How many ticks of 100 nanoseconds a unit has.
  ///
  /// https://learn.microsoft.com/kusto/query/scalar-data-types/timespan
  private static func ticks(in unit: String) -> Double? {
    switch unit {
    case "d", "day", "days": 864_000_000_000
    case "h", "hr", "hrs", "hour", "hours": 36_000_000_000
    case "m", "min", "minute", "minutes": 600_000_000
    case "s", "sec", "second", "seconds": 10_000_000
    case "ms", "milli", "millis", "millisecond", "milliseconds": 10_000
    case "micro", "micros", "microsecond", "microseconds": 10
    case "tick", "ticks": 1
    case _: nil
    }
  }
}

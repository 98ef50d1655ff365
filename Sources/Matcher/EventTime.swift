public import RuleIR

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
public struct EventTime: Hashable, Sendable, Comparable {
  public var microseconds: Int

  public init(microseconds: Int) { self.microseconds = microseconds }

  public static func < (lhs: EventTime, rhs: EventTime) -> Bool { lhs.microseconds < rhs.microseconds }

  /// Reads RFC 3339 with any number of decimals, `Z` or an offset.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
      return bytes[range].reduce(0) { $0 * 10 + Int($1 - 48) }
    }
    guard bytes.count >= 20, bytes[4] == 45, bytes[7] == 45, bytes[10] == 84 || bytes[10] == 116 || bytes[10] == 32,
      bytes[13] == 58, bytes[16] == 58,
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    var at = 19
    var fraction = 0
    if bytes[at] == 46 {
      let digits = bytes[20...].prefix { (48...57).contains($0) }
      guard !digits.isEmpty else { return nil }
      for index in 0..<6 { fraction = fraction * 10 + (index < digits.count ? Int(digits[20 + index] - 48) : 0) }
      at = 20 + digits.count
    }
    guard let offset = Self.offset(bytes[at...]) else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    microseconds = seconds * 1_000_000 + fraction
  }

  private static func offset(_ zone: ArraySlice<UInt8>) -> Int? {
    if zone.elementsEqual([90]) || zone.elementsEqual([122]) { return 0 }
    let zone = Array(zone)
    guard zone.count == 6, zone[0] == 43 || zone[0] == 45, zone[3] == 58,
      let hours = Int(String(decoding: zone[1..<3], as: UTF8.self)),
      let minutes = Int(String(decoding: zone[4..<6], as: UTF8.self))
    else { return nil }
    return (hours * 3_600 + minutes * 60) * (zone[0] == 45 ? -1 : 1)
  }

  /// Days since the epoch in the Gregorian calendar, reckoned by years that start in March.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// A part of the date in UTC.
  public func part(_ part: FieldTest.DatePart) -> Int {
    let seconds = floorDivide(microseconds, 1_000_000)
    let days = floorDivide(seconds, 86_400)
    let date = Self.date(days: days)
    switch part {
    case .minute: return floorModulo(floorDivide(seconds, 60), 60)
    case .hour: return floorModulo(floorDivide(seconds, 3_600), 24)
    case .day: return date.day
    case .month: return date.month
    case .year: return date.year
    case .week: return Self.week(days: days)
    }
  }

  /// The ISO 8601 week: the week's Thursday decides the year.
  private static func week(days: Int) -> Int {
    let thursday = days - floorModulo(days + 3, 7) + 3
    let first = Self.days(year: date(days: thursday).year, month: 1, day: 1)
    return (thursday - first) / 7 + 1
  }

  private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let index = (5 * dayOfYear + 2) / 153
    let month = index < 10 ? index + 3 : index - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * index + 2) / 5 + 1)
  }
}

private func floorDivide(_ value: Int, _ divisor: Int) -> Int {
  (value - floorModulo(value, divisor)) / divisor
}

private func floorModulo(_ value: Int, _ divisor: Int) -> Int {
  let rest = value % divisor
  return rest < 0 ? rest + divisor : rest
}

extension EventTime {
  /// The fields that say when an event was, the one that counts first.
  private static let fields = [
    FieldPath(keys: "stageTimestamp"), FieldPath(keys: "requestReceivedTimestamp"), FieldPath(keys: "@timestamp"),
    FieldPath(keys: "timestamp"), FieldPath(keys: "TimeGenerated"),
  ]

  /// When an event was; nil where it does not say.
  public init?(of event: EventValue) {
    for field in Self.fields {
      guard case .string(let text)? = event.values(at: field).first, let time = EventTime(text) else { continue }
      self = time
      return
    }
    return nil
  }
}

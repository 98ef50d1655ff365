/// Lengths of time as ES|QL writes them.
///
/// https://www.elastic.co/docs/reference/query-languages/esql/esql-time-spans
enum ESQLSpan {
  /// The seconds of a unit; zero for one whose length varies or that is shorter, nil for what is no unit.
  static func seconds(of unit: String) -> Int? {
    switch unit.lowercased() {
    case "ms", "millisecond", "milliseconds", "mo", "month", "months", "q", "quarter", "quarters", "y", "yr", "year",
      "years":
      0
    case "s", "sec", "second", "seconds": 1
    case "m", "min", "minute", "minutes": 60
    case "h", "hour", "hours": 3_600
    case "d", "day", "days": 86_400
    case "w", "week", "weeks": 604_800
    case _: nil
    }
  }

  /// The whole span in seconds, where it has a fixed length of whole seconds.
  static func seconds(count: String, unit: String) -> Int? {
    guard let size = seconds(of: unit), size > 0, let count = Int(count), count < 1_000_000_000 else { return nil }
    return count * size
  }
}

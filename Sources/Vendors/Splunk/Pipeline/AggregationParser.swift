import LanguageSupport
import SourceText

/// Reads the arguments of `stats` and its like.
///
///     stats    = { option | column [ "AS" name ] } [ "BY" field { field } ] ;
///     column   = function [ "(" ( field | "eval(" expression ")" ) ")" ] ;
///
/// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Stats
struct AggregationParser {
  private let passage: Passage
  private let arguments: [StageArgument]
  private var at = 0
  private(set) var aggregation: Aggregation

  /// Arguments that set how the command works.
  private static let options: Set<String> = [
    "allnum", "delim", "partitions", "reset_on_change", "current", "window", "time_window",
    "global", "reset_before", "reset_after", "span", "bins", "minspan", "cont", "partial", "limit", "useother",
    "usenull",
    "fixedrange", "aligntime", "sep", "format", "agg", "nullstr", "otherstr", "dedup_splitvals",
  ]

  init(_ passage: Passage, _ arguments: [StageArgument], at place: SourceRange) {
    self.passage = passage
    self.arguments = arguments
    aggregation = Aggregation(place: place)
  }

  static func parse(_ passage: Passage, at place: SourceRange) throws(Diagnostic) -> Aggregation {
    var parser = AggregationParser(passage, try StageArguments.split(passage), at: place)
    try parser.read()
    guard !parser.aggregation.columns.isEmpty else {
      throw Diagnostic(
        .unexpectedToken, "no aggregation is asked for", at: place, label: "expected 'count' or its like")
    }
    return parser.aggregation
  }

  mutating func read() throws(Diagnostic) {
    while at < arguments.count {
      let argument = arguments[at]
      if argument.isComma {
        at += 1
      } else if argument.isWord("by") {
        return try keys()
      } else if let (key, value) = argument.option(Self.options) {
        aggregation.options[key] = value
        at += 1
      } else {
        try column(argument)
      }
    }
  }

  private mutating func keys() throws(Diagnostic) {
    let keyword = arguments[at]
    for argument in arguments[(at + 1)...] where !argument.isComma {
      aggregation.keys.append(Aggregation.Key(field: argument.name, place: passage.range(of: argument.range)))
    }
    guard !aggregation.keys.isEmpty else {
      throw Diagnostic(
        .unexpectedToken, "'by' names no field", at: passage.range(of: keyword.range), label: "expected a field")
    }
    at = arguments.count
  }

  private mutating func column(_ argument: StageArgument) throws(Diagnostic) {
    let place = passage.range(of: argument.range)
    at += 1
    let bytes = Array(argument.text.utf8)
    let letters = bytes.prefix { (65...90).contains($0 & 0xDF) || $0 == UInt8(ascii: "_") }
    let digits = bytes[letters.count...].prefix { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    let rest = (letters.count + digits.count)..<bytes.count
    let function = String(decoding: letters, as: UTF8.self).lowercased()
    guard Self.functions.contains(function) else {
      throw Diagnostic(
        .unknownFunction, "'\(argument.text.prefix(40))' is no aggregation", at: place, label: "not known",
        help: nearestName(to: function, among: Self.functions.sorted()).map { "did you mean '\($0)'?" })
    }
    var column = Aggregation.Column(
      function: function, parameter: digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self), argument: nil,
      name: argument.text, place: place)
    if !rest.isEmpty {
      guard bytes[rest.lowerBound] == UInt8(ascii: "("), bytes.last == UInt8(ascii: ")") else {
        throw Diagnostic(.unexpectedToken, "an aggregation is not understood", at: place, label: "expected '(field)'")
      }
      let start = argument.range.lowerBound
      column.argument = try self.argument((start + rest.lowerBound + 1)..<(argument.range.upperBound - 1))
    }
    if at + 1 < arguments.count, arguments[at].isWord("as") {
      column.name = arguments[at + 1].name
      at += 2
    }
    aggregation.columns.append(column)
  }

  private func argument(_ range: Range<Int>) throws(Diagnostic) -> Aggregation.Argument? {
    let inside = passage.slice(range)
    let text = trimmed(inside.text)
    guard !text.isEmpty else { return nil }
    let head = text.prefix { $0 != "(" }
    guard trimmed(head).lowercased() == "eval", text.hasSuffix(")"), let open = inside.bytes.firstIndex(of: 40),
      let close = inside.bytes.lastIndex(of: 41), open < close
    else { return .field(QuotedText.name(text)) }
    return .expression(try EvalParser.parse(inside.slice((open + 1)..<close)))
  }

  static let functions: Set<String> = [
    "count", "c", "dc", "distinct_count", "values", "list", "min", "max", "sum", "avg", "mean", "median", "mode",
    "stdev", "stdevp", "var", "varp", "range", "first", "last", "earliest", "latest", "earliest_time", "latest_time",
    "rate", "perc", "p", "exactperc", "upperperc", "estdc", "estdc_error", "sumsq", "sparkline", "per_second",
    "per_minute", "per_hour", "per_day", "rate_avg", "rate_sum",
  ]
}

import LanguageSupport
import SourceText

/// Reads the arguments of `tstats`.
///
///     tstats = { option | column [ "AS" name ] } [ "FROM" "datamodel" "=" name ] [ "WHERE" search ]
///              [ ( "BY" | "GROUPBY" ) { field | "span" "=" time } ] ;
///
/// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Tstats
enum DataModelParser {
  private static let options: Set<String> = [
    "prestats", "local", "append", "summariesonly", "include_reduced_buckets", "allow_old_summaries", "chunk_size",
    "fillnull_value", "use_summary_index_values", "chart",
  ]

  static func parse(_ passage: Passage, at place: SourceRange) throws(Diagnostic) -> DataModelSearch {
    let arguments = try StageArguments.split(passage)
    let from = arguments.firstIndex { $0.isWord("from") }
    let filter = arguments.firstIndex { $0.isWord("where") }
    let by = arguments.lastIndex { $0.isWord("by") || $0.isWord("groupby") }
    let ends = [from, filter, by].compactMap(\.self).sorted() + [arguments.count]
    func end(of start: Int) -> Int { ends.first { $0 > start } ?? arguments.count }

    var search = DataModelSearch(aggregation: Aggregation(place: place))
    let head = arguments[..<(ends.first ?? arguments.count)]
    for argument in head {
      if let (key, value) = argument.option(options), key == "fillnull_value" { search.filler = value }
    }
    var keys: [StageArgument] = []
    if let by {
      for argument in arguments[(by + 1)..<end(of: by)] {
        if let (key, value) = argument.option(["span", "prefix"]) {
          if key == "span" { search.span = value }
        } else {
          keys.append(argument)
        }
      }
      if !keys.isEmpty { keys.insert(arguments[by].renamed("by"), at: 0) }
    }
    var columns = AggregationParser(
      passage, head.filter { $0.option(options) == nil } + keys, at: place)
    try columns.read()
    search.aggregation = columns.aggregation
    if let from {
      let words = arguments[(from + 1)..<end(of: from)].map(\.text)
      search.dataModel = StageForm.dataModelName(words.joined(separator: " "))
    }
    if let filter {
      let last = end(of: filter) - 1
      let start = arguments[filter].range.upperBound
      let stop = last > filter ? arguments[last].range.upperBound : start
      search.filter = try SearchParser.parse(passage.slice(start..<stop))
    }
    return search
  }
}

extension StageArgument {
  fileprivate func renamed(_ text: String) -> StageArgument { StageArgument(text: text, range: range) }
}

/// The commands that are known by what they do to fields alone.
///
/// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/ListOfSearchCommands
enum CommandTable {
  /// Order, layout and side effects: no value that a filter could see changes.
  static let passive: Set<String> = [
    "sort", "reverse", "fieldformat", "outputlookup", "outputcsv", "collect", "sendemail", "sendalert", "tojson",
    "format", "highlight", "head", "tail", "fieldsummary", "uniq", "addinfo", "localize", "abstract",
    "overlap", "localop", "noop",
  ]

  /// Fields get values that the command's text does not tell.
  static let obscuring: Set<String> = [
    "lookup", "join", "foreach", "apply", "fit", "kv", "extract", "multikv", "xmlkv", "xpath", "spath", "fromjson",
    "transpose", "untable", "xyseries", "transaction", "addtotals", "addcoltotals", "iplocation", "geostats", "geom",
    "anomalydetection", "anomalousvalue", "outlier", "cluster", "kmeans", "predict", "trendline", "associate",
    "correlate", "contingency", "analyzefields", "findtypes", "typelearner", "typer", "tags", "erex", "mvcombine",
    "nomv", "setfields", "strcat", "accum",
    "autoregress", "delta", "filldown",
    "timechart", "chart", "timewrap", "cofilter", "concurrency", "mvexpand", "makemv", "replace", "rangemap",
    "reltime", "convert", "gauge", "makecontinuous", "set", "sichart", "sirare", "sistats", "sitimechart", "sitop",
    "bucketdir", "rtorder", "searchtxn", "tscollect",
  ]

  /// Commands that bring in, or take out, events by what is not in the events before them.
  static let refused: Set<String> = [
    "append", "appendcols", "appendpipe", "union", "multisearch", "map", "inputlookup", "inputcsv", "makeresults",
    "rest", "metadata", "metasearch", "loadjob", "savedsearch", "datamodel", "pivot", "dbinspect", "dbxquery",
    "eventcount", "gentimes", "mcatalog", "mpreview", "msearch", "walklex", "history", "audit", "return",
    "script", "run", "selfjoin", "diff", "delete", "input", "redistribute", "require",
  ]

  /// Every command that is read or known by name, for suggestions.
  static let names: [String] =
    (Array(passive) + Array(obscuring) + Array(refused) + [
      "search", "where", "regex", "eval", "rename", "fields", "table", "fillnull", "bin", "bucket", "stats",
      "eventstats", "streamstats", "tstats", "mstats", "dedup", "top", "rare", "from", "rex", "spath", "common",
      "filldown",
    ]).sorted()

  /// Commands that may start a search behind a leading `|`.
  static let generating: Set<String> = [
    "tstats", "mstats", "from", "inputlookup", "inputcsv", "makeresults", "rest", "metadata", "metasearch", "loadjob",
    "savedsearch", "datamodel", "pivot", "dbinspect", "dbxquery", "eventcount", "gentimes", "mcatalog", "mpreview",
    "msearch", "walklex", "history", "audit", "union", "multisearch", "search", "set",
  ]
}

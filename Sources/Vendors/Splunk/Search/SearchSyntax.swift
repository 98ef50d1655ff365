import LanguageSupport

/// How `search` and `where` spell and bind their connectives: the two disagree about AND and OR.
enum SPLSyntax {
  /// The connectives of `search`: NOT binds tightest, then OR, then AND, which may go unsaid; only capitals count.
  ///
  /// https://docs.splunk.com/Documentation/Splunk/latest/Search/Booleanexpressions
  static let search = BooleanSyntax(
    and: .init("AND", binding: 1), or: .init("OR", binding: 2), not: .init("NOT", binding: 3), keywords: .exactCase,
    adjacency: .and)

  /// The connectives of `where` and `eval`: NOT, then AND, then OR, then XOR; letters of any case.
  static let eval = BooleanSyntax(
    and: .init("AND", binding: 2), or: .init("OR", binding: 1), not: .init("NOT", binding: 3), keywords: .anyCase)

  /// Names that in `search` set the time range and are no fields.
  static let timeModifiers: Set<String> = [
    "earliest", "latest", "_index_earliest", "_index_latest", "starttime", "endtime", "starttimeu", "endtimeu",
    "timeformat", "daysago", "minutesago", "hoursago", "monthsago", "startdaysago", "starthoursago",
    "startminutesago", "startmonthsago", "enddaysago", "endhoursago", "endminutesago", "endmonthsago",
    "searchtimespanhours", "searchtimespanminutes", "searchtimespandays", "searchtimespanmonths", "now",
  ]

  /// Fields by which a search selects where to look, and which are no part of the event.
  static let sourceSelectors: Set<String> = ["index", "sourcetype", "source", "eventtype", "host"]

  /// Fields that every event has.
  static let metadataFields: Set<String> = [
    "_time", "_raw", "index", "sourcetype", "source", "host", "splunk_server", "linecount", "punct",
  ]
}

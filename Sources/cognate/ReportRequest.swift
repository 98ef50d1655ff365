import SourceText

/// The values of `--report`.
enum ReportRequest {
  /// The form and the file of each.
  ///
  /// - Throws: A form that is not known, before any work is done.
  static func read(_ entries: [String], known: [String]) throws -> [(form: String, file: String)] {
    try entries.map { entry in
      let halves = entry.split(separator: "=", maxSplits: 1).map(String.init)
      guard halves.count == 2, known.contains(halves[0]) else {
        throw Stop(
          .nothingDone, "a report is FORM=FILE with one of \(known.joined(separator: ", ")), not '\(visible(entry))'")
      }
      return (halves[0], halves[1])
    }
  }
}

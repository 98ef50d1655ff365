import FastMatch

/// What became of every line, in one sentence that adds up.
enum MatchSummary {
  static func text(_ counts: LineCounts) -> String {
    let lines = "\(counts.lines) lines = "
    if counts.innerLines == 0, counts.events == counts.eventLines, counts.unreadable == counts.unreadableLines {
      return lines + "\(counts.events) events + \(counts.unreadable) unreadable + \(counts.blankLines) blank"
    }
    return lines + "\(counts.eventLines) with events + \(counts.unreadableLines) unreadable"
      + " + \(counts.blankLines) blank + \(counts.innerLines) inside documents;"
      + " \(counts.events) events, \(counts.unreadable) unreadable"
  }
}

/// What became of the lines of a source.
package struct LineCounts: Sendable, Equatable {
  package var lines = 0
  /// Lines on which an event begins, and events; a batch has several, and two may share a line.
  package var eventLines = 0
  package var events = 0
  /// Lines with nothing but what could not be read, and how often something could not.
  package var unreadableLines = 0
  package var unreadable = 0
  package var blankLines = 0

  package init() {}

  /// Lines inside documents of several lines.
  package var innerLines: Int { lines - eventLines - unreadableLines - blankLines }

  package static func += (left: inout LineCounts, right: LineCounts) {
    left.lines += right.lines
    left.eventLines += right.eventLines
    left.events += right.events
    left.unreadableLines += right.unreadableLines
    left.unreadable += right.unreadable
    left.blankLines += right.blankLines
  }
}

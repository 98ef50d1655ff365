import RuleIR
import SourceText

/// An event with its place in the input.
struct InputRecord {
  var event: EventValue
  var source: String
  var line: Int
  var offset: Int
}

/// Events of files, in order.
final class EventInput {
  init(paths: [String], common: CommonOptions, deadLetter: String? = nil) throws {}
  func forEach(_ visit: (InputRecord) throws -> Void) throws {}
  func finish() throws {}
  var summary: String { "" }
  var hasFailures: Bool { false }
}

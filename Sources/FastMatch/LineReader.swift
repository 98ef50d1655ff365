package import Events
import Glibc
package import RuleIR

/// Reads chunks line by line: plain events at once, all else through `DocumentLane`.
package final class LineReader {
  /// An event for which some predicate has an answer; good until the next event is read.
  package struct Finding {
    package let place: EventPlace
    package let answers: [MatchSession.Answer]
    private let session: MatchSession

    fileprivate init(_ place: EventPlace, _ answers: [MatchSession.Answer], _ session: MatchSession) {
      self.place = place
      self.answers = answers
      self.session = session
    }

    /// The event as a tree.
    package var event: EventValue { session.value }

    /// A field that the program shows, as it is spelled.
    package func spelling(ofShown number: Int) -> String { session.spelling(ofShown: number) }

    /// Appends the same as the inside of a JSON string.
    package func append(shown number: Int, to output: inout [UInt8]) { session.append(shown: number, to: &output) }
  }

  /// What a chunk gave.
  package struct Result {
    package var counts = LineCounts()
    package var failures: [Failure] = []
    /// What is open at its end and goes on in the next chunk.
    var stretch: Stretch?
  }

  package struct Failure {
    package var failure: EventFailure
    /// Whether a document came before it in the chunk, so that the source is one of events.
    package var isBehindDocument: Bool
    /// How many findings came before it.
    package var position: Int
  }

  /// A stretch that `DocumentLane` reads, with what is known of its lines.
  struct Stretch {
    var lane: DocumentLane
    var lastEventLine = 0
    var lastFailureLine = 0
  }

  let program: MatchProgram
  private let session: MatchSession
  private let name: String
  private let expected: ExpectedEnvelope?
  private var result = Result()
  private var hasDocument = false
  private var findings = 0

  /// - Parameter expected: The envelope that every event is in; nil to recognise it.
  package init(_ program: MatchProgram, name: String, expecting expected: ExpectedEnvelope? = nil) {
    self.program = program
    self.expected = expected
    session = MatchSession(program)
    self.name = name
  }

  /// Reads a chunk, giving each event that has an answer.
  func read(_ chunk: TextChunk, after stretch: Stretch?, _ found: (Finding) -> Void) -> Result {
    result = Result()
    result.stretch = stretch
    result.counts.lines = chunk.lineCount
    hasDocument = false
    findings = 0
    var at = 0
    var line = chunk.line
    while at < chunk.count {
      let start = chunk.bytes + at
      let rest = chunk.count - at
      let end = memchr(start, 10, rest).map { UnsafeRawPointer($0) - UnsafeRawPointer(start) }
      if end == nil, !chunk.endsInsideLine { result.counts.lines += 1 }
      read(
        start, end ?? rest, hasEnd: end != nil, isWhole: end != nil || !chunk.endsInsideLine, line,
        chunk.offset + at, found)
      at += (end ?? rest) + 1
      line += 1
    }
    return result
  }

  /// Ends the source: what is open is said to break off.
  func end(_ stretch: Stretch, _ found: (Finding) -> Void) -> Result {
    result = Result()
    result.stretch = stretch
    feed(UnsafeBufferPointer(start: nil, count: 0), isAtEnd: true, found)
    result.stretch = nil
    return result
  }

  private func read(
    _ start: UnsafeMutablePointer<UInt8>, _ length: Int, hasEnd: Bool, isWhole: Bool, _ line: Int, _ offset: Int,
    _ found: (Finding) -> Void
  ) {
    if result.stretch == nil, isWhole {
      // What is in an envelope that was named is left to the lane, which knows them.
      if expected == nil || expected == .plain,
        let answers = session.match(start, length: length, expected == .plain ? .none : .unknown)
      {
        result.counts.events += 1
        result.counts.eventLines += 1
        hasDocument = true
        if !answers.isEmpty {
          let place = EventPlace(source: name, line: line, offset: offset)
          give(answers, place, found)
        }
        return
      }
      if Self.isBlank(start, length) {
        result.counts.blankLines += 1
        return
      }
    } else if Self.isBlank(start, length), isWhole {
      result.counts.blankLines += 1
    }
    if result.stretch == nil {
      result.stretch = Stretch(lane: DocumentLane(name: name, line: line, offset: offset, expecting: expected))
    }
    feed(UnsafeBufferPointer(start: start, count: length + (hasEnd ? 1 : 0)), isAtEnd: false, found)
    if result.stretch?.lane.isBetweenDocuments == true { result.stretch = nil }
  }

  private func give(_ answers: [MatchSession.Answer], _ place: EventPlace, _ found: (Finding) -> Void) {
    findings += 1
    found(Finding(place, answers, session))
  }

  private func feed(_ bytes: UnsafeBufferPointer<UInt8>, isAtEnd: Bool, _ found: (Finding) -> Void) {
    guard let readings = result.stretch?.lane.read(bytes, isAtEnd: isAtEnd) else { return }
    for (reading, isDocument) in readings {
      hasDocument = hasDocument || isDocument
      switch reading {
      case .record(let record):
        result.counts.events += 1
        if result.stretch?.lastEventLine != record.place.line {
          result.stretch?.lastEventLine = record.place.line
          result.counts.eventLines += 1
          // The line was taken for unreadable until an event was found on it.
          if result.stretch?.lastFailureLine == record.place.line { result.counts.unreadableLines -= 1 }
        }
        let answers = session.match(record.event)
        if !answers.isEmpty { give(answers, record.place, found) }
      case .failure(let failure):
        result.counts.unreadable += 1
        if result.stretch?.lastFailureLine != failure.place.line, result.stretch?.lastEventLine != failure.place.line {
          result.stretch?.lastFailureLine = failure.place.line
          result.counts.unreadableLines += 1
        }
        result.failures.append(Failure(failure: failure, isBehindDocument: hasDocument, position: findings))
      }
    }
  }

  private static func isBlank(_ start: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    for index in 0..<length where start[index] != 0x20 && start[index] != 9 && start[index] != 13 { return false }
    return true
  }
}

import RuleIR
import SourceText

/// Makes readings of what a stream was cut into.
struct PieceReader {
  /// What one piece gave.
  struct Result {
    var readings: [EventReading]
    /// Whether it was a document, whatever was in it.
    var isDocument: Bool
  }

  private let name: String
  private let limits: EventLimits
  private let unwrapper: EnvelopeUnwrapper
  private let expected: ExpectedEnvelope?

  init(name: String, limits: EventLimits, expecting expected: ExpectedEnvelope?) {
    self.name = name
    self.limits = limits
    self.expected = expected
    unwrapper = EnvelopeUnwrapper(EventParser(limits: limits))
  }

  func read(_ piece: DocumentSplitter.Piece) -> Result {
    switch piece {
    case .document(let bytes, let place): return read(bytes, at: eventPlace(place))
    case .broken(let reason, let place): return failure(.unreadableEvent, reason, at: eventPlace(place))
    case .unfinished(let reason, let place):
      // Where the source itself broke off, that is the reason for this too, and is said next.
      return failure(.truncatedInput, reason, at: eventPlace(place))
    }
  }

  private func eventPlace(_ place: DocumentSplitter.Place) -> EventPlace {
    EventPlace(source: name, line: place.line, offset: place.offset, item: place.item)
  }

  private func failure(_ code: DiagnosticCode, _ reason: String, at place: EventPlace) -> Result {
    Result(readings: [.failure(EventFailure(code, reason, at: place))], isDocument: false)
  }

  private func read(_ bytes: ArraySlice<UInt8>, at place: EventPlace) -> Result {
    do throws(EventParser.Refusal) {
      let parsed = try unwrapper.parser.parse(bytes)
      let unwrapped = try unwrap(parsed.value)
      if bytes.count > limits.eventBytes, !unwrapped.isBatch {
        throw EventParser.Refusal(reason: "it is longer than \(limits.eventBytes) bytes")
      }
      let readings = unwrapped.events.enumerated().map { index, event in
        var place = place
        if unwrapped.isBatch { place.item = index + 1 }
        return reading(event, at: place, parsed.remarks)
      }
      return Result(readings: readings, isDocument: true)
    } catch {
      return failure(.unreadableEvent, error.reason, at: place)
    }
  }

  private func unwrap(_ value: EventValue) throws(EventParser.Refusal) -> EnvelopeUnwrapper.Unwrapped {
    guard let expected else { return try unwrapper.unwrap(value) }
    if expected == .plain, let object = value.object { return .plain(object) }
    var unwrapped = try unwrapper.unwrap(value)
    unwrapped.events = unwrapped.events.map { event in
      guard case .event(let value, let envelope, _) = event, !expected.isOf(envelope, value) else { return event }
      return .refused("it is not in the envelope '\(expected.rawValue)', but in '\(envelope.name)'")
    }
    return unwrapped
  }

  private func reading(
    _ event: EnvelopeUnwrapper.Event, at place: EventPlace, _ remarks: Set<EventRemark>
  ) -> EventReading {
    switch event {
    case .event(let value, let envelope, let more):
      .record(EventRecord(event: value, place: place, envelope: envelope, remarks: remarks.union(more)))
    case .refused(let reason): .failure(EventFailure(.unreadableEvent, reason, at: place))
    }
  }
}

import RuleIR
import SourceText

/// Reads the events of a source in order, and says of everything that is none where it stood and why.
///
/// A source is JSON Lines, documents that follow one another, or one list, plain or in gzip. Batches are unpacked and
/// envelopes taken off.
public struct EventReader: Sequence, IteratorProtocol {
  private var source: UnpackedBytes
  private let name: String
  private let limits: EventLimits
  private var splitter: DocumentSplitter
  private let unwrapper: EnvelopeUnwrapper
  /// What was read and not yet given, in reverse.
  private var pending: [EventReading] = []
  private var isAtEnd = false
  private var isOver = false
  /// Why the source broke off, to be said behind its last event.
  private var interruption: ByteFailure?
  private var unreadableInARow = 0
  private var hasEvent = false

  /// - Parameter name: What places call the source.
  public init(_ source: any ByteSource, name: String, limits: EventLimits = EventLimits()) {
    self.source = UnpackedBytes(source, limits: limits)
    self.name = name
    self.limits = limits
    splitter = DocumentSplitter(limits: limits)
    unwrapper = EnvelopeUnwrapper(EventParser(limits: limits))
  }

  public init(_ bytes: [UInt8], name: String, limits: EventLimits = EventLimits()) {
    self.init(BytesSource(bytes), name: name, limits: limits)
  }

  public mutating func next() -> EventReading? {
    while pending.isEmpty {
      guard !isOver else { return nil }
      if let piece = splitter.next(isAtEnd: isAtEnd) {
        read(piece)
      } else if isAtEnd {
        isOver = true
        if let interruption { pending = [.failure(broken(interruption))] }
      } else {
        readOn()
      }
    }
    let reading = pending.removeLast()
    if case .failure(let failure) = reading, failure.isFinal {
      isOver = true
      pending = []
    }
    return reading
  }

  private mutating func readOn() {
    do throws(ByteFailure) {
      guard let bytes = try source.next() else {
        isAtEnd = true
        return
      }
      if offset == 0, bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
        throw ByteFailure(.notUTF8, "it is UTF-16, and events are read in UTF-8 alone")
      }
      offset += bytes.count
      splitter.feed(bytes)
    } catch {
      isAtEnd = true
      interruption = error
    }
  }

  /// How many unpacked bytes were read.
  private var offset = 0

  private func broken(_ failure: ByteFailure) -> EventFailure {
    EventFailure(
      failure.code, failure.reason, at: EventPlace(source: name, line: splitter.lastLine, offset: offset), isFinal: true
    )
  }

  private mutating func read(_ piece: DocumentSplitter.Piece) {
    switch piece {
    case .document(let bytes, let place): read(bytes, at: eventPlace(place))
    case .broken(let reason, let place): fail(.unreadableEvent, reason, at: eventPlace(place))
    case .unfinished(let reason, let place):
      // Where the source itself broke off, that is the reason for this too, and is said next.
      fail(.truncatedInput, reason, at: eventPlace(place))
    }
  }

  private func eventPlace(_ place: DocumentSplitter.Place) -> EventPlace {
    EventPlace(source: name, line: place.line, offset: place.offset, item: place.item)
  }

  private mutating func read(_ bytes: ArraySlice<UInt8>, at place: EventPlace) {
    do throws(EventParser.Refusal) {
      let parsed = try unwrapper.parser.parse(bytes)
      let unwrapped = try unwrapper.unwrap(parsed.value)
      if bytes.count > limits.eventBytes, !unwrapped.isBatch {
        throw EventParser.Refusal(reason: "it is longer than \(limits.eventBytes) bytes")
      }
      hasEvent = true
      unreadableInARow = 0
      pending = unwrapped.events.enumerated().reversed().map { index, event in
        var place = place
        if unwrapped.isBatch { place.item = index + 1 }
        return reading(event, at: place, parsed.remarks)
      }
    } catch {
      fail(.unreadableEvent, error.reason, at: place)
    }
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

  private mutating func fail(_ code: DiagnosticCode, _ reason: String, at place: EventPlace) {
    unreadableInARow += 1
    pending = [.failure(EventFailure(code, reason, at: place))]
    if !hasEvent, unreadableInARow >= limits.unreadableStart {
      pending.insert(
        .failure(
          EventFailure(
            .notEvents, "its first \(unreadableInARow) lines are no JSON: this does not look like events", at: place,
            isFinal: true)), at: 0)
    }
  }
}

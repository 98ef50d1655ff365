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
  private let pieces: PieceReader
  /// What was read and not yet given, in reverse.
  private var pending: [EventReading] = []
  private var isAtEnd = false
  private var isOver = false
  /// Why the source broke off, to be said behind its last event.
  private var interruption: ByteFailure?
  private var unreadableInARow = 0
  private var hasEvent = false

  /// - Parameters:
  ///   - name: What places call the source.
  ///   - expected: The envelope that every event is in; nil to recognise it.
  public init(
    _ source: any ByteSource, name: String, limits: EventLimits = EventLimits(),
    expecting expected: ExpectedEnvelope? = nil
  ) {
    self.source = UnpackedBytes(source, limits: limits)
    self.name = name
    self.limits = limits
    splitter = DocumentSplitter(limits: limits)
    pieces = PieceReader(name: name, limits: limits, expecting: expected)
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
    let result = pieces.read(piece)
    pending = result.readings.reversed()
    if result.isDocument {
      hasEvent = true
      unreadableInARow = 0
      return
    }
    unreadableInARow += 1
    guard !hasEvent, unreadableInARow >= limits.unreadableStart, case .failure(let last)? = pending.first else {
      return
    }
    pending.insert(.failure(.notEvents(after: unreadableInARow, at: last.place)), at: 0)
  }
}

extension EventFailure {
  /// Said of a source in which nothing was an event.
  package static func notEvents(after count: Int, at place: EventPlace) -> EventFailure {
    EventFailure(
      .notEvents, "its first \(count) lines are no JSON: this does not look like events", at: place, isFinal: true)
  }
}

/// Reads a stretch of a stream whose lines are not each a plain event: envelopes, batches, documents of several lines.
package struct DocumentLane {
  private var splitter: DocumentSplitter
  private let pieces: PieceReader

  /// - Parameters:
  ///   - name: What places call the source.
  ///   - line: The line of the source on which the stretch begins.
  ///   - offset: Its first byte's place in the source.
  ///   - expected: The envelope that every event is in; nil to recognise it.
  package init(
    name: String, line: Int, offset: Int, limits: EventLimits = EventLimits(),
    expecting expected: ExpectedEnvelope? = nil
  ) {
    splitter = DocumentSplitter(limits: limits, line: line, offset: offset)
    pieces = PieceReader(name: name, limits: limits, expecting: expected)
  }

  /// Whether the stretch may end here.
  package var isBetweenDocuments: Bool { splitter.isBetweenDocuments }

  /// Takes the next bytes and gives what they complete.
  ///
  /// - Parameter isAtEnd: Whether the source has no more.
  /// - Returns: The readings, and of each whether it came of a document that could be read as such.
  package mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, isAtEnd: Bool) -> [(EventReading, isDocument: Bool)] {
    if !bytes.isEmpty { splitter.feed(Array(bytes)) }
    var readings: [(EventReading, isDocument: Bool)] = []
    while let piece = splitter.next(isAtEnd: isAtEnd) {
      let result = pieces.read(piece)
      readings += result.readings.map { ($0, result.isDocument) }
    }
    return readings
  }
}

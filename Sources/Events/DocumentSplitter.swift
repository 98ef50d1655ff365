/// Cuts a stream of bytes into JSON documents, whatever stands between them.
///
/// Documents may stand a line each, follow one another without a line end, be spread over lines, or be the elements
/// of one long list. A document that breaks off costs itself alone: reading goes on with the next line.
///
///     stream   = { blank | document | "[" { blank | "," | document } "]" } ;
///     document = "{" … "}" ;
struct DocumentSplitter {
  enum Piece {
    case document(ArraySlice<UInt8>, Place)
    /// What is no document, with the reason.
    case broken(String, Place)
    /// A document, or the list around the documents, that the stream ends in.
    case unfinished(String, Place)
  }

  struct Place {
    var line: Int
    var offset: Int
    var item: Int?
  }

  private var buffer: [UInt8] = []
  /// The first byte that no piece has taken.
  private var start = 0
  /// How much of the stream was dropped from the buffer.
  private var dropped = 0
  private var line = 1
  /// Where, in the stream, that line starts.
  private var lineStart = 0
  private var scan: DocumentScan?
  private var list: (place: Place, items: Int)?
  /// Whether the rest of the line is passed over.
  private var isSkipping = false
  /// How far the last document, which was broken, was indented: deeper lines only go on with it.
  private var brokenIndent: Int?
  private let limits: EventLimits

  /// - Parameters:
  ///   - line: The line of the stream on which the first bytes stand.
  ///   - offset: The first byte's place in the stream.
  init(limits: EventLimits, line: Int = 1, offset: Int = 0) {
    self.limits = limits
    self.line = line
    dropped = offset
    lineStart = offset
  }

  /// Whether nothing is under way: what follows could be cut alone with the same result.
  var isBetweenDocuments: Bool {
    scan == nil && list == nil && !isSkipping && brokenIndent == nil && start == buffer.count
      && dropped + start == lineStart
  }

  mutating func feed(_ bytes: [UInt8]) {
    if dropped == 0, start == 0, buffer.isEmpty, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      start = 3
      lineStart = 3
    }
    if start > 1 << 20 || start == buffer.count, start > 0, !buffer.isEmpty {
      buffer.removeSubrange(..<start)
      dropped += start
      start = 0
    }
    buffer += bytes
  }

  /// The next piece; nil where more bytes are needed, or, at the end, where there is none.
  mutating func next(isAtEnd: Bool) -> Piece? {
    while true {
      if isSkipping, !skipLine(isAtEnd: isAtEnd) { return nil }
      if scan == nil, let piece = begin(isAtEnd: isAtEnd) { return piece }
      guard scan != nil else { return isAtEnd ? unfinishedList() : nil }
      if let piece = proceed(isAtEnd: isAtEnd) { return piece }
      if scan != nil { return nil }
    }
  }

  /// The line that is being read.
  var lastLine: Int { line }

  private var place: Place { Place(line: line, offset: dropped + start, item: list.map { $0.items + 1 }) }

  private mutating func endLine(at next: Int) {
    start = next
    line += 1
    lineStart = dropped + start
  }

  /// Passes over the rest of a line; false where it does not end yet.
  private mutating func skipLine(isAtEnd: Bool) -> Bool {
    guard let end = buffer[start...].firstIndex(of: 10) else {
      start = buffer.count
      if isAtEnd { isSkipping = false }
      return isAtEnd
    }
    endLine(at: end + 1)
    isSkipping = false
    return true
  }

  /// Goes to the next document and begins to scan it; gives a piece where something else stands there.
  private mutating func begin(isAtEnd: Bool) -> Piece? {
    while start < buffer.count {
      if brokenIndent != nil, dropped + start == lineStart {
        guard let isOfBroken = goesOnWithBroken(isAtEnd: isAtEnd) else { return nil }
        if isOfBroken {
          isSkipping = true
          if !skipLine(isAtEnd: isAtEnd) { return nil }
          continue
        }
        brokenIndent = nil
      }
      switch buffer[start] {
      case 10: endLine(at: start + 1)
      case 9, 13, 32: start += 1
      case UInt8(ascii: ",") where list != nil: start += 1
      case UInt8(ascii: "]") where list != nil:
        list = nil
        start += 1
      case UInt8(ascii: "[") where list == nil:
        list = (place, 0)
        start += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        scan = DocumentScan(place: place, depth: limits.depth)
        return nil
      case _: return garbage(isAtEnd: isAtEnd)
      }
    }
    return nil
  }

  /// Whether a line belongs to a document that was given up; nil where it is not there yet.
  private func goesOnWithBroken(isAtEnd: Bool) -> Bool? {
    guard let first = buffer[start...].firstIndex(where: { $0 != 32 && $0 != 9 }) else { return isAtEnd ? true : nil }
    if buffer[first] == 10 || buffer[first] == 13 { return true }
    if buffer[first] == UInt8(ascii: "]"), list != nil { return first - start > brokenIndent ?? 0 }
    return first - start > brokenIndent ?? 0 || "}]\"".utf8.contains(buffer[first])
  }

  private mutating func garbage(isAtEnd: Bool) -> Piece? {
    let end = buffer[start...].firstIndex(of: 10)
    guard end != nil || isAtEnd || buffer.count - start > limits.eventBytes else { return nil }
    let place = place
    isSkipping = true
    brokenIndent = dropped + start - lineStart
    return .broken("it is no JSON object", place)
  }

  /// Scans on; gives a piece where the document ends, or is found broken.
  private mutating func proceed(isAtEnd: Bool) -> Piece? {
    guard var scan else { return nil }
    let outcome = buffer.withUnsafeBufferPointer { scan.proceed(in: UnsafeBufferPointer(rebasing: $0[start...])) }
    switch outcome {
    case .complete(let length):
      self.scan = nil
      let document = buffer[start..<(start + length)]
      start += length
      line += scan.lines
      if let lineStart = scan.lastLineStart { self.lineStart = scan.place.offset + lineStart }
      list?.items += 1
      return .document(document, scan.place)
    case .broken(let reason): return abandon(scan, reason)
    case .unfinished:
      if buffer.count - start > limits.batchBytes {
        return abandon(scan, "it is longer than \(limits.batchBytes) bytes")
      }
      if isAtEnd {
        let isLastLine = scan.firstLineLength.map { start + $0 >= buffer.count } ?? true
        if !isLastLine { return abandon(scan, "it does not end") }
        self.scan = nil
        start = buffer.count
        list = nil
        return .unfinished("the last event breaks off", scan.place)
      }
      self.scan = scan
      return nil
    }
  }

  /// Gives up a document and goes on with the line after its first.
  private mutating func abandon(_ scan: DocumentScan, _ reason: String) -> Piece {
    self.scan = nil
    brokenIndent = scan.place.offset - lineStart
    list?.items += 1
    if let length = scan.firstLineLength {
      endLine(at: start + length)
    } else {
      isSkipping = true
    }
    return .broken(reason, scan.place)
  }

  private mutating func unfinishedList() -> Piece? {
    guard let open = list else { return nil }
    list = nil
    return .unfinished("the list of events does not end", open.place)
  }
}

/// Finds the end of a JSON document whose bytes come piece by piece.
///
/// It looks at brackets and strings alone, and at line ends: no string holds one, and a line that starts with `{`
/// where no value can stand is the next document, so that this one has broken off.
struct DocumentScan {
  enum Outcome {
    /// The document has this many bytes.
    case complete(Int)
    case broken(String)
    case unfinished
  }

  let place: DocumentSplitter.Place
  private let depth: Int
  /// How far it was scanned.
  private var at = 0
  /// Line ends inside the document.
  private(set) var lines = 0
  /// The length of its first line, with the line end.
  private(set) var firstLineLength: Int?
  /// Where, in the document, its last line starts.
  private(set) var lastLineStart: Int?
  /// The brackets that are open.
  private var open: [UInt8] = []
  private var isInString = false
  private var isEscaped = false
  private var isAtLineStart = false
  /// The last byte that was no blank and not inside a string.
  private var last: UInt8 = 0

  init(place: DocumentSplitter.Place, depth: Int) {
    self.place = place
    self.depth = depth
  }

  mutating func proceed(in bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if isInString {
        if let broken = inString(byte) { return broken }
        continue
      }
      if byte == 10 {
        lines += 1
        lastLineStart = at
        if firstLineLength == nil { firstLineLength = at }
        isAtLineStart = true
        continue
      }
      if byte == 32 || byte == 9 || byte == 13 {
        isAtLineStart = false
        continue
      }
      if let outcome = structural(byte) { return outcome }
      isAtLineStart = false
      last = byte
    }
    return .unfinished
  }

  private mutating func inString(_ byte: UInt8) -> Outcome? {
    if byte == 10 {
      if firstLineLength == nil { firstLineLength = at }
      return .broken("a string does not end on its line")
    }
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
      last = byte
    }
    return nil
  }

  private mutating func structural(_ byte: UInt8) -> Outcome? {
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      if byte == UInt8(ascii: "{"), isAtLineStart, !canStandHere { return .broken("it breaks off") }
      guard open.count < depth else { return .broken("it nests more than \(depth) levels deep") }
      open.append(byte)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      guard open.last == (byte == UInt8(ascii: "}") ? UInt8(ascii: "{") : UInt8(ascii: "[")) else {
        return .broken("a bracket does not match")
      }
      open.removeLast()
      if open.isEmpty { return .complete(at) }
    case _: break
    }
    return nil
  }

  /// Whether a value can stand behind what came last.
  private var canStandHere: Bool {
    last == UInt8(ascii: ":")
      || open.last == UInt8(ascii: "[") && (last == UInt8(ascii: "[") || last == UInt8(ascii: ","))
  }
}

import Glibc
import SourceText

/// A stretch of a source that ends at the end of a line.
package final class TextChunk: @unchecked Sendable {
  // Unchecked: the bytes are written while it is filled, and only read afterwards.
  /// Bytes that may be read behind the text; they are zero.
  package static let padding = 64

  package private(set) var bytes: UnsafeMutablePointer<UInt8>
  package fileprivate(set) var count = 0
  /// Its place among the chunks of the source.
  package fileprivate(set) var index = 0
  /// The first byte's place in the source.
  package fileprivate(set) var offset = 0
  /// The line of the source on which it begins.
  package fileprivate(set) var line = 1
  package fileprivate(set) var lineCount = 0
  /// Whether its last line goes on in the next chunk, which happens to lines that are too long to be kept.
  package fileprivate(set) var endsInsideLine = false
  private var capacity: Int

  fileprivate init(capacity: Int) {
    bytes = .allocate(capacity: capacity + Self.padding)
    self.capacity = capacity
  }

  /// A stretch that is at hand.
  convenience init(holding text: ArraySlice<UInt8>, index: Int, offset: Int, line: Int, endsInsideLine: Bool) {
    self.init(capacity: text.count)
    append(Array(text))
    memset(bytes + count, 0, Self.padding)
    (self.index, self.offset, self.line, self.endsInsideLine) = (index, offset, line, endsInsideLine)
    lineCount = ChunkReader.lineEnds(bytes, count)
  }

  deinit { bytes.deallocate() }

  /// Room behind the text for at least so many bytes.
  fileprivate func room(_ wanted: Int) -> UnsafeMutableRawBufferPointer {
    if capacity - count < wanted {
      capacity = count + max(wanted, capacity / 2)
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.padding)
      memcpy(larger, bytes, count)
      bytes.deallocate()
      bytes = larger
    }
    return UnsafeMutableRawBufferPointer(start: bytes + count, count: capacity - count)
  }

  fileprivate func append(_ piece: [UInt8]) {
    guard !piece.isEmpty else { return }
    room(piece.count).copyBytes(from: piece)
    count += piece.count
  }
}

/// Cuts a source into chunks of whole lines.
package struct ChunkReader {
  private var source: UnpackedBytes
  private let size: Int
  private let longest: Int
  private var rest: [UInt8] = []
  private var index = 0
  private var offset = 0
  private var line = 1
  private var isStarted = false
  private var isOver = false
  /// Why the source broke off, once it has.
  package private(set) var interruption: ByteFailure?

  package init(_ source: any ByteSource, size: Int = 1 << 20, limits: EventLimits = EventLimits()) {
    self.source = UnpackedBytes(source, limits: limits)
    self.size = size
    longest = max(size, limits.eventBytes * 2)
  }

  /// The line behind the last chunk, and the place of its first byte.
  package var end: (line: Int, offset: Int) { (line, offset) }

  /// - Parameter used: A chunk that nobody needs any more, whose memory may be taken.
  package mutating func next(reusing used: TextChunk? = nil) -> TextChunk? {
    guard !isOver else { return nil }
    let chunk = used ?? TextChunk(capacity: size + size / 8)
    chunk.count = 0
    chunk.append(rest)
    rest = []
    var lineEnd: Int?
    while lineEnd == nil || chunk.count < size {
      let before = chunk.count
      guard read(into: chunk) else {
        isOver = true
        break
      }
      let added = UnsafeBufferPointer(start: chunk.bytes + before, count: chunk.count - before)
      if let last = added.lastIndex(of: 10) { lineEnd = before + last + 1 }
      if chunk.count > longest, lineEnd == nil { break }
    }
    if chunk.count == 0 { return nil }
    cut(chunk, at: isOver ? chunk.count : lineEnd)
    return chunk
  }

  private mutating func cut(_ chunk: TextChunk, at lineEnd: Int?) {
    chunk.endsInsideLine = lineEnd == nil
    if let lineEnd {
      rest = Array(UnsafeBufferPointer(start: chunk.bytes + lineEnd, count: chunk.count - lineEnd))
      chunk.count = lineEnd
    }
    memset(chunk.bytes + chunk.count, 0, TextChunk.padding)
    (chunk.index, chunk.offset, chunk.line) = (index, offset, line)
    chunk.lineCount = Self.lineEnds(chunk.bytes, chunk.count)
    index += 1
    offset += chunk.count
    line += chunk.lineCount
  }

  /// Adds the next bytes of the source to a chunk; false at its end.
  private mutating func read(into chunk: TextChunk) -> Bool {
    do throws(ByteFailure) {
      if isStarted, let count = try source.read(into: chunk.room(1 << 16)) {
        chunk.count += count
        return count > 0
      }
      guard let piece = try source.next() else { return false }
      if !isStarted, piece.starts(with: [0xFF, 0xFE]) || piece.starts(with: [0xFE, 0xFF]) {
        throw ByteFailure(.notUTF8, "it is UTF-16, and events are read in UTF-8 alone")
      }
      isStarted = true
      chunk.append(piece)
      return true
    } catch {
      interruption = error
      return false
    }
  }

  /// How many line ends there are, eight bytes at a time.
  static func lineEnds(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let raw = UnsafeRawPointer(bytes)
    let ones: UInt64 = 0x0101_0101_0101_0101
    var total = 0
    var at = 0
    while at &+ 8 <= count {
      // At most 255 rounds fit the counters of a byte each.
      var counters: UInt64 = 0
      let stop = min(count &- 7, at &+ 8 * 255)
      while at < stop {
        let word = (raw + at).loadUnaligned(as: UInt64.self) ^ (ones &* 10)
        let isOther = ((word & (ones &* 0x7F)) &+ (ones &* 0x7F)) | word
        counters &+= ~isOther >> 7 & ones
        at &+= 8
      }
      for lane in 0..<8 { total &+= Int(counters >> UInt64(lane * 8) & 0xFF) }
    }
    while at < count {
      if bytes[at] == 10 { total &+= 1 }
      at &+= 1
    }
    return total
  }
}

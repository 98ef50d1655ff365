import Events
import RuleIR

/// The values of one event by field, with their texts as they are compared.
///
/// Texts are freed of escapes and folded when they are first asked for, once each.
struct EventMemory {
  private struct Texts {
    /// The next value of the same field, -1 behind the last.
    var next: Int32
    var rawLength: Int32
    var foldedLength: Int32
    var raw: UnsafePointer<UInt8>
    var folded: UnsafePointer<UInt8>
  }

  private(set) var values: UnsafePointer<ScannedValue>
  private var document: UnsafePointer<UInt8>
  private let fieldStamps: UnsafeMutablePointer<UInt32>
  private let heads: UnsafeMutablePointer<Int32>
  private let fieldCount: Int
  private var epoch: UInt32 = 0
  private var texts: UnsafeMutablePointer<Texts>
  private var textRoom = 1_024
  private var arena: UnsafeMutablePointer<UInt8>
  private var arenaRoom = 1 << 16
  private var arenaUsed = 0

  init(fieldCount: Int) {
    self.fieldCount = fieldCount
    fieldStamps = .allocate(capacity: fieldCount)
    fieldStamps.initialize(repeating: 0, count: fieldCount)
    heads = .allocate(capacity: fieldCount)
    heads.initialize(repeating: -1, count: fieldCount)
    texts = .allocate(capacity: textRoom)
    arena = .allocate(capacity: arenaRoom)
    document = UnsafePointer(arena)
    values = UnsafeRawPointer(arena).assumingMemoryBound(to: ScannedValue.self)
  }

  func free() {
    fieldStamps.deallocate()
    heads.deallocate()
    texts.deallocate()
    arena.deallocate()
  }

  mutating func startOver() {
    fieldStamps.update(repeating: 0, count: fieldCount)
    epoch = 0
  }

  /// Takes the values of the next event.
  mutating func begin(_ text: Slice, _ scanned: UnsafePointer<ScannedValue>, count: Int) {
    epoch &+= 1
    document = text.start
    values = scanned
    arenaUsed = 0
    if count > textRoom {
      texts.deallocate()
      textRoom = count * 2
      texts = .allocate(capacity: textRoom)
    }
    var needed = 0
    for index in 0..<count { needed += Int(scanned[index].length) * 3 + 64 }
    if needed > arenaRoom {
      arena.deallocate()
      arenaRoom = needed * 2
      arena = .allocate(capacity: arenaRoom)
    }
  }

  /// Adds a value to its field.
  @inline(__always) mutating func link(_ value: Int, _ field: UInt32) {
    let isFirst = fieldStamps[Int(field)] != epoch
    fieldStamps[Int(field)] = epoch
    texts[value] = Texts(
      next: isFirst ? -1 : heads[Int(field)], rawLength: -1, foldedLength: -1, raw: document, folded: document)
    heads[Int(field)] = Int32(truncatingIfNeeded: value)
  }

  /// A value of a field, -1 where it has none; the rest follow by `next`.
  @inline(__always) func first(of field: UInt32) -> Int {
    fieldStamps[Int(field)] == epoch ? Int(heads[Int(field)]) : -1
  }

  @inline(__always) func next(_ value: Int) -> Int { Int(texts[value].next) }

  /// How many scalars and objects that are not empty a field has, counted no further than asked.
  func presentCount(of field: UInt32, upTo limit: Int) -> Int {
    var count = 0
    var value = first(of: field)
    while value >= 0, count < limit {
      switch values[value].kind {
      case .string, .number, .isTrue, .isFalse, .object: count += 1
      case .null, .list, .emptyObject: break
      }
      value = next(value)
    }
    return count
  }

  /// The text of a scalar without escapes.
  @inline(__always) mutating func raw(_ value: Int) -> Slice {
    let scanned = values[value]
    if !scanned.hasEscape { return Slice(document + Int(scanned.start), Int(scanned.length)) }
    if texts[value].rawLength < 0 { undoEscapes(value, scanned) }
    return Slice(texts[value].raw, Int(texts[value].rawLength))
  }

  private mutating func undoEscapes(_ value: Int, _ scanned: ScannedValue) {
    let output = arena + arenaUsed
    let length = JSONEscapes.undo(document + Int(scanned.start), Int(scanned.length), into: output)
    arenaUsed += length + 16
    texts[value].raw = UnsafePointer(output)
    texts[value].rawLength = Int32(truncatingIfNeeded: length)
  }

  /// The text of a scalar without escapes and with its letter case folded.
  @inline(__always) mutating func folded(_ value: Int) -> Slice {
    if texts[value].foldedLength < 0 { fold(value) }
    return Slice(texts[value].folded, Int(texts[value].foldedLength))
  }

  private mutating func fold(_ value: Int) {
    let text = raw(value)
    let output = arena + arenaUsed
    var length = text.length
    if !LetterCase.foldASCII(text, into: output) {
      length = 0
      for byte in text.string.simplyFolded.utf8 {
        output[length] = byte
        length += 1
      }
    }
    arenaUsed += length + 16
    texts[value].folded = UnsafePointer(output)
    texts[value].foldedLength = Int32(truncatingIfNeeded: length)
  }
}

/// Letter case, on raw bytes.
enum LetterCase {
  /// Writes a text in lower case; false where it is not all ASCII, and what was written is of no use.
  @inline(__always) static func foldASCII(_ text: Slice, into output: UnsafeMutablePointer<UInt8>) -> Bool {
    let source = UnsafeRawPointer(text.start)
    let target = UnsafeMutableRawPointer(output)
    var at = 0
    var high: UInt64 = 0
    while at &+ 8 <= text.length {
      let word = (source + at).loadUnaligned(as: UInt64.self)
      high |= word
      (target + at).storeBytes(of: lower(word), as: UInt64.self)
      at &+= 8
    }
    while at < text.length {
      let byte = text.start[at]
      high |= UInt64(byte)
      output[at] = byte &- 65 < 26 ? byte | 0x20 : byte
      at &+= 1
    }
    return high & 0x8080_8080_8080_8080 == 0
  }

  /// Eight letters at once; each byte must be ASCII.
  @inline(__always) private static func lower(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let masked = word & (ones &* 0x7F)
    // The high bit of each byte is set where the letter is at least `A`, and where it is beyond `Z`.
    let isUpper = (masked &+ ones &* (128 - 65)) & ~(masked &+ ones &* (128 - 91)) & (ones &* 0x80) & ~word
    return word | isUpper >> 2
  }
}

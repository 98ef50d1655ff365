import SourceText

/// The bytes of a source, unpacked where its first bytes say that it is gzip or zstd.
///
/// A file of several members, as rotation by appending leaves it, is read to its end.
struct UnpackedBytes: ByteSource {
  private var packed: any ByteSource
  private var unpacker: (any Unpacker)?
  private var isStarted = false
  private let limits: EventLimits

  init(_ packed: any ByteSource, limits: EventLimits) {
    self.packed = packed
    self.limits = limits
  }

  mutating func next() throws(ByteFailure) -> [UInt8]? {
    if !isStarted {
      isStarted = true
      return try start()
    }
    guard let unpacker else { return try packed.next() }
    return try unpack(unpacker)
  }

  /// Reads right into memory where the source is a plain file, past what `next` gave; nil where it is not.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteFailure) -> Int? {
    guard isStarted, unpacker == nil, let file = packed as? FileByteSource else { return nil }
    return try file.read(into: buffer)
  }

  /// Reads until four bytes are there, which tell gzip and zstd from text.
  private mutating func start() throws(ByteFailure) -> [UInt8]? {
    var head: [UInt8] = []
    while head.count < 4, let piece = try packed.next() { head += piece }
    let unpacker: any Unpacker
    if Zstandard.begins(head) {
      unpacker = Zstandard(limits: limits)
    } else if head.starts(with: [0x1F, 0x8B]) {
      unpacker = Gunzip(limits: limits)
    } else {
      return head.isEmpty ? nil : head
    }
    unpacker.feed(head)
    self.unpacker = unpacker
    return try unpack(unpacker)
  }

  private mutating func unpack(_ unpacker: any Unpacker) throws(ByteFailure) -> [UInt8]? {
    while true {
      let piece = try unpacker.next()
      if !piece.isEmpty { return piece }
      guard let more = try packed.next() else {
        if unpacker.isBetweenMembers { return nil }
        throw ByteFailure(.truncatedInput, "the \(unpacker.name) data breaks off")
      }
      unpacker.feed(more)
    }
  }
}

/// Unpacks data as it comes.
protocol Unpacker: AnyObject {
  /// The form, for messages.
  var name: String { get }
  /// Whether a member has just ended.
  var isBetweenMembers: Bool { get }
  func feed(_ bytes: [UInt8])
  /// The next piece; empty where more input is needed.
  func next() throws(ByteFailure) -> [UInt8]
}

extension EventLimits {
  /// Refuses what unpacks to far more than any log does.
  func check(unpacked written: Int, of read: Int) throws(ByteFailure) {
    guard written <= unpackedFreely || written / max(1, read) <= unpackingRatio else {
      throw ByteFailure(.fileTooLarge, "it unpacks to more than \(unpackingRatio) times its size, as no log does")
    }
  }
}

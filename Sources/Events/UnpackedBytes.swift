import CZlib
import SourceText

/// The bytes of a source, unpacked where its first bytes say that it is gzip.
///
/// A file of several gzip members, as rotation by appending leaves it, is read to its end.
struct UnpackedBytes: ByteSource {
  private var packed: any ByteSource
  private var gunzip: Gunzip?
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
    guard let gunzip else { return try packed.next() }
    return try unpack(gunzip)
  }

  /// Reads until four bytes are there, which tell gzip and zstd from text.
  private mutating func start() throws(ByteFailure) -> [UInt8]? {
    var head: [UInt8] = []
    while head.count < 4, let piece = try packed.next() { head += piece }
    if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      throw ByteFailure(.unreadableFile, "it is zstd data, which is not read yet; unpack it with 'zstd -d' before")
    }
    guard head.starts(with: [0x1F, 0x8B]) else { return head.isEmpty ? nil : head }
    let gunzip = Gunzip(limits: limits)
    gunzip.feed(head)
    self.gunzip = gunzip
    return try unpack(gunzip)
  }

  private mutating func unpack(_ gunzip: Gunzip) throws(ByteFailure) -> [UInt8]? {
    while true {
      let piece = try gunzip.next()
      if !piece.isEmpty { return piece }
      guard let more = try packed.next() else {
        if gunzip.isBetweenMembers { return nil }
        throw ByteFailure(.truncatedInput, "the gzip data breaks off")
      }
      gunzip.feed(more)
    }
  }
}

/// Unpacks gzip data as it comes.
private final class Gunzip {
  private let stream: UnsafeMutablePointer<z_stream>
  private let limits: EventLimits
  private var input: [UInt8] = []
  private var at = 0
  private var read = 0
  private var written = 0
  /// Whether a member has just ended, or none has begun.
  private(set) var isBetweenMembers = false

  init(limits: EventLimits) {
    self.limits = limits
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_start(stream) == Z_OK else { preconditionFailure("unpacking needs memory") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func feed(_ bytes: [UInt8]) {
    input = Array(input[at...]) + bytes
    at = 0
  }

  /// The next piece; empty where more input is needed.
  func next() throws(ByteFailure) -> [UInt8] {
    while at < input.count {
      if isBetweenMembers {
        // Padding with zeros follows the last member of some archives.
        if input[at] == 0 {
          at += 1
          continue
        }
        guard input[at] == 0x1F else { throw ByteFailure(.unreadableFile, "something follows the gzip data") }
        inflateReset(stream)
        isBetweenMembers = false
      }
      let piece = try inflateSome()
      if !piece.isEmpty { return piece }
    }
    return []
  }

  private func inflateSome() throws(ByteFailure) -> [UInt8] {
    let size = 1 << 18
    var code: Int32 = Z_OK
    var output = [UInt8](repeating: 0, count: size)
    let used = input.withUnsafeMutableBufferPointer { input -> Int in
      output.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress.map { $0 + at }
        stream.pointee.avail_in = UInt32(input.count - at)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(size)
        code = inflate(stream, Z_NO_FLUSH)
        return input.count - at - Int(stream.pointee.avail_in)
      }
    }
    at += used
    read += used
    output.removeLast(Int(stream.pointee.avail_out))
    written += output.count
    switch code {
    case Z_STREAM_END: isBetweenMembers = true
    case Z_OK, Z_BUF_ERROR: break
    case _: throw ByteFailure(.unreadableFile, "the gzip data is damaged after byte \(read)")
    }
    guard written <= limits.unpackedFreely || written / max(1, read) <= limits.unpackingRatio else {
      throw ByteFailure(
        .fileTooLarge, "it unpacks to more than \(limits.unpackingRatio) times its size, as no log does")
    }
    return output
  }
}

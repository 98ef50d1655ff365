import CZlib
import SourceText

/// Unpacks gzip data as it comes.
final class Gunzip: Unpacker {
  let name = "gzip"
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
    try limits.check(unpacked: written, of: read)
    return output
  }
}

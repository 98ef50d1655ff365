import CZstd
import SourceText

/// Unpacks zstd data as it comes; skippable frames are passed over.
final class Zstandard: Unpacker {
  let name = "zstd"
  private let stream: OpaquePointer
  private let limits: EventLimits
  private var input: [UInt8] = []
  private var at = 0
  private var read = 0
  private var written = 0
  private(set) var isBetweenMembers = false

  /// Whether data begin as a frame, or as a frame to be passed over, does.
  static func begins(_ head: [UInt8]) -> Bool {
    head.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
      || head.count > 3 && head[0] & 0xF0 == 0x50
        && head[1...3].elementsEqual([0x2A, 0x4D, 0x18])
  }

  init(limits: EventLimits) {
    guard let stream = ZSTD_createDCtx() else { preconditionFailure("unpacking needs memory") }
    self.stream = stream
    self.limits = limits
    // 8 MiB of window is what every decoder must take (RFC 8878, section 3.1.1.1.2); more is refused.
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 23)
  }

  deinit { ZSTD_freeDCtx(stream) }

  func feed(_ bytes: [UInt8]) {
    input = Array(input[at...]) + bytes
    at = 0
  }

  func next() throws(ByteFailure) -> [UInt8] {
    while at < input.count {
      let piece = try unpackSome()
      if !piece.isEmpty { return piece }
    }
    // What was held back for want of room comes without further input.
    return isBetweenMembers || input.isEmpty ? [] : try unpackSome()
  }

  private func unpackSome() throws(ByteFailure) -> [UInt8] {
    var code = 0
    var used = 0
    let size = 1 << 18
    let output = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      input.withUnsafeBytes { bytes in
        var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: at)
        var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: size, pos: 0)
        code = ZSTD_decompressStream(stream, &target, &source)
        used = source.pos - at
        count = target.pos
      }
    }
    at += used
    read += used
    written += output.count
    guard ZSTD_isError(code) == 0 else {
      throw ByteFailure(
        .unreadableFile, "the zstd data cannot be read after byte \(read): \(String(cString: ZSTD_getErrorName(code)))")
    }
    isBetweenMembers = code == 0
    try limits.check(unpacked: written, of: read)
    return output
  }
}

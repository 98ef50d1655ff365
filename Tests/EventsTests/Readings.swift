import CZlib
import Events
import RuleIR
import SourceText

/// What a text gives, each reading in a few words: `a@1` for the event `{"id": "a"}` of line 1, or the code of a
/// failure with its line.
func readings(of bytes: [UInt8], pieceSize: Int = 1 << 18, limits: EventLimits = EventLimits()) -> [String] {
  EventReader(BytesSource(bytes, pieceSize: pieceSize), name: "f", limits: limits).map { reading in
    switch reading {
    case .record(let record):
      let id = if case .object(let event) = record.event { event["id"]?.spelling ?? "?" } else { "?" }
      return "\(id)@\(record.place.description.dropFirst(2))"
    case .failure(let failure): return "\(failure.code.rawValue)@\(failure.place.description.dropFirst(2))"
    }
  }
}

func readings(of text: String, pieceSize: Int = 1 << 18, limits: EventLimits = EventLimits()) -> [String] {
  readings(of: Array(text.utf8), pieceSize: pieceSize, limits: limits)
}

func records(of text: String) -> [EventRecord] {
  EventReader(Array(text.utf8), name: "f").compactMap { if case .record(let record) = $0 { record } else { nil } }
}

func failures(of text: String) -> [EventFailure] {
  EventReader(Array(text.utf8), name: "f").compactMap { if case .failure(let failure) = $0 { failure } else { nil } }
}

/// The bytes as one gzip member.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  let size = Int32(MemoryLayout<z_stream>.size)
  guard deflateInit2_(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else {
    return []
  }
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 100 + 64)
  let written = input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      _ = deflate(&stream, Z_FINISH)
      return output.count - Int(stream.avail_out)
    }
  }
  return Array(output.prefix(written))
}

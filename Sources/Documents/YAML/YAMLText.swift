import CYAML

/// The bytes of a YAML file, and where libyaml's marks lie in them.
struct YAMLText {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Where the text starts, behind a byte order mark.
  let start: Int
  private let isASCII: Bool
  /// The last mark that was asked for, as an index of scalars and as an offset of bytes.
  private var index = 0
  private var offset: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ check: TextCheck.Result, markLength: Int) {
    self.bytes = bytes
    start = markLength
    offset = markLength
    // A byte order mark is itself beyond ASCII, but marks do not count it.
    switch check {
    case .allASCII: isASCII = true
    case .beyondASCII: isASCII = false
    }
  }

  /// What libyaml is to read.
  var input: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: bytes[start...]) }

  /// The offset of a mark, which counts scalars.
  ///
  /// Marks come nearly in order, so that going from one to the next is quick.
  mutating func offset(of mark: yaml_mark_t) -> Int {
    let target = Int(mark.index)
    if isASCII { return min(start + target, bytes.count) }
    while index < target, offset < bytes.count {
      offset += 1
      while offset < bytes.count, isContinuation(bytes[offset]) { offset += 1 }
      index += 1
    }
    while index > target, offset > start {
      offset -= 1
      while offset > start, isContinuation(bytes[offset]) { offset -= 1 }
      index -= 1
    }
    return offset
  }

  private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}

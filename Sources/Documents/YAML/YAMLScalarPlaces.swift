import SourceText

/// Finds out which bytes of the file the bytes of a YAML scalar come from.
///
/// libyaml gives a scalar's text and where it starts and ends, but not how the one became the other. This walks
/// along both at once and checks each byte: a place that it gives is right. From where it cannot follow, all that is
/// left stands for all that is left.
struct YAMLScalarPlaces {
  var segments: [Passage.Segment] = []
  let source: UnsafeBufferPointer<UInt8>
  let value: UnsafeBufferPointer<UInt8>
  /// The next byte of the file.
  var outer: Int
  /// The next byte of the text.
  var local = 0
  var end: Int

  init(source: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
    self.source = source
    self.value = value
    outer = start
    self.end = end
  }

  /// A blank, a tab, or a line end.
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 10 || byte == 9 || byte == 13 }

  /// The next byte of the text is that of the file.
  mutating func add(_ position: Int) {
    if let last = segments.last, last.span == 0, last.outer - last.local == position - local { return }
    segments.append(Passage.Segment(local: local, outer: position))
  }

  mutating func step() {
    local += 1
    outer += 1
  }

  /// Whether the next bytes of the text stand in the file just so, at a place or at the next byte.
  func isSame(_ count: Int, at place: Int? = nil) -> Bool {
    let start = place ?? outer
    guard local + count <= value.count, start + count <= end else { return false }
    for index in 0..<count where value[local + index] != source[start + index] { return false }
    return true
  }

  mutating func giveUpUnlessDone() {
    guard local < value.count else { return }
    let start = min(outer, end)
    while end > start, Self.isSpace(source[end - 1]) { end -= 1 }
    segments.append(Passage.Segment(local: local, outer: start, span: max(1, end - start)))
  }
}

import SourceText

/// Finds out which bytes of the file the bytes of a YAML scalar come from.
///
/// libyaml gives a scalar's text and where it starts and ends, but not how the one became the other. This walks
/// along both at once and checks each byte: a place that it gives is right. From where it cannot follow, all that is
/// left stands for all that is left.
struct YAMLScalarPlaces {
  private(set) var segments: [Passage.Segment] = []
  private let source: UnsafeBufferPointer<UInt8>
  private let value: UnsafeBufferPointer<UInt8>
  /// The next byte of the file.
  private var outer: Int
  /// The next byte of the text.
  private var local = 0
  private var end: Int

  init(source: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
    self.source = source
    self.value = value
    outer = start
    self.end = end
  }

  /// A blank, a tab, or a line end.
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 10 || byte == 9 || byte == 13 }

  // MARK: Plain and quoted scalars

  mutating func alignPlain() {
    // On a single line nothing is changed.
    if value.count == end - outer, isSame(value.count) { return }
    alignFlow()
  }

  mutating func alignSingleQuoted() {
    stripQuotes()
    if value.count == end - outer, isSame(value.count) { return add(outer) }
    alignFlow { (places) in
      guard places.source[places.outer] == UInt8(ascii: "'") else { return false }
      places.escape(width: 1, span: 2)
      return true
    }
  }

  mutating func alignDoubleQuoted() {
    stripQuotes()
    if value.count == end - outer, isSame(value.count) { return add(outer) }
    alignFlow { (places) in
      guard places.source[places.outer] == UInt8(ascii: "\\") else { return false }
      places.alignEscape()
      return true
    }
  }

  private mutating func stripQuotes() {
    outer += 1
    end = max(outer, end - 1)
    if value.isEmpty { add(outer) }
  }

  /// Follows text that may be folded over several lines.
  private mutating func alignFlow(_ alignSpecial: (inout YAMLScalarPlaces) -> Bool = { _ in false }) {
    while local < value.count, outer < end {
      if Self.isSpace(source[outer]), alignFold(kept: -1) { continue }
      if alignSpecial(&self) { continue }
      guard source[outer] == value[local] else { break }
      add(outer)
      step()
    }
    giveUpUnlessDone()
  }

  /// Follows line ends with the blanks around them: one is a blank, more are as many line ends less one.
  ///
  /// - Parameter kept: how many line ends more than there are come out: -1, or 0 after an escaped line end.
  /// - Returns: false where there is no line end ahead.
  private mutating func alignFold(kept: Int) -> Bool {
    var breaks = 0
    var position = outer
    while position < end, Self.isSpace(source[position]) {
      if isBreak(position) { breaks += 1 }
      position += 1
    }
    guard breaks > 0 else { return false }
    var skipped = breaks + kept == 0 ? 0 : -kept
    for index in outer..<position where isBreak(index) && local < value.count {
      if skipped > 0 {
        skipped -= 1
        continue
      }
      guard value[local] == 10 || value[local] == 0x20 else { break }
      add(index)
      local += 1
    }
    outer = position
    return true
  }

  /// Whether a line ends with this byte: LF, or CR without LF.
  private func isBreak(_ position: Int) -> Bool {
    source[position] == 10 || (source[position] == 13 && (position + 1 == source.count || source[position + 1] != 10))
  }

  private mutating func alignEscape() {
    guard outer + 1 < end else {
      outer = end
      return
    }
    switch source[outer + 1] {
    case 10, 13:
      outer += source[outer + 1] == 13 && outer + 2 < end && source[outer + 2] == 10 ? 3 : 2
      while outer < end, source[outer] == 0x20 || source[outer] == 9 { outer += 1 }
      if outer < end, Self.isSpace(source[outer]) { _ = alignFold(kept: 0) }
    case UInt8(ascii: "x"): escapeScalar(span: 4)
    case UInt8(ascii: "u"): escapeScalar(span: 6)
    case UInt8(ascii: "U"): escapeScalar(span: 10)
    default: escapeScalar(span: 2)
    }
  }

  private mutating func escapeScalar(span: Int) {
    let lead = value[local]
    escape(width: lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, span: span)
  }

  private mutating func escape(width: Int, span: Int) {
    segments.append(Passage.Segment(local: local, outer: outer, span: span))
    local += width
    outer += span
  }

  // MARK: Block scalars

  /// Follows a literal block, whose lines are those of the file without the indentation.
  mutating func alignLiteral() {
    skipHeader()
    while local < value.count, outer < end {
      let lineEnd = endOfLine()
      var next = local
      while next < value.count, value[next] != 10 { next += 1 }
      let content = lineEnd - (next - local)
      guard content >= outer, isSame(next - local, at: content) else { break }
      add(content)
      local = next + 1
      outer = lineEnd
      skipBreak()
    }
    giveUpUnlessDone()
  }

  /// Follows a folded block, whose lines are joined by blanks.
  mutating func alignFolded() {
    skipHeader()
    var indentation: Int?
    var breaks: [Int] = []
    while local < value.count, outer < end {
      let lineEnd = endOfLine()
      let isFirst = indentation == nil
      if isFirst { indentation = indentationOfFirstLine(lineEnd, blankLines: breaks.count) }
      let content = outer + min(leadingBlanks(to: lineEnd), indentation ?? Int.max)
      if content < lineEnd {
        alignSeparators(breaks)
        guard isSame(lineEnd - content, at: content) else { break }
        add(content)
        local += lineEnd - content
        breaks.removeAll(keepingCapacity: true)
      }
      breaks.append(lineEnd)
      outer = lineEnd
      skipBreak()
    }
    if outer >= end { alignSeparators(breaks) }
    giveUpUnlessDone()
  }

  /// How far the first line with content is indented, less the blanks that belong to its text.
  private func indentationOfFirstLine(_ lineEnd: Int, blankLines: Int) -> Int? {
    let blanks = leadingBlanks(to: lineEnd)
    guard outer + blanks < lineEnd else { return nil }
    var own = local + blankLines
    while own < value.count, value[own] == 0x20 { own += 1 }
    return max(0, blanks - (own - local - blankLines))
  }

  private func leadingBlanks(to lineEnd: Int) -> Int {
    var position = outer
    while position < lineEnd, source[position] == 0x20 { position += 1 }
    return position - outer
  }

  /// Follows what came out of the line ends since the last content: a blank, or line ends, at most one for each.
  private mutating func alignSeparators(_ breaks: [Int]) {
    guard local < value.count, let last = breaks.last else { return }
    if value[local] == 0x20, breaks.count == 1 {
      add(last)
      local += 1
      return
    }
    var count = 0
    while count < breaks.count, local + count < value.count, value[local + count] == 10 { count += 1 }
    for position in breaks.suffix(count) {
      add(position)
      local += 1
    }
  }

  private mutating func skipHeader() {
    outer = endOfLine()
    skipBreak()
    if value.isEmpty { add(outer) }
  }

  private func endOfLine() -> Int {
    var position = outer
    while position < end, source[position] != 10, source[position] != 13 { position += 1 }
    return position
  }

  private mutating func skipBreak() {
    if outer < end, source[outer] == 13, outer + 1 < end, source[outer + 1] == 10 { outer += 1 }
    if outer < end { outer += 1 }
  }

  // MARK: Segments

  /// The next byte of the text is that of the file.
  private mutating func add(_ position: Int) {
    if let last = segments.last, last.span == 0, last.outer - last.local == position - local { return }
    segments.append(Passage.Segment(local: local, outer: position))
  }

  private mutating func step() {
    local += 1
    outer += 1
  }

  /// Whether the next bytes of the text stand in the file just so, at a place or at the next byte.
  private func isSame(_ count: Int, at place: Int? = nil) -> Bool {
    let start = place ?? outer
    guard local + count <= value.count, start + count <= end else { return false }
    for index in 0..<count where value[local + index] != source[start + index] { return false }
    return true
  }

  private mutating func giveUpUnlessDone() {
    guard local < value.count else { return }
    let start = min(outer, end)
    while end > start, Self.isSpace(source[end - 1]) { end -= 1 }
    segments.append(Passage.Segment(local: local, outer: start, span: max(1, end - start)))
  }
}

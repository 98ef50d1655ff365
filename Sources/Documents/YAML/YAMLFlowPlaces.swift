import SourceText

// Plain and quoted scalars.
extension YAMLScalarPlaces {
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
}

// Literal and folded block scalars.
extension YAMLScalarPlaces {
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
}

import CPCRE2
import CRE2

extension CompiledRegex {
  /// Every match in a text, none of them overlapping another, from left to right; nil where a limit was reached.
  ///
  /// - Parameter mostMatches: How many at the most.
  func matches(in text: String, mostMatches: Int) -> [RegexMatch]? {
    let bytes = Array(text.utf8)
    var found: [RegexMatch] = []
    var start = 0
    while found.count < mostMatches, start <= bytes.count {
      guard let groups = groups(in: bytes, from: start) else { return nil }
      guard let whole = groups.first ?? nil else { break }
      found.append(RegexMatch(bytes: bytes, groups: groups))
      start = whole.upperBound
      if whole.isEmpty {
        // On to the next character.
        start += 1
        while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
      }
    }
    return found
  }

  /// The places of the next match; empty where there is none, nil where a limit was reached.
  private func groups(in bytes: [UInt8], from start: Int) -> [Range<Int>?]? {
    let most = 33
    var spans = [Int](repeating: -1, count: most * 2)
    let outcome = spans.withUnsafeMutableBufferPointer { spans in
      bytes.withUnsafeBufferPointer { bytes in
        find(UnsafeRawPointer(bytes.baseAddress), bytes.count, from: start, spans.baseAddress, most)
      }
    }
    guard let outcome else { return nil }
    guard outcome else { return [] }
    return (0..<most).map { index in
      let (low, high) = (spans[index * 2], spans[index * 2 + 1])
      return low < 0 || high < low ? nil : low..<high
    }
  }
}

/// What is shown of a line: all of it, or of a long one what surrounds the place.
struct LineWindow {
  let text: String
  /// The columns before the place.
  let indent: Int
  /// The columns that the place takes, at least one.
  let markWidth: Int

  private static let limit = 160
  /// How many characters before the place are kept of a long line.
  private static let lead = 60

  init(_ line: String, marking place: Range<Int>) {
    let characters = Array(line)
    let start =
      characters.count <= Self.limit ? 0 : max(0, min(place.lowerBound - Self.lead, characters.count - Self.limit))
    let stop = min(characters.count, start + Self.limit)
    let left = start > 0 ? "…" : ""
    text = left + String(characters[start..<stop]) + (stop < characters.count ? "…" : "")
    let first = max(start, min(place.lowerBound, stop))
    indent = left.count + Self.width(characters[start..<first])
    markWidth = max(1, Self.width(characters[first..<max(first, min(place.upperBound, stop))]))
  }

  /// The columns that characters take in a terminal.
  private static func width(_ characters: ArraySlice<Character>) -> Int {
    characters.reduce(0) { $0 + ($1.unicodeScalars.first.map(isWide) == true ? 2 : 1) }
  }

  /// Whether a character is as wide as two: East Asian ones and emoji.
  ///
  /// <https://www.unicode.org/reports/tr11/>
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

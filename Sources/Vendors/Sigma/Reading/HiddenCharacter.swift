import SourceText

/// A character that does not show as what it is.
struct HiddenCharacter {
  /// Such as `U+202E`.
  var name: String
  var range: SourceRange

  /// The first control, zero-width or bidirectional character of a text; tabs and line ends are none.
  static func first(in text: Passage) -> HiddenCharacter? {
    first(in: text) { isHidden($0) && !"\t\n\r".unicodeScalars.contains($0) }
  }

  /// The same, without the joiners that stand between two emoji.
  static func firstUnjoined(in text: Passage) -> HiddenCharacter? {
    var isAfterEmoji = false
    return first(in: text) { scalar in
      defer {
        isAfterEmoji =
          !scalar.isASCII && (scalar.properties.isEmoji || scalar.properties.isEmojiModifier) || scalar == "\u{FE0F}"
      }
      if scalar == "\u{200D}", isAfterEmoji { return false }
      return isHidden(scalar) && !"\t\n\r".unicodeScalars.contains(scalar)
    }
  }

  /// The first Greek or Cyrillic letter of a text that has Latin letters too.
  static func firstLookalike(in text: Passage) -> HiddenCharacter? {
    let hasLatin = text.bytes.contains { (65...90).contains($0) || (97...122).contains($0) }
    return hasLatin ? first(in: text) { (0x370...0x52F).contains($0.value) && $0.properties.isAlphabetic } : nil
  }

  private static func first(in text: Passage, where isFound: (Unicode.Scalar) -> Bool) -> HiddenCharacter? {
    var offset = 0
    for scalar in text.text.unicodeScalars {
      let length = UTF8.width(scalar)
      if isFound(scalar), offset + length <= text.bytes.count {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return HiddenCharacter(name: name, range: text.range(of: offset..<offset + length))
      }
      offset += length
    }
    return nil
  }
}

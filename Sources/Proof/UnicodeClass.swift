/// The classes `\\d`, `\\s` and `\\w` where they are of all of Unicode.
enum UnicodeClass: Hashable, Sendable {
  /// Decimal digits of any script.
  case digits
  case rustSpaces, pythonSpaces
  case rustWords, pythonWords

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let category = scalar.properties.generalCategory
    switch self {
    case .digits: return category == .decimalNumber
    case .rustSpaces: return scalar.properties.isWhitespace
    // What `str.isspace` takes: the four separators of ASCII beside white space.
    case .pythonSpaces: return scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    case .rustWords:
      // https://docs.rs/regex/latest/regex/#perl-character-classes-unicode-friendly
      return scalar.properties.isAlphabetic || scalar.properties.isJoinControl || category.isMark
        || category == .decimalNumber || category == .connectorPunctuation
    // What `str.isalnum` takes, and `_`.
    case .pythonWords: return category.isLetter || category.isNumber || scalar == "_"
    }
  }

  /// Scalars of kinds that the classes part.
  static let samples: [[Unicode.Scalar]] = [
    ["\u{A0}", "\u{2003}", "\u{3000}"], ["\u{85}"], ["\u{1C}", "\u{1D}"], ["\u{301}", "\u{302}"], ["²", "³"],
    ["‿", "⁀"], ["\u{200D}"], ["\u{2180}", "\u{2181}"], ["\u{1F130}", "\u{1F131}"],
  ]
}

extension Unicode.GeneralCategory {
  fileprivate var isMark: Bool { self == .nonspacingMark || self == .spacingMark || self == .enclosingMark }

  fileprivate var isNumber: Bool { self == .decimalNumber || self == .letterNumber || self == .otherNumber }

  fileprivate var isLetter: Bool {
    self == .uppercaseLetter || self == .lowercaseLetter || self == .titlecaseLetter || self == .modifierLetter
      || self == .otherLetter
  }
}

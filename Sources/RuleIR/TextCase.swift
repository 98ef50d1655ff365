/// How letters compare.
///
/// The importer stamps it on every test of text, because no two languages agree.
public enum TextCase: String, Hashable, Sendable, CaseIterable {
  /// Letter by letter.
  case sensitive
  /// After Unicode simple folding: one scalar for one, so that lengths and `?` keep their meaning.
  case insensitive

  /// The text as it is compared: folded, or as it is.
  public func key(_ text: String) -> String {
    switch self {
    case .sensitive: text
    case .insensitive: text.simplyFolded
    }
  }
}

extension String {
  /// The text with every scalar replaced by its simple case folding (Unicode, CaseFolding.txt, statuses C and S).
  public var simplyFolded: String {
    if utf8.allSatisfy({ $0 < 0x80 }) {
      guard utf8.contains(where: { (65...90).contains($0) }) else { return self }
      return String(decoding: utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
    var folded = String.UnicodeScalarView()
    for scalar in unicodeScalars { folded.append(scalar.simplyFolded) }
    return String(folded)
  }

  /// Whether folding beyond ASCII could matter: some letter is not ASCII.
  public var hasNonASCIILetter: Bool {
    unicodeScalars.contains { !$0.isASCII && $0.properties.isAlphabetic }
  }
}

extension Unicode.Scalar {
  /// The scalar's simple case folding.
  ///
  /// Worked out from the case mappings that the standard library knows: through the upper case to the lower, so
  /// that `ς`, `ſ` and the Kelvin sign meet `σ`, `s` and `k`. Mappings to several scalars (`ß` to `SS`) are not
  /// simple and are left out, and so is the dotless `ı`, which folds to `i` in Turkic languages alone.
  public var simplyFolded: Unicode.Scalar {
    if isASCII { return (65...90).contains(value) ? Unicode.Scalar(UInt8(value) | 0x20) : self }
    if value == 0x131 { return self }
    let upper = properties.uppercaseMapping.unicodeScalars.onlyElement ?? self
    return upper.properties.lowercaseMapping.unicodeScalars.onlyElement ?? upper
  }
}

extension Collection {
  /// The only element, where there is just one.
  fileprivate var onlyElement: Element? { count == 1 ? first : nil }
}

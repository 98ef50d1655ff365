import RuleIR

extension RawTermTest {
  /// Whether the term stands in a raw text, from one breaker to another.
  ///
  /// Splunk cuts raw text at major breakers and the pieces again at minor ones (segmenters.conf); a term may begin
  /// and end at either and cross minor ones alone, unless it has a major one itself.
  func matches(raw: String) -> Bool {
    let text = Array(textCase.key(raw).unicodeScalars)
    if !term.hasWildcard {
      let wanted = Array(textCase.key(term.literals.joined()).unicodeScalars)
      return Self.occurs(wanted, in: text)
    }
    return Self.majorPieces(text).contains { piece in
      Self.minorStarts(piece).contains { start in
        Self.minorEnds(piece, from: start).contains { end in
          term.matches(String(String.UnicodeScalarView(piece[start..<end])), textCase)
        }
      }
    }
  }

  private static func occurs(_ wanted: [Unicode.Scalar], in text: [Unicode.Scalar]) -> Bool {
    guard let first = wanted.first, let last = wanted.last else { return true }
    guard text.count >= wanted.count else { return false }
    return (0...(text.count - wanted.count)).contains { start in
      let end = start + wanted.count
      return text[start] == first && text[start..<end].elementsEqual(wanted)
        && (isBreaker(first) || start == 0 || isBreaker(text[start - 1]))
        && (isBreaker(last) || end == text.count || isBreaker(text[end]))
    }
  }

  private static func majorPieces(_ text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    text.split(whereSeparator: isMajorBreaker).map(Array.init)
  }

  private static func minorStarts(_ piece: [Unicode.Scalar]) -> [Int] {
    [0] + piece.indices.filter { isMinorBreaker(piece[$0]) }.map { $0 + 1 }.filter { $0 < piece.count }
  }

  private static func minorEnds(_ piece: [Unicode.Scalar], from start: Int) -> [Int] {
    piece.indices.filter { $0 > start && isMinorBreaker(piece[$0]) } + [piece.count]
  }

  private static func isBreaker(_ scalar: Unicode.Scalar) -> Bool {
    isMajorBreaker(scalar) || isMinorBreaker(scalar)
  }

  private static func isMajorBreaker(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || "[]<>(){}|!;,'\"*&?+".unicodeScalars.contains(scalar)
  }

  private static func isMinorBreaker(_ scalar: Unicode.Scalar) -> Bool {
    "/:=@.-$#%\\_".unicodeScalars.contains(scalar)
  }
}

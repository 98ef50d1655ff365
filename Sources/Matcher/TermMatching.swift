import RuleIR

extension TermMatch {
  /// Whether a text has the term.
  func matches(_ text: String) -> Bool {
    switch tokenisation {
    case .alphanumericRuns: matchesRuns(text)
    case .standardAnalyser: matchesAnalysed(text)
    }
  }

  /// The term stands in the text with no letter or digit beside an end that is one.
  ///
  /// Terms are maximal runs of letters and digits; a term with separators must have a boundary at both ends
  /// (https://learn.microsoft.com/kusto/query/datatypes-string-operators, "What is a term?").
  private func matchesRuns(_ text: String) -> Bool {
    let subject = Array(textCase.key(text).unicodeScalars)
    let term = Array(textCase.key(self.text).unicodeScalars)
    guard let first = term.first, let last = term.last else { return true }
    guard subject.count >= term.count else { return false }
    for start in 0...(subject.count - term.count) where subject[start..<(start + term.count)].elementsEqual(term) {
      let end = start + term.count
      let opens = extent == .suffix || !first.isTermScalar || start == 0 || !subject[start - 1].isTermScalar
      let closes = extent == .prefix || !last.isTermScalar || end == subject.count || !subject[end].isTermScalar
      if opens && closes { return true }
    }
    return false
  }

  /// The words of the term stand side by side among the words of the text, as in a `match_phrase`.
  private func matchesAnalysed(_ text: String) -> Bool {
    let words = Self.analysedWords(text)
    let wanted = Self.analysedWords(self.text)
    guard !wanted.isEmpty, words.count >= wanted.count else { return false }
    return (0...(words.count - wanted.count)).contains { start in
      zip(words[start...], wanted).allSatisfy { isSameText($0, $1) }
    }
  }

  /// The lower-cased words by UAX #29 as far as audit logs need it: letters, digits and `_`, with `.`, `:` and `'`
  /// between letters and `.` and `,` between digits.
  private static func analysedWords(_ text: String) -> [String] {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    let scalars = Array(text.simplyFolded.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if scalar.isTermScalar || scalar == "_" || joins(scalars, at: index) {
        word.append(scalar)
      } else if !word.isEmpty {
        words.append(String(word))
        word = String.UnicodeScalarView()
      }
    }
    if !word.isEmpty { words.append(String(word)) }
    return words
  }

  private static func joins(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
    guard index > 0, index + 1 < scalars.count else { return false }
    let (before, after) = (scalars[index - 1].properties, scalars[index + 1].properties)
    switch scalars[index] {
    case ".": return before.isAlphabetic && after.isAlphabetic || before.isDigit && after.isDigit
    case ":", "'": return before.isAlphabetic && after.isAlphabetic
    case ",": return before.isDigit && after.isDigit
    case _: return false
    }
  }
}

extension Unicode.Scalar {
  /// A letter or a digit of any script.
  var isTermScalar: Bool { properties.isAlphabetic || properties.isDigit }
}

extension Unicode.Scalar.Properties {
  fileprivate var isDigit: Bool { generalCategory == .decimalNumber }
}

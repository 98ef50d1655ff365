/// Regular expressions of Lucene: `RLIKE` here, `regexp` and `/…/` elsewhere.
///
/// The whole value must match; `~ & @ # < > "` are operators; the escapes with a letter are `\d \D \s \S \w \W`.
///
/// https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax
enum LuceneRegex {
  /// What is wrong with an expression, as far as its brackets and escapes show.
  static func fault(in text: String) -> String? {
    var open = 0
    var walker = LuceneWalker(text)
    while let piece = walker.next() {
      switch piece {
      case .broken(let reason): return reason
      case .operation("("): open += 1
      case .operation(")"):
        open -= 1
        if open < 0 { return "a ')' closes nothing" }
      case .literal, .escape, .quoted, .set, .operation: break
      }
    }
    return open > 0 ? "a '(' is not closed" : nil
  }

  /// Whether every text matches, as far as its form shows: `.*` and `@`, repeated and in parentheses.
  static func matchesEverything(_ text: String) -> Bool {
    var bare = text.utf8.filter { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ")") }[...]
    guard !bare.isEmpty, fault(in: text) == nil else { return false }
    while bare.first == UInt8(ascii: "@") || bare.starts(with: ".*".utf8) {
      bare.removeFirst(bare.first == UInt8(ascii: "@") ? 1 : 2)
    }
    return bare.isEmpty
  }

  /// The expression that matches, letters ignored, what this one matches after `TO_LOWER` or `TO_UPPER`.
  ///
  /// A letter of the other case can match nothing there: the empty language `#` stands for it. Nil where a set or a
  /// quoted part mixes the two.
  static func ignoringCase(_ text: String, of folding: ESQLColumnView.Folding) -> String? {
    var folded = ""
    var walker = LuceneWalker(text)
    while let piece = walker.next() {
      switch piece {
      case .broken: return nil
      case .operation(let sign): folded.unicodeScalars.append(sign)
      case .literal(let scalar): folded += folding.keeps(String(scalar)) ? String(scalar) : "#"
      case .escape(let scalar): folded += "\\\(scalar)"
      case .quoted(let inside):
        guard folding.keeps(inside) else { return nil }
        folded += "\"\(inside)\""
      case .set(let set):
        guard set.isClosed(under: folding) else { return nil }
        folded += set.text
      }
    }
    return folded
  }
}

extension ESQLColumnView.Folding {
  /// Whether folding leaves a text as it is.
  func keeps(_ text: String) -> Bool {
    switch self {
    case .asWritten: true
    case .lower: text == text.lowercased()
    case .upper: text == text.uppercased()
    }
  }
}

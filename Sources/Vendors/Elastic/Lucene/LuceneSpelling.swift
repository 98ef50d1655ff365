import RuleIR
import SourceText

/// Spells names, values and patterns so that they are read back as just these.
enum LuceneSpelling {
  /// A text in quotation marks, in which only these and backslashes are escaped.
  static func quoted(_ text: String) -> String {
    var spelled = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": spelled += "\\\(scalar)"
      case _: spelled += visibly(scalar)
      }
    }
    return spelled + "\""
  }

  /// A field's name, every sign of the language escaped.
  static func name(_ name: TextPattern) -> String {
    name.parts.map { part in
      switch part {
      // In a name the star is escaped to be one.
      case .anyRun, .anyScalar: "\\*"
      case .literal(let text): escaped(text)
      }
    }.joined()
  }

  /// A pattern without quotation marks.
  static func pattern(_ pattern: TextPattern) -> String {
    pattern.parts.map { part in
      switch part {
      case .anyRun: "*"
      case .anyScalar: "?"
      case .literal(let text): escaped(text)
      }
    }.joined()
  }

  /// A regular expression between slashes.
  ///
  /// A backslash at its end would take the last of them away, and stands in brackets.
  static func regex(_ text: String) -> String {
    let text = text.hasSuffix("\\\\") ? String(text.dropLast(2)) + "[\\\\]" : text
    var spelled = "/"
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if scalar == "/", !isEscaped { spelled += "\\" }
      spelled.unicodeScalars.append(scalar)
      isEscaped = scalar == "\\" && !isEscaped
    }
    return spelled + "/"
  }

  private static func escaped(_ text: String) -> String {
    var spelled = ""
    for scalar in text.unicodeScalars {
      if "+-=&|><!(){}[]^\"~*?:\\/ \u{3000}".unicodeScalars.contains(scalar) { spelled += "\\" }
      spelled += visibly(scalar)
    }
    return spelled
  }

  private static func visibly(_ scalar: Unicode.Scalar) -> String {
    guard scalar.value <= 0xFFFF, scalar.value < 0x20 || isHidden(scalar) else { return String(Character(scalar)) }
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension LuceneRegex {
  /// The expression that matches, letters as they are, what this one matches with letters' case ignored.
  ///
  /// A letter becomes a set of all that fold alike. Nil where a set or a range beyond ASCII makes that uncertain.
  static func inBothCases(_ text: String) -> String? {
    var spelled = ""
    var walker = LuceneWalker(text)
    while let piece = walker.next() {
      switch piece {
      case .broken: return nil
      case .operation(let sign): spelled.unicodeScalars.append(sign)
      case .literal(let scalar): spelled += alternatives(scalar)
      case .escape(let scalar): spelled += LuceneWalker.isClass(scalar) ? "\\\(scalar)" : alternatives(scalar)
      case .quoted(let inside): for scalar in inside.unicodeScalars { spelled += alternatives(scalar) }
      case .set(let set):
        guard let widened = set.inBothCases else { return nil }
        spelled += widened.written
      }
    }
    return spelled
  }

  private static func alternatives(_ scalar: Unicode.Scalar) -> String {
    let forms = scalar.caseForms
    return forms.count == 1 ? escaped(scalar) : "[\(forms.map { escaped($0) }.joined())]"
  }
}

extension LuceneSet {
  /// The set with the other case of every letter in it; nil where it has ranges beyond ASCII.
  fileprivate var inBothCases: LuceneSet? {
    var added: [Unicode.Scalar] = []
    for member in members {
      switch member {
      case .one(let scalar): added += scalar.caseForms
      case .range(let low, let high):
        guard low.isASCII, high.isASCII else { return nil }
      case .predefined: break
      }
    }
    for small in Self.letters {
      let capital = small.asciiCapital
      if lists(small), !lists(capital) { added.append(capital) }
      if lists(capital), !lists(small) { added.append(small) }
    }
    // The Kelvin sign and the long s fold to letters of ASCII.
    for (letter, other) in [("k", "\u{212A}"), ("s", "\u{17F}")] as [(Unicode.Scalar, Unicode.Scalar)]
    where lists(letter) || lists(letter.asciiCapital) {
      added.append(other)
    }
    let missing = added.filter { !lists($0) }
    return LuceneSet(text: text, members: members + missing.map(Member.one), isNegated: isNegated)
  }
}

extension Unicode.Scalar {
  /// All scalars that fold to what this one folds to, itself first.
  var caseForms: [Unicode.Scalar] {
    let others = CaseForms.all[simplyFolded] ?? [simplyFolded]
    return [self] + others.filter { $0 != self }
  }
}

/// The scalars that simple folding takes for one.
private enum CaseForms {
  /// By what they fold to, smallest first; a scalar that nothing else folds to is left out.
  static let all: [Unicode.Scalar: [Unicode.Scalar]] = {
    var forms: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    // The last letters with case of Unicode are Adlam's, from U+1E900.
    for scalar in (0...0x1E943).lazy.compactMap({ Unicode.Scalar(UInt32($0)) }) {
      let folded = scalar.simplyFolded
      if folded != scalar { forms[folded, default: [folded]].append(scalar) }
    }
    return forms.mapValues { $0.sorted() }
  }()
}

import LanguageSupport
import RuleIR
import SourceText

/// Writes predicates as `search` expressions, as far as `search` can say them.
struct SearchPrinter: PredicatePrinter {
  let schema: TargetSchema
  let booleans = SPLSyntax.search

  func constant(_ value: Bool) throws(Diagnostic) -> Fragment {
    value ? Fragment("*") : Fragment("NOT *", binding: booleans.not.binding)
  }

  /// Whether every test of the predicate has a form in `search`.
  func canSay(_ predicate: Predicate) throws(Diagnostic) -> Bool {
    switch predicate {
    case .all(let parts), .any(let parts):
      for part in parts where try !canSay(part) { return false }
      return true
    case .not(let part): return try canSay(part)
    case .presence, .field, .some, .every, .anyField, .rawTerm: return try text(of: predicate) != nil
    }
  }

  func leaf(_ test: Predicate, negated: Bool) throws(Diagnostic) -> Fragment {
    guard let fragment = try text(of: test) else {
      throw Diagnostic(.untranslatable, "search cannot say a test", at: test.origin.range)
    }
    return fragment
  }

  /// The test in `search`; nil where only `where` can say it.
  private func text(of predicate: Predicate) throws(Diagnostic) -> Fragment? {
    switch predicate {
    case .presence(let test): return try text(of: test)
    case .field(let test): return try text(of: test)
    case .rawTerm(let test): return try RawText.term(test)
    case .anyField(let test): return try RawText.anyField(test)
    case .all, .any, .not, .some, .every: return nil
    }
  }

  private func text(of test: PresenceTest) throws(Diagnostic) -> Fragment? {
    guard let name = try SPLField(test.field, in: schema, at: test.origin).inSearch else { return nil }
    switch test.kind {
    case .value: return Fragment("\(name)=*")
    case .single: return nil
    case .key:
      return Fragment(
        "\(name)=*",
        losses: [
          Loss(
            .hasKey, .narrower, because: "an empty list or object, or a null, leaves no field in Splunk",
            at: test.origin)
        ])
    }
  }

  private func text(of test: FieldTest) throws(Diagnostic) -> Fragment? {
    let field = try SPLField(test.field, in: schema, at: test.origin)
    guard let name = field.inSearch, test.subject == .value || test.subject == .spelling else { return nil }
    let isNegated = test.polarity == .someValueFails
    // Whether `!=` looks for a value that differs is documented for single values alone.
    if isNegated, field.isList { return nil }
    let losses = LeafLosses(field: field, subject: test.subject, origin: test.origin)
    switch test.condition {
    case .equals(let literal):
      guard let value = value(of: literal, losses) else { return nil }
      return Fragment("\(name)\(isNegated ? "!=" : "=")\(value.text)", losses: value.losses.flipped(if: isNegated))
    case .matches(let pattern, let textCase):
      guard let value = value(of: pattern, textCase, losses), !(isNegated && pattern.shape == .anything) else {
        return nil
      }
      return Fragment("\(name)\(isNegated ? "!=" : "=")\(value.text)", losses: value.losses.flipped(if: isNegated))
    case .oneOf(let literals):
      return isNegated ? nil : set(name, literals, losses)
    case .order(let order, let literal):
      return isNegated ? nil : self.order(name, order, literal, field, losses)
    case .network(let network):
      guard !isNegated, field.type == .ip else { return nil }
      return Fragment("\(name)=\(SPLText.quoted(network.description))")
    case .regex, .term, .encoded, .field: return nil
    }
  }

  private func set(_ name: String, _ literals: [Literal], _ losses: LeafLosses) -> Fragment? {
    guard !literals.isEmpty else { return nil }
    var texts: [String] = []
    var lost: [Loss] = []
    for literal in literals {
      guard let value = value(of: literal, losses) else { return nil }
      texts.append(value.text)
      lost += value.losses
    }
    return Fragment("\(name) IN (\(texts.joined(separator: ", ")))", losses: lost.unique)
  }

  private func order(
    _ name: String, _ order: Order, _ literal: Literal, _ field: SPLField, _ losses: LeafLosses
  ) -> Fragment? {
    switch literal {
    case .number(let number, _):
      // Beside numbers, `search` compares texts by their letters, so that the field must be known to hold none.
      guard field.type == .number, let text = SPLNumber.plain(number) else { return nil }
      return Fragment("\(name)\(order.rawValue)\(text)")
    case .text(let text, .sensitive):
      guard let value = SPLText.quoted(.exact(text)), !text.isEmpty else { return nil }
      return Fragment("\(name)\(order.rawValue)\(value)", losses: losses.ofTextOrder(text))
    case .untyped(let text, _) where Number(text) != nil:
      guard let written = Number(text).flatMap(SPLNumber.plain) else { return nil }
      return Fragment("\(name)\(order.rawValue)\(written)", losses: losses.ofOpenOrder())
    case .untyped(let text, .sensitive):
      guard let value = SPLText.quoted(.exact(text)), !text.isEmpty else { return nil }
      return Fragment("\(name)\(order.rawValue)\(value)", losses: losses.ofTextOrder(text))
    case .text, .boolean, .untyped: return nil
    }
  }

  private typealias Value = (text: String, losses: [Loss])

  private func value(of literal: Literal, _ losses: LeafLosses) -> Value? {
    switch literal {
    case .text(let text, let textCase):
      guard let value = value(of: .exact(text), textCase) else { return nil }
      return (value, losses.ofText(text, textCase))
    case .untyped(let text, let textCase):
      guard let value = value(of: .exact(text), textCase) else { return nil }
      let folding = losses.ofText(text, textCase).filter { $0.feature == .unicodeFolding }
      return (value, folding + (SPLNumber.isOtherSpelling(text) ? losses.ofUntypedNumber() : []))
    case .number(let number, let reading):
      // Equality compares text: the number must have one spelling.
      guard number.integer != nil, let text = SPLNumber.plain(number),
        reading == .strict || losses.field.type == .number
      else { return nil }
      return (text, losses.ofNumber(.numberEquality, reading))
    case .boolean(let flag): return ("\"\(flag)\"", losses.ofBoolean())
    }
  }

  private func value(of pattern: TextPattern, _ textCase: TextCase, _ losses: LeafLosses) -> Value? {
    if pattern.shape == .anything { return ("*", losses.ofPattern(pattern, textCase)) }
    guard let text = value(of: pattern, textCase) else { return nil }
    return (text, losses.ofPattern(pattern, textCase))
  }

  /// A pattern that ignores case, or has no letter that has one; not one that `search` would take for a network.
  private func value(of pattern: TextPattern, _ textCase: TextCase) -> String? {
    guard textCase == .insensitive || !pattern.literals.contains(where: \.hasCasedLetter) else { return nil }
    if case .exact(let text) = pattern.shape, Network(masking: text) != nil { return nil }
    // A star or two alone would ask for presence.
    return SPLText.quoted(pattern)
  }
}

/// Words and texts anywhere in the raw event.
enum RawText {
  static func term(_ test: RawTermTest) throws(Diagnostic) -> Fragment {
    guard let text = SPLText.quoted(test.term), test.term.shape != .anything else {
      throw Diagnostic.untranslatable(
        .rawTerm, in: "SPL", because: "a search term cannot hold this text", at: test.origin)
    }
    guard test.textCase == .sensitive, test.term.literals.contains(where: \.hasCasedLetter) else {
      return Fragment(text)
    }
    let word = String(text.dropFirst().dropLast())
    guard
      word.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "_.:/@-*".utf8.contains($0) })
    else {
      throw Diagnostic.untranslatable(
        .rawTerm, in: "SPL", because: "CASE() takes a single word", at: test.origin)
    }
    return Fragment("CASE(\(word))")
  }

  static func anyField(_ test: AnyFieldTest) throws(Diagnostic) -> Fragment {
    let found: TextPattern? =
      switch test.condition {
      case .equals(.text(let text, _)), .equals(.untyped(let text, _)): .exact(text)
      case .matches(let pattern, _): pattern
      case .equals, .oneOf, .regex, .order, .network, .term, .encoded, .field: nil
      }
    guard let found else { throw Diagnostic.notYet(.anyField, in: "SPL", at: test.origin) }
    let around = TextPattern([.anyRun] + found.parts + [.anyRun])
    guard let text = SPLText.quoted(around) else {
      throw Diagnostic.untranslatable(
        .anyField, in: "SPL", because: "a value of search cannot hold this text", at: test.origin)
    }
    let isEscaped = found.literals.contains {
      $0.unicodeScalars.contains { !$0.isASCII || "\"\\/".unicodeScalars.contains($0) }
    }
    return Fragment(
      "_raw=\(text)",
      losses: [
        Loss(
          .anyField, isEscaped ? .both : .broader,
          because: "the raw text is searched, with names and across values", at: test.origin)
      ])
  }
}

/// Numbers as `search` has them.
enum SPLNumber {
  /// Whether a text spells a number otherwise than events do, as `200.0` and `007`: equality is one of texts, and
  /// `1` does not match `1.0`.
  ///
  /// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Search
  static func isOtherSpelling(_ text: String) -> Bool {
    guard let number = Number(text) else { return false }
    return number.integer.map { String($0) != text } ?? false
  }

  /// The number in digits; nil where it needs an exponent.
  static func plain(_ number: Number) -> String? {
    if let integer = number.integer { return String(integer) }
    let isPlain = number.text.utf8.allSatisfy {
      (48...57).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
    }
    return isPlain && number.text.utf8.first != UInt8(ascii: ".") ? number.text : nil
  }
}

extension [Loss] {
  func flipped(if isNegated: Bool) -> [Loss] { isNegated ? map(\.negated) : self }

  var unique: [Loss] {
    var seen: Set<Loss> = []
    return filter { seen.insert($0).inserted }
  }
}

extension String {
  /// Whether some letter has another case.
  var hasCasedLetter: Bool {
    unicodeScalars.contains { $0.properties.isCased || $0.properties.changesWhenCaseFolded }
  }
}

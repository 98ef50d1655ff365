import LanguageSupport
import RuleIR
import SourceText

/// Writes what is asked of one value in `where`.
struct WhereCondition {
  private let field: SPLField
  private let subject: FieldTest.Subject
  private let origin: Origin

  init(_ field: SPLField, _ test: FieldTest) {
    self.field = field
    subject = test.subject
    origin = test.origin
  }

  private var value: String { field.inEval }
  private var losses: LeafLosses { LeafLosses(field: field, subject: subject, origin: origin) }

  func text(of condition: Condition) throws(Diagnostic) -> WhereTest {
    switch subject {
    case .value, .spelling: break
    case .length:
      let lost =
        field.type == .text || field.type == .ip || field.type == .date
        ? [] : [Loss(.textLength, .broader, because: "the digits of a number have a length too", at: origin)]
      return WhereTest(try number("len(\(value))", condition), guards: [value], losses: lost)
    case .count: return WhereTest(try number("coalesce(mvcount(\(value)),0)", condition), guards: [])
    case .derived: throw Diagnostic.notYet(.derivedValue, in: "SPL", at: origin)
    case .datePart: throw Diagnostic.notYet(.datePart, in: "SPL", at: origin)
    }
    switch condition {
    case .equals(let literal): return try equals(literal)
    case .oneOf(let literals): return try set(literals)
    case .matches(let pattern, let textCase): return try matches(pattern, textCase)
    case .regex(let regex):
      return WhereTest(
        "match(\(value),\(SPLText.quotedRegex(try SPLRegex.text(regex, at: origin))))", guards: [value],
        losses: losses.ofRegex(regex))
    case .order(let order, let literal): return try self.order(order, literal)
    case .network(let network):
      return WhereTest("cidrmatch(\(SPLText.quoted(network.description)),\(value))", guards: [value])
    case .term(let term):
      guard term.tokenisation == .alphanumericRuns, term.text.unicodeScalars.allSatisfy(\.isASCII) else {
        throw Diagnostic.notYet(.wholeTerm, in: "SPL", at: origin)
      }
      return match(RegexText.term(term), losses.ofPattern(.contains(term.text), term.textCase))
    case .encoded(let encoded): return try self.encoded(encoded)
    case .field: throw Diagnostic.notYet(.fieldRelation, in: "SPL", at: origin)
    }
  }

  /// A number that is computed, compared with one that is written.
  func number(_ text: String, _ condition: Condition) throws(Diagnostic) -> String {
    switch condition {
    case .equals(.number(let number, _)): return "\(text)=\(number.text)"
    case .equals(.untyped(let literal, _)) where Number(literal) != nil: return "\(text)=\(literal)"
    case .order(let order, .number(let number, _)): return "\(text)\(order.rawValue)\(number.text)"
    case .oneOf(let literals):
      var parts: [String] = []
      for literal in literals { parts.append(try number(text, .equals(literal))) }
      return parts.isEmpty ? "false()" : "(\(parts.joined(separator: " OR ")))"
    case .equals, .matches, .regex, .order, .network, .term, .encoded, .field:
      let feature: Feature = subject == .length ? .textLength : .valueCount
      throw Diagnostic.notYet(feature, in: "SPL", at: origin)
    }
  }

  private func match(_ regex: String, _ losses: [Loss]) -> WhereTest {
    WhereTest("match(\(value),\(SPLText.quotedRegex(regex)))", guards: [value], losses: losses)
  }

  // MARK: Equality

  private func equals(_ literal: Literal) throws(Diagnostic) -> WhereTest {
    switch literal {
    case .text(let text, let textCase): return equals(text, textCase, losses.ofText(text, textCase))
    case .untyped(let text, let textCase) where Number(text) != nil:
      return equals(text, textCase, losses.ofUntypedNumber())
    case .untyped(let text, let textCase):
      return equals(text, textCase, losses.ofText(text, textCase).filter { $0.feature == .unicodeFolding })
    case .number(let number, let reading):
      return WhereTest("\(value)=\(number.text)", guards: [value], losses: losses.ofNumber(.numberEquality, reading))
    case .boolean(let flag):
      return WhereTest("lower(\(value))=\"\(flag)\"", guards: [value], losses: losses.ofBoolean())
    }
  }

  private func equals(_ text: String, _ textCase: TextCase, _ lost: [Loss]) -> WhereTest {
    let textCase = text.hasCasedLetter ? textCase : .sensitive
    guard SPLText.isPlain(text) else { return match(RegexText.regex(.exact(text), textCase), lost) }
    let subject = textCase == .sensitive ? value : "lower(\(value))"
    let literal = SPLText.quoted(textCase == .sensitive ? text : SPLText.lowercased(text))
    // Texts that spell numbers would be compared as numbers.
    return Number(text) == nil
      ? WhereTest("\(subject)=\(literal)", guards: [value], losses: lost)
      : WhereTest("like(\(subject),\(literal))", guards: [value], losses: lost)
  }

  private func set(_ literals: [Literal]) throws(Diagnostic) -> WhereTest {
    guard !literals.isEmpty else { return WhereTest("false()", guards: []) }
    var parts: [WhereTest] = []
    for literal in literals { parts.append(try equals(literal)) }
    let lost = parts.flatMap(\.losses).unique
    let prefixes = ["\(value)=", "lower(\(value))="]
    for prefix in prefixes where parts.allSatisfy({ $0.text.hasPrefix("\(prefix)\"") }) {
      let texts = parts.map { $0.text.dropFirst(prefix.utf8.count) }
      return WhereTest("\(prefix.dropLast()) IN (\(texts.joined(separator: ", ")))", guards: [value], losses: lost)
    }
    return WhereTest("(\(parts.map(\.text).joined(separator: " OR ")))", guards: [value], losses: lost)
  }

  // MARK: Encoded texts

  /// Each form as a pattern; the dash class, which is one of single characters, as an expression.
  private func encoded(_ encoded: EncodedText) throws(Diagnostic) -> WhereTest {
    let text = encoded.text.literals.joined()
    if encoded.encodings == [.windash], !encoded.text.hasWildcard {
      return match(RegexText.dashes(encoded), losses.ofPattern(.contains(text), encoded.textCase))
    }
    let forms = encoded.forms
    guard !encoded.text.hasWildcard, !encoded.encodings.contains(.windash),
      forms.allSatisfy({ $0.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) } })
    else {
      let feature: Feature = encoded.encodings.contains(.windash) ? .dashClass : .encodedText
      throw Diagnostic.untranslatable(
        feature, in: "SPL", because: "the encoded form has bytes that are no text of ASCII", at: origin)
    }
    var parts: [WhereTest] = []
    for form in forms { parts.append(try matches(encoded.pattern(of: form), encoded.textCase)) }
    guard parts.count > 1 else { return parts[0] }
    let joined = parts.map(\.text).joined(separator: " OR ")
    return WhereTest("(\(joined))", guards: [value], losses: parts.flatMap(\.losses).unique)
  }

  // MARK: Patterns and order

  private func matches(_ pattern: TextPattern, _ textCase: TextCase) throws(Diagnostic) -> WhereTest {
    let lost = losses.ofPattern(pattern, textCase)
    if pattern.shape == .anything { return WhereTest("isnotnull(\(value))", guards: [], losses: lost) }
    let textCase = pattern.literals.contains(where: \.hasCasedLetter) ? textCase : .sensitive
    let isPlain = pattern.literals.allSatisfy { SPLText.isPlain($0) && !$0.contains("%") && !$0.contains("_") }
    guard isPlain else { return match(RegexText.regex(pattern, textCase), lost) }
    let text = pattern.parts.map { part in
      switch part {
      case .anyRun: "%"
      case .anyScalar: "_"
      case .literal(let literal): textCase == .sensitive ? literal : SPLText.lowercased(literal)
      }
    }.joined()
    let subject = textCase == .sensitive ? value : "lower(\(value))"
    return WhereTest("like(\(subject),\(SPLText.quoted(text)))", guards: [value], losses: lost)
  }

  private func order(_ order: Order, _ literal: Literal) throws(Diagnostic) -> WhereTest {
    switch literal {
    case .number where subject == .spelling:
      throw Diagnostic.notYet(.numberOrder, in: "SPL", at: origin)
    case .number(let number, let reading):
      let lost = losses.ofNumber(.numberOrder, reading)
      if field.type == .number { return WhereTest("\(value)\(order.rawValue)\(number.text)", guards: [value]) }
      let read = "tonumber(\(value))"
      return WhereTest("\(read)\(order.rawValue)\(number.text)", guards: [read], losses: lost)
    case .text(let text, let textCase):
      guard SPLText.isPlain(text) else {
        throw Diagnostic.untranslatable(
          .textOrder, in: "SPL", because: "the text has characters that quotes cannot hold", at: origin)
      }
      let subject = textCase == .sensitive ? value : "lower(\(value))"
      let written = SPLText.quoted(textCase == .sensitive ? text : SPLText.lowercased(text))
      return WhereTest("\(subject)\(order.rawValue)\(written)", guards: [value], losses: losses.ofTextOrder(text))
    case .untyped(let text, let textCase):
      guard let number = Number(text) else { return try self.order(order, .text(text, textCase)) }
      let written = SPLNumber.plain(number) ?? SPLText.quoted(text)
      return WhereTest("\(value)\(order.rawValue)\(written)", guards: [value], losses: losses.ofOpenOrder())
    case .boolean:
      throw Diagnostic.untranslatable(.numberOrder, in: "SPL", because: "booleans have no order", at: origin)
    }
  }
}

/// Writes regular expressions for PCRE, which Splunk uses.
enum SPLRegex {
  static func text(_ regex: RegexPattern, at origin: Origin) throws(Diagnostic) -> String {
    try refuseOthers(regex, origin)
    let known: [(RegexPattern.Flags, String)] = [(.ignoreCase, "i"), (.multiline, "m"), (.dotAll, "s")]
    let letters = known.filter { regex.flags.contains($0.0) }.map(\.1).joined()
    let flags = letters.isEmpty ? "" : "(?\(letters))"
    guard SPLText.isPlain(regex.text) else {
      throw Diagnostic.untranslatable(
        .regexSearch, in: "SPL", because: "it has characters that quotes cannot hold", at: origin)
    }
    let text = closingEnds(regex)
    switch regex.anchoring {
    case .search: return flags + text
    case .start: return "\(flags)\\A(?:\(text))"
    case .whole: return "\(flags)\\A(?:\(text))\\z"
    }
  }

  /// The text with `\z` for `$` where that is the very end: PCRE's `$` also matches before a last line end.
  private static func closingEnds(_ regex: RegexPattern) -> String {
    switch regex.flavour {
    case .pcre, .python, .lucene: return regex.text
    case .sigma, .rust: break
    }
    guard !regex.flags.contains(.multiline), !regex.text.contains("(?") else { return regex.text }
    var out = ""
    var isEscape = false
    var isClass = false
    for scalar in regex.text.unicodeScalars {
      let isEnd = scalar == "$" && !isEscape && !isClass
      out += isEnd ? "\\z" : String(scalar)
      if !isEscape, scalar == "[" { isClass = true }
      if !isEscape, scalar == "]" { isClass = false }
      isEscape = !isEscape && scalar == "\\"
    }
    return out
  }

  /// Refuses what PCRE reads otherwise than the expression's own flavour.
  private static func refuseOthers(_ regex: RegexPattern, _ origin: Origin) throws(Diagnostic) {
    let foreign: [String]
    switch regex.flavour {
    case .sigma, .pcre: return
    case .python: foreign = ["\\Z", "(?a", "(?L", "(?u"]
    case .rust: foreign = ["&&", "--", "~~", "\\u", "\\U", "(?R", "(?u", "(?-u", "\\<", "\\>", "\\b{"]
    case .lucene: foreign = [""]
    }
    guard let found = foreign.first(where: { $0.isEmpty || regex.text.contains($0) }) else { return }
    let what = found.isEmpty ? "Lucene's syntax is not that of PCRE" : "'\(found)' means something else in PCRE"
    throw Diagnostic.untranslatable(.regexSearch, in: "SPL", because: what, at: origin)
  }
}

import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Writes tests of every field: as keywords, and with keyless modifiers where a keyword is not enough.
enum AnyFieldWriter {
  static func search(for condition: Condition, at origin: Origin) throws(Diagnostic) -> Search {
    switch condition {
    case .matches(let pattern, let textCase): return search(for: pattern, textCase)
    case .equals(let literal): return .maps([[try equality(literal, at: origin)]])
    case .oneOf(let literals):
      var maps: [[Item]] = []
      for literal in literals { maps.append([try equality(literal, at: origin)]) }
      return .maps(maps)
    case .regex(let regex): return .maps([[try RegexWriter.item(regex, "", at: origin)]])
    case .network(let network):
      return .maps([[Item("", .comparing(.network), [.text(network.description)])]])
    case .encoded(let encoded) where encoded.extent != .whole:
      var chain = encoded.textCase == .sensitive ? ModifierChain.cased : ModifierChain()
      chain.encodings = encoded.encodings
      chain.extent = encoded.extent
      return .maps([[Item("", chain, [.text(SigmaText.text(of: encoded.text))])]])
    case .encoded, .order, .term, .field:
      throw .untranslatable(.anyField, in: "sigma", because: "a keyword is a text or a pattern", at: origin)
    }
  }

  /// A keyword stands anywhere in a value; one that starts or ends it takes a modifier.
  private static func search(for pattern: TextPattern, _ textCase: TextCase) -> Search {
    let isCased = textCase == .sensitive && pattern.literals.contains(where: \.hasCase)
    var chain = isCased ? ModifierChain.cased : ModifierChain()
    let parts = pattern.parts
    let opens = parts.first == .anyRun
    let closes = parts.last == .anyRun
    guard opens || closes else { return .maps([[whole(pattern, textCase)]]) }
    let inner = TextPattern(Array(parts.dropFirst(opens ? 1 : 0).dropLast(closes && parts.count > 1 ? 1 : 0)))
    let text = OutputNode.text(inner.parts.isEmpty ? "*" : SigmaText.text(of: inner))
    if opens, closes, !isCased { return .keywords([text]) }
    chain.extent = opens ? (closes ? .contains : .suffix) : .prefix
    return .maps([[Item("", chain, [text])]])
  }

  private static func whole(_ pattern: TextPattern, _ textCase: TextCase) -> Item {
    let flags: RegexPattern.Flags = textCase == .insensitive ? [.ignoreCase, .dotAll] : .dotAll
    return Item("", .comparing(.regex(flags)), [.text(RegexWriter.text(of: pattern))])
  }

  private static func equality(_ literal: Literal, at origin: Origin) throws(Diagnostic) -> Item {
    switch literal {
    case .text(let text, let textCase): return whole(.exact(text), textCase)
    case .untyped(let text, let textCase) where Number(text) == nil: return whole(.exact(text), textCase)
    case .untyped, .number, .boolean:
      throw .untranslatable(.anyField, in: "sigma", because: "a keyword is a text, not a number", at: origin)
    }
  }
}

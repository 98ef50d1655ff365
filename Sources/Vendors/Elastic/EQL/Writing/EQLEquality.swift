import LanguageSupport
import RuleIR
import SourceText

/// Writes equalities, each literal as the field's type asks for it.
struct EQLEquality {
  private let base: EQLTestPrinter

  init(_ base: EQLTestPrinter) { self.base = base }

  func pieces(_ literals: [Literal]) throws(Diagnostic) -> [EQLPiece] {
    let pieces = literals.compactMap(piece)
    return pieces.isEmpty ? [EQLTestPrinter.false] : pieces
  }

  /// One literal; nil where no value of the field can be it.
  private func piece(_ literal: Literal) -> EQLPiece? {
    switch literal {
    case .text(let text, let textCase): return self.text(text, textCase)
    case .number(let number, .strict): return isOrMayBe(.number) ? plain(EQLSpelling.number(number)) : nil
    case .number(let number, .coercing): return coercing(number)
    case .boolean(let flag): return isOrMayBe(.boolean) ? plain(flag ? "true" : "false") : nil
    case .untyped(let text, let textCase): return untyped(text, textCase)
    }
  }

  private func isOrMayBe(_ type: TargetSchema.FieldType) -> Bool { base.type == type || base.type == nil }

  private func plain(_ value: String, losses: [Loss] = []) -> EQLPiece {
    base.clause(base.name.text, .equal, value, losses: losses)
  }

  private func text(_ text: String, _ textCase: TextCase) -> EQLPiece? {
    switch base.type {
    case .number, .boolean, .object: nil
    case .ip, .date: plain(EQLSpelling.text(text))
    case .text, nil: EQLTextPrinter(base, subject: base.name.text).equals(text, textCase)
    }
  }

  private func untyped(_ text: String, _ textCase: TextCase) -> EQLPiece? {
    switch base.type {
    case .text, .ip, .date: return self.text(text, textCase)
    case .number: return Number(text).map { plain(EQLSpelling.number($0)) }
    case .boolean: return ["true", "false"].first { $0 == textCase.key(text) }.map { plain($0) }
    case .object, nil:
      guard text.isTypedSpelling else { return EQLTextPrinter(base, subject: base.name.text).equals(text, textCase) }
      return spelled(text, textCase, .untypedLiteral)
    }
  }

  private func coercing(_ number: Number) -> EQLPiece? {
    switch base.type {
    case .number: plain(EQLSpelling.number(number))
    case .text: plain(EQLSpelling.text(number.text), losses: [spelledLoss(.numberFromText)])
    case .ip, .date, .boolean: nil
    case .object, nil: spelled(number.text, .sensitive, .numberFromText)
    }
  }

  /// A literal that may be a text or a number, compared with what the value spells.
  private func spelled(_ text: String, _ textCase: TextCase, _ feature: Feature) -> EQLPiece {
    guard
      case .clause(let clause, let losses) = EQLTextPrinter(base, subject: "string(\(base.name.text))")
        .equals(text, textCase)
    else { return EQLTestPrinter.false }
    return .clause(clause, losses: losses + (Number(text) == nil ? [] : [spelledLoss(feature)]))
  }

  private func spelledLoss(_ feature: Feature) -> Loss {
    base.lost(feature, .narrower, "a number that is spelled in another way is not found")
  }
}

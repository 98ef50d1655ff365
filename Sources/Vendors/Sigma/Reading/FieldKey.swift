import LanguageSupport
import RuleIR
import SourceText

/// The key of an item: a field's name and the modifiers behind it.
///
///     key = [ field ] { "|" modifier } ;
struct FieldKey: Sendable {
  /// Nil where the key has none: then the item is about every field.
  var field: FieldPath?
  var chain: ModifierChain
  var range: SourceRange
  /// What stands behind the key must be a block about so many elements.
  var quantifier: ArrayName.Quantifier?
  /// The place of `all`, if it is there.
  var allRange: SourceRange?

  init(_ key: Passage, _ dialect: SigmaDialect = SigmaDialect()) throws(Diagnostic) {
    let pieces = Self.split(key)
    let name = pieces[0]
    try Self.refuseHidden(in: name)
    switch dialect.brackets {
    case .literal: field = name.bytes.isEmpty ? nil : FieldPath(named: name.text)
    case .selectors:
      let name = try ArrayName(name)
      field = pieces[0].bytes.isEmpty ? nil : name.path
      quantifier = name.quantifier
    }
    range = key.wholeRange
    var reader = ModifierChainReader()
    for piece in pieces.dropFirst() { try reader.add(piece) }
    chain = reader.chain
    allRange = reader.allRange
    if field == nil { try reader.refuseWithoutField(at: key.wholeRange) }
    if quantifier != nil, pieces.count > 1 {
      throw Diagnostic(
        .invalidModifierChain, "a block about elements takes no modifiers", at: pieces[1].wholeRange,
        label: "behind a quantifier", help: "put the modifier on a key inside; '.' is the element itself")
    }
  }

  private static func split(_ key: Passage) -> [Passage] {
    var pieces: [Passage] = []
    var start = 0
    for (index, byte) in key.bytes.enumerated() where byte == UInt8(ascii: "|") {
      pieces.append(key.slice(start..<index))
      start = index + 1
    }
    return pieces + [key.slice(start..<key.bytes.count)]
  }

  /// A name that looks like another is a trap: no hidden character may stand in it, and no letters of two scripts.
  private static func refuseHidden(in name: Passage) throws(Diagnostic) {
    if let finding = HiddenCharacter.first(in: name) {
      throw Diagnostic(
        .hiddenCharacter, "a field's name holds the hidden character \(finding.name)", at: finding.range,
        label: "\(finding.name) stands here", help: "write the name without it")
    }
    if let finding = HiddenCharacter.firstLookalike(in: name) {
      throw Diagnostic(
        .hiddenCharacter, "a field's name mixes Latin letters with \(finding.name), which looks like one",
        at: finding.range, label: "\(finding.name) stands here", help: "write the name in one script")
    }
  }
}

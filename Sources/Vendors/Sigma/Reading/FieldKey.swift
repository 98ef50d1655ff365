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
  /// The place of `all`, if it is there.
  var allRange: SourceRange?

  init(_ key: Passage) throws(Diagnostic) {
    let pieces = Self.split(key)
    let name = pieces[0]
    try Self.refuseHidden(in: name)
    field = name.bytes.isEmpty ? nil : FieldPath(named: name.text)
    range = key.wholeRange
    var reader = ModifierChainReader()
    for piece in pieces.dropFirst() { try reader.add(piece) }
    chain = reader.chain
    allRange = reader.allRange
    if field == nil { try reader.refuseWithoutField(at: key.wholeRange) }
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

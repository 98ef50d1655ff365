import LanguageSupport
import RuleIR
import SourceText

/// How a path is named in a rule: its keys joined by dots.
enum FieldName {
  static func text(of path: FieldPath, at origin: Origin) throws(Diagnostic) -> String {
    var keys: [String] = []
    for step in path.steps {
      switch step {
      case .key(let key): keys.append(key)
      // A plain name asks whether any element passes, and so does this.
      case .each: continue
      case .index: throw .notYet(.listIndex, in: "sigma", at: origin)
      case .keyPattern:
        throw .untranslatable(.keyPattern, in: "sigma", because: "a field's name holds no wildcards", at: origin)
      }
    }
    let name = keys.joined(separator: ".")
    let passage = Passage(text: name)
    guard !name.isEmpty, !name.contains("|"), HiddenCharacter.first(in: passage) == nil,
      HiddenCharacter.firstLookalike(in: passage) == nil
    else {
      throw Diagnostic(
        .untranslatable, "sigma cannot name the field '\(path)'", at: origin.range,
        label: "a name must not be empty, nor hold a bar, a hidden character or letters of two scripts")
    }
    return name
  }
}

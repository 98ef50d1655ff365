import LanguageSupport
import RuleIR
import SourceText

/// How a path is named in a rule: its keys joined by dots.
struct FieldName {
  let brackets: SigmaDialect.Brackets

  init(_ brackets: SigmaDialect.Brackets = .literal) { self.brackets = brackets }

  func text(of path: FieldPath, at origin: Origin) throws(Diagnostic) -> String {
    if path.steps.isEmpty, brackets == .selectors { return "." }
    var name = ""
    for step in path.steps {
      switch step {
      case .key(let key): name += (name.isEmpty ? "" : ".") + escaped(key)
      // A plain name asks whether any element passes, and so does this.
      case .each: continue
      case .index(let index):
        guard brackets == .selectors, !name.isEmpty else {
          throw .untranslatable(.listIndex, in: "sigma", because: "no element can be named here", at: origin)
        }
        name += "[\(index)]"
      case .keyPattern:
        throw .untranslatable(.keyPattern, in: "sigma", because: "a field's name holds no wildcards", at: origin)
      }
    }
    let passage = Passage(text: name)
    guard !name.isEmpty, name != ".", !name.contains("|"), HiddenCharacter.first(in: passage) == nil,
      HiddenCharacter.firstLookalike(in: passage) == nil, isReadBack(passage, path)
    else {
      throw Diagnostic(
        .untranslatable, "sigma cannot name the field '\(path)'", at: origin.range,
        label: "a name must not be empty, nor hold a bar, a hidden character or letters of two scripts")
    }
    return name
  }

  private func escaped(_ key: String) -> String {
    guard brackets == .selectors else { return key }
    return String(key.flatMap { $0 == "[" || $0 == "]" ? ["\\", $0] : [$0] })
  }

  /// A backslash before a bracket, or a dot behind one, would be read as something else.
  private func isReadBack(_ name: Passage, _ path: FieldPath) -> Bool {
    guard brackets == .selectors else { return true }
    guard let read = try? ArrayName(name), read.quantifier == nil else { return false }
    return read.path.joiningKeys == FieldPath(path.steps.filter { $0 != .each }).joiningKeys
  }
}

extension FieldPath {
  /// The path with keys that follow each other joined to dotted names.
  fileprivate var joiningKeys: FieldPath {
    FieldPath(
      steps.reduce(into: []) { joined, step in
        if case .key(let key) = step, case .key(let last)? = joined.last {
          joined[joined.count - 1] = .key("\(last).\(key)")
        } else {
          joined.append(step)
        }
      })
  }
}

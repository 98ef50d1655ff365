import SourceText
import Translation

/// What `check` finds in rules.
struct CheckRun {
  /// What there is to say of one rule; of a whole file or of several rules where the title is empty.
  struct Finding {
    var path: String
    var title: String
    var diagnostics: [Diagnostic]

    /// Puts what is said of one file in the order of places.
    fileprivate mutating func sort() {
      guard !path.isEmpty else { return }
      let keyed = diagnostics.enumerated().map { ($1.primary?.range.start ?? -1, $0, $1) }
      diagnostics = keyed.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    /// The file as a suite of tests; of several, a name for them all.
    var suite: String { path.isEmpty ? "rules" : path }
  }

  /// How mappings that lack something are taken.
  enum Mappings {
    /// A rule may look at events that no mapping is about, and at fields that it leaves out.
    case lenient
    /// What was asked for on the command line holds.
    case asAsked
  }

  private(set) var findings: [Finding] = []
  let rules: [LoadedRule]
  /// The number of rules whose fields nothing is known of.
  private(set) var unmapped = 0

  init(_ rules: [LoadedRule], by translator: Translator, mappings: Mappings) {
    self.rules = rules
    var linted: Set<String> = []
    for rule in rules {
      if !rule.form.isEmpty, linted.insert(rule.path).inserted {
        add(rule.path, "", translator.lint(rule.range.file, form: rule.form))
      }
      var own = rule.diagnostics
      if mappings == .lenient {
        if own.contains(where: { $0.code == .unmappedSource }) { unmapped += 1 }
        own.removeAll { $0.code == .unmappedSource || $0.code == .unmappedField }
      }
      add(rule.path, rule.title, own + translator.lint(rule))
    }
    add("", "", FolderLint(rules, by: translator).diagnostics)
    removeDoubles()
    for index in findings.indices { findings[index].sort() }
  }

  private mutating func add(_ path: String, _ title: String, _ diagnostics: [Diagnostic]) {
    if !diagnostics.isEmpty || !title.isEmpty {
      findings.append(Finding(path: path, title: title, diagnostics: diagnostics))
    }
  }

  /// Two passes may say the same of one place: the one that knows a fix is kept, or else the first.
  private mutating func removeDoubles() {
    struct Key: Hashable {
      var code: DiagnosticCode
      var range: SourceRange?
      var message: String
    }
    func key(_ diagnostic: Diagnostic) -> Key {
      // Of a scalar that readers differ in, two passes speak in different words.
      let message = diagnostic.code == .ambiguousScalar ? "" : diagnostic.message
      return Key(code: diagnostic.code, range: diagnostic.primary?.range, message: message)
    }
    var fixable: Set<Key> = []
    for diagnostic in diagnostics where !diagnostic.fix.isEmpty { fixable.insert(key(diagnostic)) }
    var seen: Set<Key> = []
    for index in findings.indices {
      findings[index].diagnostics.removeAll { diagnostic in
        let own = key(diagnostic)
        if diagnostic.fix.isEmpty, fixable.contains(own) { return true }
        return !seen.insert(own).inserted
      }
    }
  }

  /// Everything, by rule.
  var diagnostics: [Diagnostic] { findings.flatMap(\.diagnostics) }
}

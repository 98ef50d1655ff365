import Documents
import LanguageSupport
import RuleIR
import SourceText

/// Mistakes in the text of Sigma's rule files that change nothing of what is read.
struct SigmaLint {
  private(set) var diagnostics: [Diagnostic] = []

  /// Looks at every document of a file; one that is no YAML has been told by its reading.
  init(_ file: SourceFile) {
    guard let documents = try? YAMLReader.read(file) else { return }
    for document in documents { check(document) }
  }

  private mutating func check(_ document: DocumentNode) {
    for key in ["detection", "filter"] {
      guard let node = document[key] else { continue }
      diagnostics += node.ambiguousScalars.map(Self.quoting)
      checkSelections(of: node)
    }
    for key in ["date", "modified"] { checkDay(document[key]) }
    checkStatus(document["status"])
  }

  /// The finding with its fix: in quotes every reader takes the value for the text that it is to Sigma.
  private static func quoting(_ finding: Diagnostic) -> Diagnostic {
    guard let range = finding.primary?.range, !range.text.contains("'") else { return finding }
    var finding = finding
    finding.fix = [Edit(range, "'\(range.text)'")]
    return finding
  }

  // MARK: - Selections

  private mutating func checkSelections(of detection: DocumentNode) {
    let own = (detection.members ?? []).filter { !["condition", "timeframe", "rules"].contains($0.key.text) }
    guard let condition = detection["condition"] else { return }
    var selections = Selections()
    for member in own { selections.add(member.key.text, nil, at: member.key.range) }
    let used = Self.used(in: condition, of: selections)
    for selection in selections.all where !used.contains(selection.name) {
      diagnostics.append(
        Diagnostic(
          .unusedSelection, "the condition does not use '\(selection.name.prefix(60))'", severity: .warning,
          at: selection.range, label: "has no part in the rule",
          secondary: [.init(condition.range, "the condition")]))
    }
  }

  /// The names that a condition, or one of several, means.
  private static func used(in condition: DocumentNode, of selections: Selections) -> Set<String> {
    var used: Set<String> = []
    for text in condition.texts {
      let words = text.split { $0.isWhitespace || $0 == "(" || $0 == ")" || $0 == "|" }.map(String.init)
      for (index, word) in words.enumerated() {
        if selections[word] != nil { used.insert(word) }
        guard index > 0, words[index - 1].lowercased() == "of" else { continue }
        used.formUnion(selections.matching(word).map(\.name))
      }
    }
    return used
  }

  // MARK: - What a rule says of itself

  /// A day with slashes, as rules had it before version 2 of the specification.
  private mutating func checkDay(_ node: DocumentNode?) {
    guard let scalar = node?.scalar, scalar.text.contains("/") else { return }
    let parts = scalar.text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ part in part.utf8.allSatisfy { (48...57).contains($0) } }) else {
      return
    }
    let isWhole = parts.map(\.utf8.count) == [4, 2, 2]
    diagnostics.append(
      Diagnostic(
        .invalidValue, "a day is written with dashes", severity: .info, at: scalar.range,
        label: "has slashes", help: "write YYYY-MM-DD",
        fix: isWhole && scalar.style == .plain ? [Edit(scalar.range, parts.joined(separator: "-"))] : []))
  }

  /// The states that the specification knows.
  ///
  /// <https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html#status>
  private static let states = ["stable", "test", "experimental", "deprecated", "unsupported"]

  private mutating func checkStatus(_ node: DocumentNode?) {
    guard let scalar = node?.scalar, scalar.kind != .null, !Self.states.contains(scalar.text) else { return }
    diagnostics.append(
      Diagnostic(
        .invalidValue, "'\(scalar.text.prefix(60))' is no status", severity: .warning, at: scalar.range,
        label: "no such status", notes: ["known are \(Self.states.joined(separator: ", "))"],
        help: nearestName(to: scalar.text, among: Self.states).map { "did you mean '\($0)'?" }))
  }
}

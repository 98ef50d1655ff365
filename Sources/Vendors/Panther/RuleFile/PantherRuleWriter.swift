import Documents
public import LanguageSupport
public import RuleIR
public import SourceText

/// Writes a rule as Panther keeps it: Python with a `rule` function, and YAML beside it with the metadata and tests.
///
/// https://docs.panther.com/detections/rules/python
public enum PantherRuleWriter: RuleWriter {
  public static let name = "panther"
  public static let fileExtension = ".py"

  public static func write(_ rule: Rule, for schema: TargetSchema) throws(Diagnostic) -> WrittenRule {
    let printer = PantherPrinter(schema: schema)
    var functions = ""
    var losses: [Loss] = []
    var counting: PantherCounting?
    switch rule.body {
    case .predicate(let predicate):
      functions = try function(predicate, printer, &losses)
    case .threshold(let threshold):
      let counted = try PantherCounting(threshold, schedule: rule.metadata.schedule, schema: schema)
      functions = try function(counted.predicate, printer, &losses) + counted.functions(printer)
      losses += counted.losses
      counting = counted
    case .newTerms(let terms): throw .notYet(.newTerms, in: Panther.language, at: terms.origin)
    case .sequence(let sequence):
      throw .notYet(
        sequence.ordering == .ordered ? .orderedSequence : .unorderedSequence, in: Panther.language,
        at: sequence.origin)
    case .unmodelled(let rest):
      throw Diagnostic(
        .untranslatable, "panther gets no rule of which the meaning is not known", at: rest.origin.range,
        label: rest.reason)
    }
    let python = try PythonPrelude.needed(by: functions) + functions
    var document = PantherDocument(rule, schema: schema, counting: counting)
    let yaml = document.write()
    return WrittenRule(
      text: python, companions: [.init(fileExtension: ".yml", text: yaml)], losses: losses, notes: document.notes)
  }

  public static func renamed(_ written: WrittenRule, to stem: String) -> WrittenRule {
    var renamed = written
    for index in renamed.companions.indices {
      let lines = renamed.companions[index].text.split(separator: "\n", omittingEmptySubsequences: false)
      renamed.companions[index].text = lines.map { line in
        // A key of the document itself: whatever a text holds is indented.
        line.hasPrefix("Filename: ")
          ? YAMLWriter.write(.mapping([.init("Filename", .text("\(stem).py"))])).trimmingLineEnd : String(line)
      }.joined(separator: "\n")
    }
    return renamed
  }

  private static func function(
    _ predicate: Predicate, _ printer: PantherPrinter, _ losses: inout [Loss]
  ) throws(Diagnostic) -> String {
    var lines: [String] = []
    let parts: [Predicate]
    if case .all(let several) = predicate, several.count > 1 { parts = several } else { parts = [predicate] }
    for part in parts {
      let fragment = try printer.print(part)
      let isJoined = fragment.binding < printer.booleans.and.binding && parts.count > 1
      lines.append(isJoined ? "(\(fragment.text))" : fragment.text)
      losses += fragment.losses
    }
    let text: String
    if lines.count == 1, lines[0].utf8.count <= 100 {
      text = "def rule(event):\n    return \(lines[0])\n"
    } else {
      text = "def rule(event):\n    return (\n        \(lines.joined(separator: "\n        and "))\n    )\n"
    }
    try checkDepth(text, at: predicate.origin)
    return text
  }

  /// Python itself gives up at 200 brackets inside one another.
  private static func checkDepth(_ text: String, at origin: Origin) throws(Diagnostic) {
    var depth = 0
    for token in try PythonLexer.tokens(of: Passage(text: text)) {
      if [.symbol("("), .symbol("[")].contains(token.kind) { depth += 1 }
      if [.symbol(")"), .symbol("]")].contains(token.kind) { depth -= 1 }
      guard depth <= 150 else {
        throw Diagnostic(
          .nestedTooDeeply, "the rule nests too deeply for Python", at: origin.range,
          label: "more than 150 brackets inside one another")
      }
    }
  }
}

extension String {
  fileprivate var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}

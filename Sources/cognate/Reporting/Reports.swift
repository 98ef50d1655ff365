import RuleIR
import SourceText
import Translation

/// Machine-readable reports.
enum Reports {
  static func testJSON(_ cases: [ReportCase], mutations: EventValue?) -> String {
    let list = cases.map { example -> EventValue in
      [
        "suite": .string(example.suite), "name": .string(example.name), "passed": .boolean(example.failures.isEmpty),
        "generated": .boolean(example.isGenerated), "failures": .list(example.failures.map { .string($0) }),
      ]
    }
    var root = EventObject()
    root["schema"] = "cognate.test/1"
    root["cases"] = .list(list)
    if let mutations { root["mutations"] = mutations }
    return EventValue.object(root).json + "\n"
  }

  /// Diagnostics as JSON.
  static func json(_ diagnostics: [Diagnostic], rules: Int) -> String {
    var counts = EventObject()
    for severity in Diagnostic.Severity.allCases.reversed() {
      counts[severity.rawValue] = .number(Number(diagnostics.filter { $0.severity == severity }.count))
    }
    let root: EventValue = [
      "schema": "cognate.check/1", "rules": .number(Number(rules)), "counts": .object(counts),
      "diagnostics": .list(diagnostics.map(value)),
    ]
    return root.json + "\n"
  }

  private static func value(_ diagnostic: Diagnostic) -> EventValue {
    var object = EventObject()
    object["code"] = .string(diagnostic.code.rawValue)
    object["severity"] = .string(diagnostic.severity.rawValue)
    object["message"] = .string(diagnostic.message)
    if let range = diagnostic.primary?.range { add(range, to: &object) }
    if let text = diagnostic.primary?.text, !text.isEmpty { object["label"] = .string(text) }
    object["notes"] = .list(diagnostic.notes.map { .string($0) })
    if let help = diagnostic.help { object["help"] = .string(help) }
    if !diagnostic.secondary.isEmpty {
      object["related"] = .list(
        diagnostic.secondary.map { label in
          var related = EventObject()
          add(label.range, to: &related)
          related["label"] = .string(label.text)
          return .object(related)
        })
    }
    if !diagnostic.fix.isEmpty {
      object["fix"] = .list(
        diagnostic.fix.map { edit in
          var change = EventObject()
          add(edit.range, to: &change)
          change["replacement"] = .string(edit.replacement)
          return .object(change)
        })
    }
    return .object(object)
  }

  /// The file, the line and column where the range starts, and its bytes.
  private static func add(_ range: SourceRange, to object: inout EventObject) {
    object["file"] = .string(range.file.name)
    object["line"] = .number(Number(range.line))
    object["column"] = .number(Number(range.column))
    object["start"] = .number(Number(range.start))
    object["end"] = .number(Number(range.end))
  }
}

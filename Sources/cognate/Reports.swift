import RuleIR
import SourceText
import Translation

/// A case of a report, with what went wrong.
struct ReportCase {
  var suite: String
  var name: String
  var failures: [String]
}

/// Machine-readable reports.
enum Reports {
  /// JUnit XML, as CI systems read it.
  static func junit(_ cases: [ReportCase]) -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let failed = cases.filter { !$0.failures.isEmpty }.count
    text += "<testsuites tests=\"\(cases.count)\" failures=\"\(failed)\">\n"
    var suites: [String] = []
    for example in cases where !suites.contains(example.suite) { suites.append(example.suite) }
    for suite in suites {
      let own = cases.filter { $0.suite == suite }
      text += "  <testsuite name=\"\(escaped(suite))\" tests=\"\(own.count)\" "
      text += "failures=\"\(own.filter { !$0.failures.isEmpty }.count)\">\n"
      for example in own {
        text += "    <testcase classname=\"\(escaped(suite))\" name=\"\(escaped(example.name))\""
        if example.failures.isEmpty {
          text += "/>\n"
        } else {
          let message = escaped(example.failures.joined(separator: "\n"))
          text += "><failure message=\"\(escaped(example.failures[0]))\">\(message)</failure></testcase>\n"
        }
      }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  static func testJSON(_ cases: [ReportCase]) -> String {
    let list = cases.map { example -> EventValue in
      [
        "suite": .string(example.suite), "name": .string(example.name), "passed": .boolean(example.failures.isEmpty),
        "failures": .list(example.failures.map { .string($0) }),
      ]
    }
    let root: EventValue = ["schema": "cognate.test/1", "cases": .list(list)]
    return root.json + "\n"
  }

  /// Diagnostics as JSON.
  static func json(_ diagnostics: [Diagnostic], rules: Int) -> String {
    let root: EventValue = [
      "schema": "cognate.check/1", "rules": .number(Number(rules)),
      "diagnostics": .list(diagnostics.map(value)),
    ]
    return root.json + "\n"
  }

  private static func value(_ diagnostic: Diagnostic) -> EventValue {
    var object = EventObject()
    object["code"] = .string(diagnostic.code.rawValue)
    object["severity"] = .string(diagnostic.severity.rawValue)
    object["message"] = .string(diagnostic.message)
    if let range = diagnostic.primary?.range {
      object["file"] = .string(range.file.name)
      object["line"] = .number(Number(range.line))
      object["column"] = .number(Number(range.column))
      object["start"] = .number(Number(range.start))
      object["end"] = .number(Number(range.end))
    }
    if let text = diagnostic.primary?.text, !text.isEmpty { object["label"] = .string(text) }
    object["notes"] = .list(diagnostic.notes.map { .string($0) })
    if let help = diagnostic.help { object["help"] = .string(help) }
    return .object(object)
  }

  /// Diagnostics as SARIF 2.1.0.
  static func sarif(_ diagnostics: [Diagnostic]) -> String {
    let codes = Array(Set(diagnostics.map(\.code))).sorted { $0.rawValue < $1.rawValue }
    let rules = codes.map { code -> EventValue in
      ["id": .string(code.rawValue), "fullDescription": ["text": .string(code.explanation)]]
    }
    let results = diagnostics.map { diagnostic -> EventValue in
      var object = EventObject()
      object["ruleId"] = .string(diagnostic.code.rawValue)
      object["level"] = .string(sarifLevel(diagnostic.severity))
      let text = ([diagnostic.message] + diagnostic.notes).joined(separator: "\n")
      object["message"] = ["text": .string(text)]
      if let range = diagnostic.primary?.range {
        let end = SourceRange(file: range.file, start: range.end, end: range.end)
        object["locations"] = [
          [
            "physicalLocation": [
              "artifactLocation": ["uri": .string(range.file.name)],
              "region": [
                "startLine": .number(Number(range.line)), "startColumn": .number(Number(range.column)),
                "endLine": .number(Number(end.line)), "endColumn": .number(Number(end.column)),
              ],
            ]
          ]
        ]
      }
      return .object(object)
    }
    let root: EventValue = [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
      "runs": [["tool": ["driver": ["name": "cognate", "rules": .list(rules)]], "results": .list(results)]],
    ]
    return root.json + "\n"
  }

  private static func sarifLevel(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .info: "note"
    }
  }

  /// Diagnostics as workflow commands of GitHub Actions.
  static func github(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { diagnostic in
      let level = diagnostic.severity == .info ? "notice" : diagnostic.severity.rawValue
      var properties = ""
      if let range = diagnostic.primary?.range {
        properties = " file=\(property(range.file.name)),line=\(range.line),col=\(range.column)"
        properties += ",title=\(diagnostic.code.rawValue)"
      }
      return "::\(level)\(properties)::\(command(diagnostic.message))\n"
    }.joined()
  }

  /// Text as a workflow command takes it.
  private static func command(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { out, scalar in
      switch scalar {
      case "%": out += "%25"
      case "\r": out += "%0D"
      case "\n": out += "%0A"
      case _: out.unicodeScalars.append(scalar)
      }
    }
  }

  /// Text as a property of a workflow command takes it.
  private static func property(_ text: String) -> String {
    command(text).unicodeScalars.reduce(into: "") { out, scalar in
      switch scalar {
      case ":": out += "%3A"
      case ",": out += "%2C"
      case _: out.unicodeScalars.append(scalar)
      }
    }
  }

  /// Text inside XML; characters that XML cannot hold are shown.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { out, scalar in
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "\n": out += "&#10;"
      case "\t": out += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        out += "\\u{\(String(scalar.value, radix: 16))}"
      case _: out.unicodeScalars.append(scalar)
      }
    }
  }
}

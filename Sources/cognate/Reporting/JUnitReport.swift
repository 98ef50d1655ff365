/// A case of a report, with what went wrong.
struct ReportCase {
  var suite: String
  var name: String
  var failures: [String]
  /// Whether the program wrote the case, and no person.
  var isGenerated = false
}

extension Reports {
  /// JUnit XML, as CI systems read it: a suite a file, a case a rule or a case of a spec.
  static func junit(_ cases: [ReportCase]) -> String {
    var suites: [String] = []
    var members: [String: [ReportCase]] = [:]
    for example in cases {
      if members[example.suite] == nil { suites.append(example.suite) }
      members[example.suite, default: []].append(example)
    }
    let failed = cases.filter { !$0.failures.isEmpty }.count
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites tests=\"\(cases.count)\" failures=\"\(failed)\" errors=\"0\">\n"
    for suite in suites { text += element(suite, members[suite, default: []]) }
    return text + "</testsuites>\n"
  }

  private static func element(_ suite: String, _ cases: [ReportCase]) -> String {
    var text = "  <testsuite name=\"\(escaped(suite))\" tests=\"\(cases.count)\" "
    text += "failures=\"\(cases.filter { !$0.failures.isEmpty }.count)\" errors=\"0\">\n"
    for example in cases {
      text += "    <testcase classname=\"\(escaped(suite))\" name=\"\(escaped(example.name))\""
      if let first = example.failures.first {
        let message = escaped(example.failures.joined(separator: "\n"))
        text += "><failure message=\"\(escaped(first))\">\(message)</failure></testcase>\n"
      } else {
        text += "/>\n"
      }
    }
    return text + "  </testsuite>\n"
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

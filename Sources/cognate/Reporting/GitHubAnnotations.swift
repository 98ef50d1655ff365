import SourceText

/// Diagnostics as workflow commands of GitHub Actions.
///
/// <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>
enum GitHubAnnotations {
  static func text(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { diagnostic in
      let level = diagnostic.severity == .info ? "notice" : diagnostic.severity.rawValue
      var properties = "title=\(property(diagnostic.code.rawValue))"
      if let range = diagnostic.primary?.range {
        let end = SourceRange(file: range.file, start: range.end, end: range.end)
        properties = "file=\(property(range.file.name)),line=\(range.line),col=\(range.column)," + properties
        // Columns are of one line: the command takes an end column only where the end is on it.
        if end.line == range.line, end.column > range.column { properties += ",endColumn=\(end.column)" }
        if end.line > range.line { properties += ",endLine=\(end.line)" }
      }
      let lines = [diagnostic.message] + diagnostic.notes + [diagnostic.help.map { "help: \($0)" }].compactMap(\.self)
      return "::\(level) \(properties)::\(command(lines.joined(separator: "\n")))\n"
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
}

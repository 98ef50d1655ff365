import CYAML
import SourceText

/// Puts libyaml's complaints into words, with their places.
enum YAMLFailure {
  static func diagnostic(
    of parser: UnsafePointer<yaml_parser_t>, file: SourceFile, text: inout YAMLText
  ) -> Diagnostic {
    let failure = parser.pointee
    let problem = failure.problem.map { String(cString: $0) } ?? "it cannot be read"
    if failure.error == YAML_READER_ERROR { return unreadable(failure, problem, file: file, text: text) }
    let offset = text.offset(of: failure.problem_mark)
    if offset < text.bytes.count, text.bytes[offset] == 9 || problem.contains("tab character") {
      return tab(at: offset, file: file)
    }
    let place = SourceRange(file: file, start: offset, end: offset + 1)
    var secondary: [Diagnostic.Label] = []
    if let context = failure.context {
      let start = text.offset(of: failure.context_mark)
      let range = SourceRange(file: file, start: start, end: start + 1)
      if range.line != place.line { secondary.append(Diagnostic.Label(range, String(cString: context))) }
    }
    return Diagnostic(
      .malformedDocument, "the YAML is malformed: \(problem)", at: place, secondary: secondary, help: help(for: problem)
    )
  }

  /// A tab where only blanks may indent: YAML forbids it since readers differ in how wide it is.
  private static func tab(at offset: Int, file: SourceFile) -> Diagnostic {
    var start = offset
    var end = offset
    while start > 0, file.bytes[start - 1] == 9 { start -= 1 }
    while end < file.bytes.count, file.bytes[end] == 9 { end += 1 }
    let range = SourceRange(file: file, start: start, end: end)
    return Diagnostic(
      .tabIndentation, "a tab indents line \(range.line), column \(range.column)", at: range, label: "a tab",
      help: "use spaces")
  }

  private static func unreadable(
    _ failure: yaml_parser_t, _ problem: String, file: SourceFile, text: YAMLText
  ) -> Diagnostic {
    let offset = text.start + Int(failure.problem_offset)
    let hexadecimal = String(UInt32(truncatingIfNeeded: failure.problem_value), radix: 16, uppercase: true)
    let name = String(repeating: "0", count: max(0, 4 - hexadecimal.count)) + hexadecimal
    return Diagnostic(
      .malformedDocument, "the control character U+\(name) at byte offset \(offset) may not stand in YAML",
      at: SourceRange(file: file, start: offset, end: offset + 1), help: "write it as an escape in double quotes")
  }

  private static func help(for problem: String) -> String? {
    switch problem {
    case "mapping values are not allowed in this context":
      "quote a value that holds ': ', and check that keys of one mapping start in the same column"
    case "did not find expected key", "did not find expected '-' indicator":
      "check that keys of one mapping start in the same column, and quote a value that goes on after a quote"
    case "found character that cannot start any token": "quote a value that starts with '@', '`' or '%'"
    case "found unexpected end of stream": "close the quotes"
    case "found unknown escape character": "use single quotes, in which a backslash is no escape"
    default: nil
    }
  }
}

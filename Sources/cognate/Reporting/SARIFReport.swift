import RuleIR
import SourceText

/// Diagnostics as SARIF 2.1.0.
///
/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>
enum SARIFReport {
  static func text(_ diagnostics: [Diagnostic], version: String) -> String {
    let codes = Array(Set(diagnostics.map(\.code))).sorted { $0.rawValue < $1.rawValue }
    let places = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1, $0) })
    let driver: EventValue = [
      "name": "cognate", "semanticVersion": .string(version), "rules": .list(codes.map { rule($0, diagnostics) }),
    ]
    let run: EventValue = [
      "tool": ["driver": driver], "columnKind": "unicodeCodePoints",
      "results": .list(diagnostics.map { result($0, ruleIndex: places[$0.code] ?? 0) }),
    ]
    let root: EventValue = [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": .list([run]),
    ]
    return root.json + "\n"
  }

  /// What there is to say of a code, and the gravest level at which it was given.
  private static func rule(_ code: DiagnosticCode, _ diagnostics: [Diagnostic]) -> EventValue {
    let gravest = diagnostics.filter { $0.code == code }.map(\.severity).max() ?? .warning
    return [
      "id": .string(code.rawValue), "fullDescription": ["text": .string(code.explanation)],
      "help": ["text": .string(code.explanation)], "defaultConfiguration": ["level": .string(level(gravest))],
    ]
  }

  private static func result(_ diagnostic: Diagnostic, ruleIndex: Int) -> EventValue {
    var object = EventObject()
    object["ruleId"] = .string(diagnostic.code.rawValue)
    object["ruleIndex"] = .number(Number(ruleIndex))
    object["level"] = .string(level(diagnostic.severity))
    let help = diagnostic.help.map { ["Help: \($0)"] } ?? []
    object["message"] = ["text": .string(([diagnostic.message] + diagnostic.notes + help).joined(separator: "\n"))]
    if let primary = diagnostic.primary { object["locations"] = [location(primary)] }
    if !diagnostic.secondary.isEmpty { object["relatedLocations"] = .list(diagnostic.secondary.map(location)) }
    if !diagnostic.fix.isEmpty { object["fixes"] = [fix(diagnostic.fix, diagnostic.help)] }
    return .object(object)
  }

  private static func location(_ label: Diagnostic.Label) -> EventValue {
    var place: EventObject = EventObject()
    place["physicalLocation"] = [
      "artifactLocation": ["uri": .string(uri(label.range.file.name))], "region": region(label.range),
    ]
    if !label.text.isEmpty { place["message"] = ["text": .string(label.text)] }
    return .object(place)
  }

  private static func fix(_ edits: [Edit], _ help: String?) -> EventValue {
    var names: [String] = []
    for edit in edits where !names.contains(edit.range.file.name) { names.append(edit.range.file.name) }
    let changes = names.map { name -> EventValue in
      let replacements = edits.filter { $0.range.file.name == name }.map { edit -> EventValue in
        ["deletedRegion": region(edit.range), "insertedContent": ["text": .string(edit.replacement)]]
      }
      return ["artifactLocation": ["uri": .string(uri(name))], "replacements": .list(replacements)]
    }
    return ["description": ["text": .string(help ?? "remove it")], "artifactChanges": .list(changes)]
  }

  private static func region(_ range: SourceRange) -> EventValue {
    let (start, end) = (place(range.start, in: range.file), place(range.end, in: range.file))
    return [
      "startLine": .number(Number(start.line)), "startColumn": .number(Number(start.column)),
      "endLine": .number(Number(end.line)), "endColumn": .number(Number(end.column)),
    ]
  }

  /// The line and the column in code points, both from one.
  private static func place(_ offset: Int, in file: SourceFile) -> (line: Int, column: Int) {
    let line = file.line(at: offset)
    let start = min(file.offset(ofLine: line), offset)
    return (line, String(decoding: file.bytes[start..<offset], as: UTF8.self).unicodeScalars.count + 1)
  }

  /// A path as a URI reference: what may not stand in one is written by its bytes.
  private static func uri(_ path: String) -> String {
    let prefix = path.hasPrefix("/") ? "file://" : ""
    return path.utf8.reduce(into: prefix) { out, byte in
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        (48...57).contains(byte) || (97...122).contains(byte | 0x20) || "-._~/".unicodeScalars.contains(scalar)
      if isPlain {
        out.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        out += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
  }

  private static func level(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .info: "note"
    }
  }
}

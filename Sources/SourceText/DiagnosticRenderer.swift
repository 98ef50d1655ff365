/// Shows diagnostics as text, each with the line it is about and a caret under the place.
public struct DiagnosticRenderer: Sendable {
  public enum Style: Sendable { case plain, coloured }

  public var style: Style

  public init(style: Style = .plain) { self.style = style }

  /// The diagnostic in several lines, without a line end after the last.
  public func render(_ diagnostic: Diagnostic) -> String {
    let severity = paint("\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]", as: diagnostic.severity)
    var lines = ["\(severity): \(strong(visible(diagnostic.message)))"]
    let labels = ([diagnostic.primary].compactMap(\.self) + diagnostic.secondary).filter {
      !$0.range.file.bytes.isEmpty
    }
    let gutter = labels.map { String($0.range.line).count }.max() ?? 1
    for (index, label) in labels.enumerated() {
      lines += excerpt(label, mark: index == 0 ? "^" : "-", gutter: gutter, severity: diagnostic.severity)
    }
    if labels.isEmpty, let place = diagnostic.primary {
      lines.append("\(pad(gutter))\(rule("-->")) \(visible(place.range.file.name))")
    }
    for note in diagnostic.notes { lines.append("\(pad(gutter)) \(rule("=")) note: \(visible(note))") }
    if let help = diagnostic.help { lines.append("\(pad(gutter)) \(rule("=")) help: \(visible(help))") }
    return lines.joined(separator: "\n")
  }

  private func excerpt(
    _ label: Diagnostic.Label, mark: String, gutter: Int, severity: Diagnostic.Severity
  ) -> [String] {
    let range = label.range
    let number = String(range.line)
    let text = range.file.text(ofLine: range.line)
    let lineStart = range.file.offset(ofLine: range.line)
    let onLine = min(range.end, lineStart + text.utf8.count)
    let before = displayed(bytes: range.file.bytes, from: lineStart, to: range.start).count
    let marked = displayed(bytes: range.file.bytes, from: range.start, to: max(range.start, onLine)).count
    let line = LineWindow(visible(text), marking: before..<(before + marked))
    let carets = String(repeating: mark, count: line.markWidth)
    let comment = label.text.isEmpty ? "" : " \(visible(label.text))"
    return [
      "\(pad(gutter))\(rule("-->")) \(visible(range.file.name)):\(range.line):\(range.column)",
      "\(pad(gutter)) \(rule("|"))",
      "\(pad(gutter - number.count))\(rule("\(number) |")) \(line.text)",
      "\(pad(gutter)) \(rule("|")) \(pad(line.indent))\(paint(carets + comment, as: severity))",
    ]
  }

  private func displayed(bytes: [UInt8], from start: Int, to end: Int) -> String {
    visible(String(decoding: bytes[min(start, end)..<end], as: UTF8.self))
  }

  private func pad(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private func rule(_ text: String) -> String { style == .plain ? text : "\u{1B}[34m\(text)\u{1B}[0m" }

  private func strong(_ text: String) -> String { style == .plain ? text : "\u{1B}[1m\(text)\u{1B}[0m" }

  private func paint(_ text: String, as severity: Diagnostic.Severity) -> String {
    guard style == .coloured else { return text }
    switch severity {
    case .error: return "\u{1B}[1;31m\(text)\u{1B}[0m"
    case .warning: return "\u{1B}[1;33m\(text)\u{1B}[0m"
    case .info: return "\u{1B}[1;36m\(text)\u{1B}[0m"
    }
  }
}

/// The text as a terminal may safely show it: a tab as a space, control and bidirectional characters as `\u{…}`.
public func visible(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isHidden) else { return text }
  var shown = ""
  for scalar in text.unicodeScalars {
    if scalar == "\t" {
      shown += " "
    } else if isHidden(scalar) {
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

/// Control characters, bidirectional controls and zero-width characters: what does not show as itself.
public func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
  default: false
  }
}

import SourceText

/// A Splunk configuration file: stanzas of `key = value` lines.
///
///     file   = { blank | comment | stanza | setting } ;
///     stanza = "[" name "]" line-end ;
///     setting = key "=" value line-end ;                  a value goes on after a backslash at a line's end
///
/// https://docs.splunk.com/Documentation/Splunk/latest/Admin/Howtoeditaconfigurationfile
struct ConfFile: Sendable {
  struct Setting: Sendable {
    var key: String
    /// The value without the blanks around it; a continued line keeps its line end and loses its backslash.
    var value: Passage
  }

  struct Stanza: Sendable {
    var name: String
    var place: SourceRange
    var settings: [Setting] = []

    /// The last setting of a key counts.
    subscript(key: String) -> Passage? { settings.last { $0.key == key }?.value }
  }

  private(set) var stanzas: [Stanza] = []

  init(_ file: SourceFile) throws(Diagnostic) {
    let bytes = file.bytes
    var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while at < bytes.count {
      let lineEnd = Self.lineEnd(bytes, from: at)
      let start = Self.skipBlanks(bytes, from: at, to: lineEnd)
      guard start < lineEnd, bytes[start] != UInt8(ascii: "#") else {
        at = lineEnd + 1
        continue
      }
      at =
        bytes[start] == UInt8(ascii: "[")
        ? try readStanza(file, from: start, to: lineEnd) : try readSetting(file, from: start, to: lineEnd)
    }
  }

  private mutating func readStanza(_ file: SourceFile, from start: Int, to end: Int) throws(Diagnostic) -> Int {
    let place = SourceRange(file: file, start: start, end: end)
    guard let close = file.bytes[start..<end].lastIndex(of: UInt8(ascii: "]")) else {
      throw Diagnostic(
        .malformedDocument, "a stanza's name has no closing bracket", at: place, label: "expected ']'")
    }
    let name = String(decoding: file.bytes[(start + 1)..<close], as: UTF8.self)
    stanzas.append(Stanza(name: name, place: SourceRange(file: file, start: start, end: close + 1)))
    return end + 1
  }

  private mutating func readSetting(_ file: SourceFile, from start: Int, to end: Int) throws(Diagnostic) -> Int {
    let bytes = file.bytes
    guard let equals = bytes[start..<end].firstIndex(of: UInt8(ascii: "=")) else {
      throw Diagnostic(
        .malformedDocument, "a line is neither a stanza, a setting nor a comment",
        at: SourceRange(file: file, start: start, end: end), label: "expected 'key = value'")
    }
    var keyEnd = equals
    while keyEnd > start, Self.isBlank(bytes[keyEnd - 1]) { keyEnd -= 1 }
    let key = String(decoding: bytes[start..<keyEnd], as: UTF8.self)
    var text: [UInt8] = []
    var segments: [Passage.Segment] = []
    var from = Self.skipBlanks(bytes, from: equals + 1, to: end)
    let first = from
    var to = end
    while true {
      segments.append(Passage.Segment(local: text.count, outer: from))
      var stop = to
      while stop > from, bytes[stop - 1] == 13 { stop -= 1 }
      guard stop > from, bytes[stop - 1] == UInt8(ascii: "\\"), to < bytes.count else {
        while stop > from, Self.isBlank(bytes[stop - 1]) { stop -= 1 }
        text += bytes[from..<stop]
        break
      }
      text += bytes[from..<(stop - 1)] + [10]
      from = to + 1
      to = Self.lineEnd(bytes, from: from)
    }
    let value = Passage(
      file: file, bytes: text, segments: segments, wholeRange: SourceRange(file: file, start: first, end: to))
    if stanzas.isEmpty { stanzas.append(Stanza(name: "default", place: file.wholeRange)) }
    stanzas[stanzas.count - 1].settings.append(Setting(key: key, value: value))
    return to + 1
  }

  private static func lineEnd(_ bytes: [UInt8], from start: Int) -> Int {
    bytes[min(start, bytes.count)...].firstIndex(of: 10) ?? bytes.count
  }

  private static func skipBlanks(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
    var at = start
    while at < end, isBlank(bytes[at]) { at += 1 }
    return min(at, end)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
}

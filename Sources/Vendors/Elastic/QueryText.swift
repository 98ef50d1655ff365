import LanguageSupport
import SourceText

/// What the lexers of Elastic's languages ask of a query's text in the same way.
enum QueryText {
  /// Refuses a text that is not UTF-8, at the first byte that is none.
  static func requireUTF8(_ bytes: ArraySlice<UInt8>, of passage: Passage) throws(Diagnostic) {
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    var sound = 0
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    decoding: while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): sound += UTF8.width(scalar)
      case .emptyInput, .error: break decoding
      }
    }
    throw Diagnostic(
      .notUTF8, "the query is not UTF-8", at: passage.range(of: sound..<min(sound + 1, bytes.count)),
      label: "this byte begins no character")
  }

  /// What stands in backticks from a byte on, two of them for one, and where it ends; nil where it is never closed.
  static func inBackticks(_ bytes: ArraySlice<UInt8>, from start: Int) -> (name: String, end: Int)? {
    let backtick = UInt8(ascii: "`")
    var name: [UInt8] = []
    var at = start + 1
    while at < bytes.endIndex {
      let next = bytes[at]
      at += 1
      if next != backtick {
        name.append(next)
      } else if at < bytes.endIndex, bytes[at] == backtick {
        name.append(next)
        at += 1
      } else {
        return (String(decoding: name, as: UTF8.self), at)
      }
    }
    return nil
  }

  /// A text in three quotes on each side, in which nothing is escaped; nil where it cannot stand there, or needs not.
  static func inTripleQuotes(_ text: String) -> String? {
    let quote = UInt8(ascii: "\"")
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == quote }), text.utf8.last != quote else {
      return nil
    }
    var run = 0
    for byte in text.utf8 {
      run = byte == quote ? run + 1 : 0
      if run == 3 { return nil }
    }
    return "\"\"\"\(text)\"\"\""
  }
}

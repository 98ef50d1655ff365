import LanguageSupport
import SourceText

/// A word, or a quoted or parenthesised piece, of a command's arguments.
struct StageArgument: Hashable, Sendable {
  /// As written.
  var text: String
  /// In the passage of the arguments.
  var range: Range<Int>

  var isComma: Bool { text == "," }
  /// The word as a field's name, without quotes around it.
  var name: String { QuotedText.name(text) }

  /// Whether it is this word, in letters of any case.
  func isWord(_ word: String) -> Bool { text.lowercased() == word }
}

/// Cuts the arguments of a command at blanks and commas outside quotes and brackets.
///
/// `key = value` with blanks around the sign is one argument, and so is a function with a blank before its
/// parenthesis.
enum StageArguments {
  static let limit = 2_000

  static func split(_ passage: Passage) throws(Diagnostic) -> [StageArgument] {
    let arguments = joined(try pieces(passage), in: passage)
    guard arguments.count <= limit else {
      throw Diagnostic(
        .tooManyNodes, "a command has more than \(limit) arguments", at: passage.range(of: arguments[limit].range),
        label: "one too many")
    }
    return arguments
  }

  /// The arguments without commas.
  static func words(_ passage: Passage) throws(Diagnostic) -> [StageArgument] {
    try split(passage).filter { !$0.isComma }
  }

  private static func pieces(_ passage: Passage) throws(Diagnostic) -> [StageArgument] {
    let bytes = passage.bytes
    var pieces: [StageArgument] = []
    var start: Int?
    var depth = 0
    var at = 0
    func piece(_ range: Range<Int>) -> StageArgument {
      StageArgument(text: String(decoding: bytes[range], as: UTF8.self), range: range)
    }
    while at < bytes.count {
      let byte = bytes[at]
      if depth == 0, isBlank(byte) || byte == UInt8(ascii: ",") {
        if let from = start { pieces.append(piece(from..<at)) }
        start = nil
        if byte == UInt8(ascii: ",") { pieces.append(piece(at..<(at + 1))) }
        at += 1
        continue
      }
      let isPieceStart = start == nil
      if isPieceStart { start = at }
      switch byte {
      case UInt8(ascii: "\\"): at += 1
      case UInt8(ascii: "\""):
        guard let end = QuotedText.end(bytes, from: at) else { throw QuotedText.unterminated(passage, at: at) }
        at = end
      case UInt8(ascii: "'") where depth > 0 || isPieceStart:
        at = QuotedText.end(bytes, from: at, quote: byte) ?? at
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        depth -= 1
        guard depth >= 0 else { throw unbalanced(passage, at) }
      case _: break
      }
      at += 1
    }
    guard depth == 0 else { throw unbalanced(passage, start ?? 0) }
    if let from = start { pieces.append(piece(from..<bytes.count)) }
    return pieces
  }

  private static func unbalanced(_ passage: Passage, _ offset: Int) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "parentheses do not match", at: passage.range(of: offset..<(offset + 1)),
      label: "has no partner")
  }

  private static func joined(_ pieces: [StageArgument], in passage: Passage) -> [StageArgument] {
    var out: [StageArgument] = []
    var at = 0
    func join(_ left: StageArgument, _ right: StageArgument) -> StageArgument {
      StageArgument(text: left.text + right.text, range: left.range.lowerBound..<right.range.upperBound)
    }
    while at < pieces.count {
      var piece = pieces[at]
      at += 1
      if piece.text.hasPrefix("="), let last = out.last, !last.isComma, !piece.text.hasPrefix("==") {
        piece = join(out.removeLast(), piece)
      }
      if piece.text.hasSuffix("="), !piece.text.hasPrefix("\""), at < pieces.count, !pieces[at].isComma {
        piece = join(piece, pieces[at])
        at += 1
      }
      if at < pieces.count, pieces[at].text.hasPrefix("("), isFunction(piece.text) {
        piece = join(piece, pieces[at])
        at += 1
      }
      out.append(piece)
    }
    return out
  }

  private static let keywords: Set<String> = ["by", "as", "and", "or", "not", "in", "where", "output", "outputnew"]

  private static func isFunction(_ word: String) -> Bool {
    !word.isEmpty && !keywords.contains(word.lowercased())
      && word.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xDF) || $0 == UInt8(ascii: "_") }
  }
}

extension StageArgument {
  /// `key=value` with one of these keys; the value without quotes around it.
  func option(_ keys: Set<String>) -> (key: String, value: String)? {
    guard let equals = text.firstIndex(of: "="), !text.hasPrefix("\"") else { return nil }
    let key = text[..<equals].lowercased()
    guard keys.contains(key) else { return nil }
    return (key, QuotedText.name(String(text[text.index(after: equals)...])))
  }
}

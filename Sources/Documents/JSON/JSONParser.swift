import SourceText

/// Parses JSON by recursive descent.
///
///     value   = object | array | string | number | "true" | "false" | "null" ;
///     object  = "{" [ member { "," member } ] "}" ;
///     member  = string ":" value ;
///     array   = "[" [ value { "," value } ] "]" ;
///     number  = [ "-" ] ( "0" | digit1to9 { digit } ) [ "." digit { digit } ] [ ( "e" | "E" ) [ "+" | "-" ] digit
///               { digit } ] ;
struct JSONParser {
  private let passage: Passage
  private let bytes: [UInt8]
  private var position = 0
  private var nodeCount = 0

  init(_ passage: Passage) {
    self.passage = passage
    bytes = passage.bytes
  }

  mutating func document() throws(Diagnostic) -> DocumentNode {
    skipSpace()
    guard position < bytes.count else {
      throw Diagnostic(.noDocument, "the text holds no JSON value", at: passage.range(of: 0..<0))
    }
    let node = try value(depth: 1)
    skipSpace()
    guard position == bytes.count else { throw failure("there is more after the JSON value") }
    return node
  }

  private mutating func value(depth: Int) throws(Diagnostic) -> DocumentNode {
    nodeCount += 1
    guard nodeCount <= DocumentLimits.nodes else {
      throw failure("the text holds more than \(DocumentLimits.nodes) values", .expansionTooLarge)
    }
    switch peek {
    case UInt8(ascii: "{"):
      try checkDepth(depth)
      return try object(depth: depth)
    case UInt8(ascii: "["):
      try checkDepth(depth)
      return try array(depth: depth)
    case UInt8(ascii: "\""):
      let scalar = try string()
      return DocumentNode(.scalar(scalar), range: scalar.range)
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private func checkDepth(_ depth: Int) throws(Diagnostic) {
    guard depth <= DocumentLimits.jsonDepth else {
      throw failure(
        "arrays and objects are nested more than \(DocumentLimits.jsonDepth) deep", .nestedTooDeeply)
    }
  }

  private mutating func object(depth: Int) throws(Diagnostic) -> DocumentNode {
    let start = position
    var list = MemberList()
    position += 1
    skipSpace()
    if !take(UInt8(ascii: "}")) {
      repeat {
        skipSpace()
        guard peek == UInt8(ascii: "\"") else { throw failure("expected a key in double quotes") }
        let key = try string()
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw failure("expected ':' after the key '\(key.text)'") }
        skipSpace()
        try list.append(DocumentNode.Member(key: key, value: try value(depth: depth + 1)))
        skipSpace()
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { throw unclosed("expected ',' or '}'", opened: start) }
    }
    return DocumentNode(.mapping(list.members), range: passage.range(of: start..<position))
  }

  private mutating func array(depth: Int) throws(Diagnostic) -> DocumentNode {
    let start = position
    var elements: [DocumentNode] = []
    position += 1
    skipSpace()
    if !take(UInt8(ascii: "]")) {
      repeat {
        skipSpace()
        elements.append(try value(depth: depth + 1))
        skipSpace()
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "]")) else { throw unclosed("expected ',' or ']'", opened: start) }
    }
    return DocumentNode(.list(elements), range: passage.range(of: start..<position))
  }

  // MARK: Scalars

  private mutating func word(_ word: String, _ kind: DocumentNode.Scalar.Kind) throws(Diagnostic) -> DocumentNode {
    guard bytes[position...].starts(with: word.utf8) else { throw failure("expected a JSON value") }
    let start = position
    position += word.utf8.count
    return plain(from: start, kind)
  }

  private mutating func number() throws(Diagnostic) -> DocumentNode {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let whole = position
    guard digits() > 0 else {
      position = start
      throw failure("expected a JSON value")
    }
    guard bytes[whole] != UInt8(ascii: "0") || position == whole + 1 else {
      throw failure("a JSON number has no leading zero", at: start..<position)
    }
    if take(UInt8(ascii: ".")), digits() == 0 { throw failure("expected a digit after '.'") }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if digits() == 0 { throw failure("expected a digit of the exponent") }
    }
    return plain(from: start, .number)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = peek, isDigit(byte) { position += 1 }
    return position - start
  }

  private func plain(from start: Int, _ kind: DocumentNode.Scalar.Kind) -> DocumentNode {
    let scalar = DocumentNode.Scalar(passage: passage.slice(start..<position), kind: kind, style: .plain)
    return DocumentNode(.scalar(scalar), range: scalar.range)
  }

  private mutating func string() throws(Diagnostic) -> DocumentNode.Scalar {
    let start = position
    var text = DecodedText()
    position += 1
    while let byte = peek, byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else if byte < 0x20 {
        throw failure(
          byte == 10 || byte == 13 ? "the string is not closed on its line" : "a control character in a string",
          byte == 10 || byte == 13 ? .unterminatedString : .malformedDocument)
      } else {
        let first = position
        while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        text.append(bytes[first..<position])
      }
    }
    guard take(UInt8(ascii: "\"")) else {
      throw failure("the string is not closed", .unterminatedString, at: start..<(start + 1))
    }
    let place = passage.decoded(
      text.bytes, segments: text.segments(orEmptyAt: start + 1), whole: start..<position)
    return DocumentNode.Scalar(passage: place, kind: .string, style: .quoted)
  }

  private mutating func escape(into text: inout DecodedText) throws(Diagnostic) {
    let start = position
    position += 1
    let letter = peek
    position += 1
    let scalar: Unicode.Scalar
    switch letter {
    case UInt8(ascii: "\""): scalar = "\""
    case UInt8(ascii: "\\"): scalar = "\\"
    case UInt8(ascii: "/"): scalar = "/"
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "u"): scalar = try escapedScalar(from: start)
    default: throw failure("no such escape in JSON", .invalidEscape, at: start..<min(position, bytes.count))
    }
    text.append(scalar, from: start, span: position - start)
  }

  /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair.
  private mutating func escapedScalar(from start: Int) throws(Diagnostic) -> Unicode.Scalar {
    let unit = try fourDigits(from: start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    if unit < 0xDC00, bytes[min(position, bytes.count)...].starts(with: [0x5C, 0x75]) {
      position += 2
      let low = try fourDigits(from: start)
      if (0xDC00..<0xE000).contains(low), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + low - 0xDC00) {
        return scalar
      }
    }
    throw failure("half of a surrogate pair is no character", .invalidEscape, at: start..<position)
  }

  private mutating func fourDigits(from start: Int) throws(Diagnostic) -> UInt32 {
    let digits = bytes[min(position, bytes.count)..<min(position + 4, bytes.count)]
    guard digits.count == 4, digits.allSatisfy(isHexadecimalDigit),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else {
      throw failure("'\\u' needs four hexadecimal digits", .invalidEscape, at: start..<min(position, bytes.count))
    }
    position += 4
    return unit
  }

  // MARK: Bytes

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
  }

  private func failure(
    _ message: String, _ code: DiagnosticCode = .malformedDocument, at range: Range<Int>? = nil
  ) -> Diagnostic {
    let here = min(position, bytes.count)..<min(position + 1, bytes.count)
    return Diagnostic(code, message, at: passage.range(of: range ?? here))
  }

  private func unclosed(_ message: String, opened: Int) -> Diagnostic {
    var failure = failure(message)
    failure.secondary = [Diagnostic.Label(passage.range(of: opened..<(opened + 1)), "opened here")]
    return failure
  }
}

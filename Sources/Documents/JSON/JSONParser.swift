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
  let passage: Passage
  let bytes: [UInt8]
  var position = 0
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

  // MARK: Bytes

  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
  }

  func failure(
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

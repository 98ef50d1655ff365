import LanguageSupport
import SourceText

/// Cuts ES|QL into tokens.
///
/// What a character means depends on the command: index names follow `FROM`, patterns with stars follow `KEEP` and
/// `DROP`, expressions follow the others.
///
///     word     = ( letter { letter | digit | "_" } ) | ( ( "_" | "@" ) ( letter | digit | "_" ) { … } ) ;
///     name     = "`" { character | "``" } "`" ;
///     string   = '"' { character | "\" ( "t" | "n" | "r" | '"' | "\" ) } '"' | '"""' { character } '"""' ;
///     number   = digits [ "." { digit } ] [ exponent ] | "." digits [ exponent ] ;
///     comment  = "//" { character } line-end | "/*" { character | comment } "*/" ;
///
/// https://www.elastic.co/docs/reference/query-languages/esql/esql-syntax
struct ESQLLexer {
  /// What the characters of a command mean.
  enum Mode { case expression, sources, patterns }

  let passage: Passage
  var at = 0
  private var tokens: [Token<ESQLToken>] = []
  private var mode = Mode.expression
  /// Whether the next word names a command.
  private var startsCommand = true
  private var command = ""

  static func tokens(of passage: Passage) throws(Diagnostic) -> [Token<ESQLToken>] {
    var lexer = ESQLLexer(passage: passage)
    while try lexer.skipBlanks() { try lexer.readToken() }
    return lexer.tokens
  }

  private init(passage: Passage) { self.passage = passage }

  func byte(_ offset: Int = 0) -> UInt8? {
    at + offset < passage.bytes.count ? passage.bytes[at + offset] : nil
  }

  func follows(_ text: StaticString) -> Bool {
    at + text.utf8CodeUnitCount <= passage.bytes.count
      && text.withUTF8Buffer { $0.elementsEqual(passage.bytes[at..<at + $0.count]) }
  }

  func text(_ range: Range<Int>) -> String { String(decoding: passage.bytes[range], as: UTF8.self) }

  mutating func add(_ kind: ESQLToken, from start: Int) { tokens.append(Token(kind, start..<at)) }

  private mutating func readToken() throws(Diagnostic) {
    guard let next = byte() else { return }
    if next == UInt8(ascii: "\"") { return try readString() }
    if mode == .sources, isSource(next) { return try readSource() }
    switch next {
    case UInt8(ascii: "`"): try readQuotedName()
    case UInt8(ascii: "?"): readParameter()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber()
    case UInt8(ascii: ".") where byte(1).map(isDigit) ?? false: readNumber()
    case _ where startsWord(next): readWord()
    case _: try readMark()
    }
  }

  private mutating func readString() throws(Diagnostic) {
    let start = at
    let text = try follows("\"\"\"") ? rawString() : escapedString()
    add(mode == .sources ? .source(text) : .string(text), from: start)
    startsCommand = false
  }

  // MARK: Words

  private func startsWord(_ next: UInt8) -> Bool {
    if isLetter(next) { return true }
    if mode == .patterns, next == UInt8(ascii: "*") { return true }
    guard next == UInt8(ascii: "_") || next == UInt8(ascii: "@") else { return false }
    return byte(1).map(continuesWord) ?? false
  }

  private func continuesWord(_ next: UInt8) -> Bool {
    isLetter(next) || isDigit(next) || next == UInt8(ascii: "_")
      || (mode == .patterns && (next == UInt8(ascii: "*") || next == UInt8(ascii: "@")))
  }

  private mutating func readWord() {
    let start = at
    at += 1
    while let next = byte(), continuesWord(next) { at += 1 }
    let word = text(start..<at)
    if startsCommand {
      startsCommand = false
      command = word.uppercased()
      mode = Self.mode(of: command)
    } else if command == "LOOKUP", isKeyword(word, "JOIN") {
      mode = .sources
    }
    add(word.utf8.contains(UInt8(ascii: "*")) ? .namePattern(word) : .word(word), from: start)
  }

  private static func mode(of command: String) -> Mode {
    switch command {
    case "FROM", "TS", "METRICS": .sources
    case "KEEP", "DROP", "RENAME": .patterns
    case _: .expression
    }
  }

  private mutating func readQuotedName() throws(Diagnostic) {
    let start = at
    if let (name, end) = QueryText.inBackticks(passage.bytes[...], from: start) {
      at = end
      guard !name.isEmpty else { throw wrong(.unexpectedToken, "a name in backticks is empty", from: start) }
      return add(.quotedName(name), from: start)
    }
    throw Diagnostic(
      .unterminatedString, "the name that starts here has no closing backtick",
      at: passage.range(of: start..<start + 1),
      label: "opened here")
  }

  private mutating func readParameter() {
    let start = at
    while byte() == UInt8(ascii: "?") { at += 1 }
    while let next = byte(), isLetter(next) || isDigit(next) || next == UInt8(ascii: "_") { at += 1 }
    add(.parameter(text(start..<at)), from: start)
  }

  // MARK: Sources

  /// Whether a byte can stand in the name of an index; blanks, `"`, `=`, `|`, `,`, brackets and parentheses end it.
  private func isSource(_ next: UInt8) -> Bool {
    switch next {
    case 0...0x20: false
    case UInt8(ascii: "\""), UInt8(ascii: "="), UInt8(ascii: "|"), UInt8(ascii: ","), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"):
      false
    case _: true
    }
  }

  private mutating func readSource() throws(Diagnostic) {
    let start = at
    while let next = byte(), isSource(next), !follows("/*"), !follows("//") { at += 1 }
    let name = text(start..<at)
    if let blank = name.unicodeScalars.firstIndex(where: { isHidden($0) || $0.properties.isWhitespace }) {
      at = start + name.utf8.distance(from: name.startIndex, to: blank)
      throw unexpectedCharacter()
    }
    if isKeyword(name, "METADATA") || isKeyword(name, "ON") {
      mode = .expression
      return add(.word(name), from: start)
    }
    add(.source(name), from: start)
  }

  // MARK: Marks

  private static let marks = ESQLToken.Mark.allCases.sorted { $0.rawValue.utf8.count > $1.rawValue.utf8.count }

  private mutating func readMark() throws(Diagnostic) {
    let start = at
    for mark in Self.marks where passage.bytes[at...].starts(with: mark.rawValue.utf8) {
      at += mark.rawValue.utf8.count
      add(.mark(mark), from: start)
      switch mark {
      case .pipe, .semicolon: beginCommand()
      case .leftParenthesis where command == "FORK" || mode == .sources: beginCommand()
      case _: startsCommand = false
      }
      return
    }
    throw unexpectedCharacter()
  }

  private mutating func beginCommand() {
    startsCommand = true
    mode = .expression
  }

  private mutating func readNumber() {
    let start = at
    var isDecimal = false
    while let next = byte(), isDigit(next) { at += 1 }
    if byte() == UInt8(ascii: ".") {
      isDecimal = true
      at += 1
      while let next = byte(), isDigit(next) { at += 1 }
    }
    if let mark = byte(), mark | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
      if byte(1 + sign).map(isDigit) ?? false {
        isDecimal = true
        at += 1 + sign
        while let next = byte(), isDigit(next) { at += 1 }
      }
    }
    let number = text(start..<at)
    add(isDecimal ? .decimal(number) : .integer(number), from: start)
  }
}

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }

import SourceText

/// Parses the lines of a TOML file.
///
///     file       = { [ header | pair ] [ comment ] newline } ;
///     header     = "[" key "]" | "[[" key "]]" ;
///     pair       = key "=" value ;
///     key        = part { "." part } ;
///     part       = bare | basic-string | literal-string ;
struct TOMLParser {
  let file: SourceFile
  var scanner: TOMLScanner
  private let root: TOMLTable
  /// The table of the last header.
  private var current: TOMLTable
  private var nodeCount = 0

  init(_ file: SourceFile) {
    self.file = file
    scanner = TOMLScanner(file)
    root = TOMLTable(.header, range: file.wholeRange, depth: 1)
    current = root
  }

  mutating func document() throws(Diagnostic) -> DocumentNode {
    while true {
      try scanner.skipSpaceCommentsAndLines()
      guard let byte = scanner.peek else { break }
      if byte == UInt8(ascii: "[") { try header() } else { try pair(in: current) }
      try scanner.finishLine()
    }
    let node = root.node
    guard node.members?.isEmpty == false else {
      throw Diagnostic(
        .noDocument, "the file holds no TOML document", at: SourceRange(file: file, start: 0, end: 0))
    }
    return node
  }

  // MARK: Headers

  private mutating func header() throws(Diagnostic) {
    let start = scanner.position
    scanner.position += 1
    let isArray = scanner.take(UInt8(ascii: "["))
    scanner.skipBlanks()
    let path = try key()
    scanner.skipBlanks()
    guard scanner.take(UInt8(ascii: "]")), !isArray || scanner.take(UInt8(ascii: "]")) else {
      throw scanner.failure("expected '\(isArray ? "]]" : "]")' after the table's name")
    }
    let range = scanner.range(from: start)
    var parent = root
    for part in path.dropLast() { parent = try descend(from: parent, part, range) }
    guard let name = path.last else { return }
    current = try isArray ? openElement(name, in: parent, range) : openTable(name, in: parent, range)
  }

  /// The table that a part of a header's name leads to, but for the last part.
  private mutating func descend(
    from parent: TOMLTable, _ part: DocumentNode.Scalar, _ range: SourceRange
  ) throws(Diagnostic) -> TOMLTable {
    guard let found = parent.find(part) else {
      return try newTable(.passedThrough, part, in: parent, range)
    }
    switch found.entry {
    case .table(let table): return table
    case .tables(let tables): return tables.last
    case .value: throw notATable(part, found.key)
    }
  }

  private mutating func openTable(
    _ name: DocumentNode.Scalar, in parent: TOMLTable, _ range: SourceRange
  ) throws(Diagnostic) -> TOMLTable {
    guard let found = parent.find(name) else { return try newTable(.header, name, in: parent, range) }
    guard case .table(let table) = found.entry, table.origin == .passedThrough else {
      throw .duplicateKey(name, first: found.key.range)
    }
    table.origin = .header
    table.range = range
    return table
  }

  private mutating func openElement(
    _ name: DocumentNode.Scalar, in parent: TOMLTable, _ range: SourceRange
  ) throws(Diagnostic) -> TOMLTable {
    try count(depth: parent.depth + 2)
    let element = TOMLTable(.header, range: range, depth: parent.depth + 2)
    guard let found = parent.find(name) else {
      parent.append(name, .tables(TOMLTables(element)))
      return element
    }
    guard case .tables(let tables) = found.entry else { throw .duplicateKey(name, first: found.key.range) }
    tables.append(element)
    return element
  }

  private mutating func newTable(
    _ origin: TOMLTable.Origin, _ key: DocumentNode.Scalar, in parent: TOMLTable, _ range: SourceRange
  ) throws(Diagnostic) -> TOMLTable {
    try count(depth: parent.depth + 1)
    let table = TOMLTable(origin, range: range, depth: parent.depth + 1)
    parent.append(key, .table(table))
    return table
  }

  private func notATable(_ part: DocumentNode.Scalar, _ first: DocumentNode.Scalar) -> Diagnostic {
    Diagnostic(
      .duplicateKey, "'\(part.text)' is a value already and can be no table", at: part.range,
      secondary: [Diagnostic.Label(first.range, "the value is set here")])
  }

  /// Counts a node and holds its level to the limit.
  mutating func count(depth: Int) throws(Diagnostic) {
    nodeCount += 1
    guard nodeCount <= DocumentLimits.nodes else {
      throw scanner.failure("the file holds more than \(DocumentLimits.nodes) values", .expansionTooLarge)
    }
    guard depth <= DocumentLimits.depth else {
      throw scanner.failure(
        "tables and arrays are nested more than \(DocumentLimits.depth) deep", .nestedTooDeeply)
    }
  }

  // MARK: Pairs

  /// Reads `key = value` into a table.
  mutating func pair(in table: TOMLTable) throws(Diagnostic) {
    let start = scanner.position
    let path = try key()
    scanner.skipBlanks()
    guard scanner.take(UInt8(ascii: "=")) else { throw scanner.failure("expected '=' after the key") }
    scanner.skipBlanks()
    var target = table
    for part in path.dropLast() {
      target = try descendByKey(from: target, part)
    }
    guard let name = path.last else { return }
    if let found = target.find(name) { throw .duplicateKey(name, first: found.key.range) }
    let value = try value(depth: target.depth + 1)
    target.append(name, .value(value))
    table.range = table.range.extended(to: scanner.range(from: start))
    target.range = target.range.extended(to: value.range)
  }

  /// The table that a part of a dotted key leads to, but for the last part.
  private mutating func descendByKey(
    from parent: TOMLTable, _ part: DocumentNode.Scalar
  ) throws(Diagnostic) -> TOMLTable {
    guard let found = parent.find(part) else { return try newTable(.dottedKey, part, in: parent, part.range) }
    guard case .table(let table) = found.entry else { throw notATable(part, found.key) }
    switch table.origin {
    case .dottedKey: break
    case .passedThrough: table.origin = .dottedKey
    case .header: throw .duplicateKey(part, first: found.key.range)
    }
    return table
  }

  private mutating func key() throws(Diagnostic) -> [DocumentNode.Scalar] {
    var parts = [try scanner.keyPart()]
    scanner.skipBlanks()
    while scanner.take(UInt8(ascii: ".")) {
      scanner.skipBlanks()
      parts.append(try scanner.keyPart())
      scanner.skipBlanks()
    }
    return parts
  }
}

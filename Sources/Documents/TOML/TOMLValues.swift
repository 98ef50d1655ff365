import SourceText

// The values of TOML.
//
//     value        = string | boolean | number | date | array | inline-table ;
//     array        = "[" { space } [ value { "," value } [ "," ] ] "]" ;      (* space: blanks, comments, lines *)
//     inline-table = "{" [ pair { "," pair } ] "}" ;                          (* on one line *)
extension TOMLParser {
  mutating func value(depth: Int) throws(Diagnostic) -> DocumentNode {
    try count(depth: depth)
    switch scanner.peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return node(try scanner.string())
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "{"): return try inlineTable(depth: depth)
    default: return node(try scanner.plainValue())
    }
  }

  private func node(_ scalar: DocumentNode.Scalar) -> DocumentNode {
    DocumentNode(.scalar(scalar), range: scalar.range)
  }

  private mutating func array(depth: Int) throws(Diagnostic) -> DocumentNode {
    let start = scanner.position
    var elements: [DocumentNode] = []
    scanner.position += 1
    try scanner.skipSpaceCommentsAndLines()
    while !scanner.take(UInt8(ascii: "]")) {
      elements.append(try value(depth: depth + 1))
      try scanner.skipSpaceCommentsAndLines()
      if scanner.take(UInt8(ascii: ",")) {
        try scanner.skipSpaceCommentsAndLines()
      } else if scanner.peek != UInt8(ascii: "]") {
        throw scanner.failure("expected ',' or ']'", opened: start)
      }
    }
    return DocumentNode(.list(elements), range: scanner.range(from: start))
  }

  private mutating func inlineTable(depth: Int) throws(Diagnostic) -> DocumentNode {
    let start = scanner.position
    scanner.position += 1
    let table = TOMLTable(.header, range: scanner.range(from: start), depth: depth)
    scanner.skipBlanks()
    if !scanner.take(UInt8(ascii: "}")) {
      repeat {
        scanner.skipBlanks()
        try pair(in: table)
        scanner.skipBlanks()
      } while scanner.take(UInt8(ascii: ","))
      guard scanner.take(UInt8(ascii: "}")) else { throw scanner.failure("expected ',' or '}'", opened: start) }
    }
    table.range = scanner.range(from: start)
    return table.node
  }
}

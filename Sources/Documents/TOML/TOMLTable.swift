import SourceText

/// A table while its file is read: TOML may add to it from many places.
final class TOMLTable {
  /// How a table came to be, which decides who may add to it.
  enum Origin {
    /// A header on the way to a deeper one.
    case passedThrough
    /// Its own header, or the file itself.
    case header
    /// A dotted key.
    case dottedKey
  }

  enum Entry {
    case value(DocumentNode)
    case table(TOMLTable)
    /// An array of tables; the last one is open.
    case tables(TOMLTables)
  }

  var origin: Origin
  var range: SourceRange
  /// How many levels lie above.
  let depth: Int
  private(set) var entries: [(key: DocumentNode.Scalar, entry: Entry)] = []
  private var index = KeyIndex()

  init(_ origin: Origin, range: SourceRange, depth: Int) {
    self.origin = origin
    self.range = range
    self.depth = depth
  }

  func find(_ key: DocumentNode.Scalar) -> (key: DocumentNode.Scalar, entry: Entry)? {
    index.position(of: key.passage.bytes).map { entries[$0] }
  }

  /// The key must be new.
  func append(_ key: DocumentNode.Scalar, _ entry: Entry) {
    index.append(key.passage.bytes)
    entries.append((key, entry))
  }

  /// The finished table.
  var node: DocumentNode {
    let members = entries.map { (key, entry) in
      switch entry {
      case .value(let node): DocumentNode.Member(key: key, value: node)
      case .table(let table): DocumentNode.Member(key: key, value: table.node)
      case .tables(let tables): DocumentNode.Member(key: key, value: tables.node)
      }
    }
    return DocumentNode(.mapping(members), range: range)
  }
}

/// An array of tables while its file is read; it is never empty.
final class TOMLTables {
  private var first: TOMLTable
  private var others: [TOMLTable] = []

  init(_ first: TOMLTable) { self.first = first }

  var last: TOMLTable { others.last ?? first }

  func append(_ table: TOMLTable) { others.append(table) }

  /// The finished array.
  var node: DocumentNode {
    DocumentNode(.list([first.node] + others.map(\.node)), range: first.range.extended(to: last.range))
  }
}

/// Which predicates the values of a field call for.
struct FieldIndex: Sendable {
  /// Called for by the key alone.
  var key = Run.empty
  /// Called for by a whole text, folded; the table's values are numbers of runs.
  var equals: ByteTable?
  var integers: WordTable?
  /// Called for by a number that is no plain integer.
  var oddNumbers = Run.empty
  var starts: EdgeFilter?
  var ends: EdgeFilter?
  var contains: SubstringFilter?

  /// Whether texts of the field must be looked at.
  var looksAtText: Bool { equals != nil || starts != nil || ends != nil || contains != nil }

  func free() {
    equals?.free()
    integers?.free()
    starts?.free()
    ends?.free()
    contains?.free()
  }
}

/// The index of all witnesses: from what an event has to the predicates that need it.
struct WitnessIndex: Sendable {
  let fields: Flat<FieldIndex>
  let runs: Flat<Run>
  let targets: Flat<Int32>
  let pool: Flat<UInt8>

  /// - Parameter callers: For each witness the numbers that it calls for.
  init(_ callers: [Witness: [Int32]], fieldCount: Int, everywhere: UInt32) {
    var building = Building(fieldCount: fieldCount, everywhere: everywhere)
    for (witness, numbers) in callers.sorted(by: { $0.key.sortKey < $1.key.sortKey }) {
      building.add(witness, numbers)
    }
    fields = Flat(building.fieldIndices())
    runs = Flat(building.runs)
    targets = Flat(building.targets)
    pool = Flat(building.pool)
  }

  func free() {
    for index in 0..<fields.count { fields[index].free() }
    fields.free()
    runs.free()
    targets.free()
    pool.free()
  }
}

/// An index under way.
private struct Building {
  struct Field {
    var key = Run.empty
    var equals: [(text: [UInt8], value: Int32)] = []
    var integers: [(key: UInt64, value: Int32)] = []
    var numbers: [Int32] = []
    var starts: [(text: Run, targets: Run)] = []
    var ends: [(text: Run, targets: Run)] = []
    var contains: [(text: Run, targets: Run)] = []
  }

  var fields: [Field]
  let everywhere: UInt32
  var runs: [Run] = []
  var targets: [Int32] = []
  var pool: [UInt8] = []

  init(fieldCount: Int, everywhere: UInt32) {
    fields = [Field](repeating: Field(), count: fieldCount)
    self.everywhere = everywhere
  }

  mutating func add(_ witness: Witness, _ numbers: [Int32]) {
    let run = Run(appending: numbers, to: &targets)
    let field = Int(witness.field == ProgramBuilder.everywhere ? everywhere : witness.field)
    switch witness {
    case .key: fields[field].key = run
    case .equals(_, let text):
      runs.append(run)
      fields[field].equals.append((text, Int32(runs.count - 1)))
    case .integer(_, let value):
      runs.append(run)
      fields[field].integers.append((UInt64(bitPattern: Int64(value)), Int32(runs.count - 1)))
      fields[field].numbers += numbers
    case .starts(_, let text): fields[field].starts.append((Run(appending: text, to: &pool), run))
    case .ends(_, let text): fields[field].ends.append((Run(appending: text, to: &pool), run))
    case .contains(_, let text): fields[field].contains.append((Run(appending: text, to: &pool), run))
    }
  }

  mutating func fieldIndices() -> [FieldIndex] {
    fields.map { field in
      var index = FieldIndex()
      index.key = field.key
      if !field.equals.isEmpty { index.equals = ByteTable(field.equals) }
      if !field.integers.isEmpty { index.integers = WordTable(field.integers) }
      index.oddNumbers = Run(appending: field.numbers, to: &targets)
      if !field.starts.isEmpty { index.starts = EdgeFilter(field.starts, pool: pool, at: .start) }
      if !field.ends.isEmpty { index.ends = EdgeFilter(field.ends, pool: pool, at: .end) }
      if !field.contains.isEmpty { index.contains = SubstringFilter(field.contains, pool: pool) }
      return index
    }
  }
}

extension Witness {
  var field: UInt32 {
    switch self {
    case .key(let field), .equals(let field, _), .starts(let field, _), .ends(let field, _), .contains(let field, _),
      .integer(let field, _):
      field
    }
  }

  /// An order that does not change from run to run.
  fileprivate var sortKey: SortKey {
    switch self {
    case .key(let field): SortKey(field: field, kind: 0, number: 0, text: [])
    case .equals(let field, let text): SortKey(field: field, kind: 1, number: 0, text: text)
    case .starts(let field, let text): SortKey(field: field, kind: 2, number: 0, text: text)
    case .ends(let field, let text): SortKey(field: field, kind: 3, number: 0, text: text)
    case .contains(let field, let text): SortKey(field: field, kind: 4, number: 0, text: text)
    case .integer(let field, let number): SortKey(field: field, kind: 5, number: number, text: [])
    }
  }

  fileprivate struct SortKey: Comparable {
    var field: UInt32
    var kind: Int
    var number: Int
    var text: [UInt8]

    static func < (left: SortKey, right: SortKey) -> Bool {
      if left.field != right.field { return left.field < right.field }
      if left.kind != right.kind { return left.kind < right.kind }
      if left.number != right.number { return left.number < right.number }
      return left.text.lexicographicallyPrecedes(right.text)
    }
  }
}

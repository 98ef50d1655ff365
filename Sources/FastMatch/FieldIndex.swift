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

  /// Whether the field calls for anything at all.
  var isAsked: Bool { looksAtText || integers != nil || !key.isEmpty || !oddNumbers.isEmpty }

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
  /// Of the fields for which anything waits.
  let fields: Flat<FieldIndex>
  /// Of each field its place among those, -1 where nothing waits for it.
  let slots: Flat<Int32>
  let runs: Flat<Run>
  let targets: Flat<Int32>
  let pool: Flat<UInt8>

  /// - Parameters:
  ///   - callers: For each witness the numbers that it calls for.
  ///   - usual: What is usual in the texts of events.
  init(_ callers: [(Witness, [Int32])], fieldCount: Int, everywhere: UInt32, usual: GramCounts? = nil) {
    var building = Building(fieldCount: fieldCount, everywhere: everywhere)
    for (witness, numbers) in callers { building.add(witness, numbers) }
    let indices = building.fieldIndices(usual)
    var next: Int32 = -1
    slots = Flat(
      indices.map { index in
        guard index.isAsked else { return -1 }
        next += 1
        return next
      })
    fields = Flat(indices.filter(\.isAsked))
    runs = Flat(building.runs)
    targets = Flat(building.targets)
    pool = Flat(building.pool)
  }

  func free() {
    for index in 0..<fields.count { fields[index].free() }
    fields.free()
    slots.free()
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

  mutating func fieldIndices(_ usual: GramCounts?) -> [FieldIndex] {
    fields.map { field in
      var index = FieldIndex()
      index.key = field.key
      if !field.equals.isEmpty { index.equals = ByteTable(field.equals) }
      if !field.integers.isEmpty { index.integers = WordTable(field.integers) }
      index.oddNumbers = Run(appending: field.numbers, to: &targets)
      if !field.starts.isEmpty { index.starts = EdgeFilter(field.starts, pool: pool, at: .start) }
      if !field.ends.isEmpty { index.ends = EdgeFilter(field.ends, pool: pool, at: .end) }
      if !field.contains.isEmpty { index.contains = SubstringFilter(field.contains, pool: pool, usual: usual) }
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
}

import Documents
import RuleIR

/// A piece of a detection on its way into selections and a condition.
indirect enum Clause: Hashable {
  case search(Search)
  case not(Clause)
  case all([Clause])
  case any([Clause])
}

/// What one search identifier says.
enum Search: Hashable {
  /// Any of the maps, each of which asks for all of its items.
  case maps([[Item]])
  /// Any of the keywords.
  case keywords([OutputNode])
}

/// A line of a map: a key with its values.
struct Item: Hashable {
  /// Empty for what is about every field.
  var field: String
  var chain: ModifierChain
  var values: [OutputNode]

  init(_ field: String, _ chain: ModifierChain, _ values: [OutputNode]) {
    self.field = field
    self.chain = chain
    self.values = values
  }

  static let null = OutputNode.bare("null")

  static func absence(of field: String) -> Item { Item(field, ModifierChain(), [null]) }

  /// The key as it is written; no two items of a map may share one.
  var key: String { ([field] + chain.words).joined(separator: "|") }

  /// Field and modifiers, however the values are joined.
  var base: Item {
    var base = self
    base.values = []
    base.chain.linking = .any
    return base
  }

  /// Whether further values may join it: null, `exists` and blocks about elements stand alone.
  var takesMoreValues: Bool {
    if case .mapping? = values.first { return false }
    if case .list? = values.first { return false }
    return chain.comparison != .presence && values != [Self.null]
  }

  var node: OutputNode.Member {
    OutputNode.Member(key, values.count == 1 ? values[0] : .list(values))
  }
}

extension Search {
  var node: OutputNode {
    switch self {
    case .keywords(let keywords): return .list(keywords)
    case .maps(let maps):
      let nodes = maps.map { OutputNode.mapping($0.map(\.node)) }
      return nodes.count == 1 ? nodes[0] : .list(nodes)
    }
  }
}

// MARK: Joining

extension Clause {
  /// All of the clauses, with maps merged as far as their keys allow, and what is excluded gathered by field.
  static func conjunction(_ clauses: [Clause]) -> Clause {
    var joiner = ConjunctionJoiner()
    for clause in clauses { joiner.add(clause) }
    let joined = joiner.clauses
    return joined.count == 1 ? joined[0] : .all(joined)
  }

  /// Any of the clauses, with values of one key merged into a list and maps into a list of maps.
  static func disjunction(_ clauses: [Clause]) -> Clause {
    var joiner = DisjunctionJoiner()
    for clause in clauses { joiner.add(clause) }
    let joined = joiner.clauses
    return joined.count == 1 ? joined[0] : .any(joined)
  }

  static func negation(of clause: Clause) -> Clause {
    if case .not(let inner) = clause { inner } else { .not(clause) }
  }
}

/// Merges the clauses of a conjunction.
private struct ConjunctionJoiner {
  private var maps: [[Item]] = []
  /// The exclusions, those of one field in one.
  private var excluded: [Clause] = []
  private var excludedFields: [String: Int] = [:]
  private var rest: [Clause] = []

  var clauses: [Clause] { maps.map { .search(.maps([$0])) } + rest + excluded }

  mutating func add(_ clause: Clause) {
    switch clause {
    case .all(let parts): for part in parts { add(part) }
    case .search(.maps(let maps)) where maps.count == 1: for item in maps[0] { add(item) }
    case .not(let inner): exclude(inner)
    case .search, .any: rest.append(clause)
    }
  }

  private mutating func add(_ item: Item) {
    for index in maps.indices where Self.absorb(item, into: &maps[index]) { return }
    maps.append([item])
  }

  private static func absorb(_ item: Item, into map: inout [Item]) -> Bool {
    if map.contains(item) { return true }
    let twin = map.firstIndex { other in
      other.base == item.base && other.isJoinedByAll && item.isJoinedByAll
    }
    if let twin {
      map[twin].chain.linking = .all
      map[twin].values += item.values
      return true
    }
    guard !map.contains(where: { $0.key == item.key }) else { return false }
    map.append(item)
    return true
  }

  /// `not a and not b` is `not (a or b)`: what one field must not be stands in one selection.
  private mutating func exclude(_ clause: Clause) {
    guard case .search(.maps(let maps)) = clause, let field = maps.first?.first?.field,
      maps.allSatisfy({ $0.count == 1 && $0[0].field == field })
    else {
      excluded.append(.not(clause))
      return
    }
    if let index = excludedFields[field], case .not(let other) = excluded[index] {
      excluded[index] = .not(.disjunction([other, clause]))
    } else {
      excludedFields[field] = excluded.count
      excluded.append(.not(clause))
    }
  }
}

/// Merges the clauses of a disjunction.
private struct DisjunctionJoiner {
  private var maps: [[Item]] = []
  /// Where the single items of one key are.
  private var single: [Item: Int] = [:]
  private var keywords: [OutputNode] = []
  private var rest: [Clause] = []

  var clauses: [Clause] {
    (maps.isEmpty ? [] : [.search(.maps(maps))]) + (keywords.isEmpty ? [] : [.search(.keywords(keywords))]) + rest
  }

  mutating func add(_ clause: Clause) {
    switch clause {
    case .any(let parts): for part in parts { add(part) }
    case .search(.maps(let maps)): for map in maps { add(map) }
    case .search(.keywords(let words)): keywords += words
    case .not, .all: rest.append(clause)
    }
  }

  private mutating func add(_ map: [Item]) {
    guard map.count == 1, map[0].takesMoreValues, map[0].chain.linking == .any else {
      maps.append(map)
      return
    }
    if let index = single[map[0].base] {
      maps[index][0].values += map[0].values
    } else {
      single[map[0].base] = maps.count
      maps.append(map)
    }
  }
}

extension Item {
  /// Whether all of its values are asked for.
  fileprivate var isJoinedByAll: Bool { takesMoreValues && (values.count == 1 || chain.linking == .all) }
}

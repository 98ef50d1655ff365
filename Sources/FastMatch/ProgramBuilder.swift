import Matcher
import RuleIR

/// Makes shared leaves and nodes of predicates.
struct ProgramBuilder {
  private(set) var paths: [[String]] = []
  private(set) var leaves: [Leaf] = []
  private(set) var nodes: [Node] = []
  private(set) var children: [Int32] = []
  private(set) var pool: [UInt8] = []
  private(set) var globs: [ByteGlob] = []
  private(set) var sets: [LiteralSet] = []
  private(set) var textSets: [[TextSet.Test]] = []
  private(set) var regexes: [CompiledRegex] = []
  private(set) var trees: [TreeMatcher] = []
  /// The conditions of leaves that the tree interpreter is asked about value by value.
  private(set) var conditions: [ValueCondition] = []
  private(set) var costs: [Int] = []
  /// Whether some test looks at every scalar.
  private(set) var looksEverywhere = false

  private var fieldNumbers: [[[UInt8]]: UInt32] = [:]
  private var leafNumbers: [LeafKey: Int32] = [:]
  private var nodeNumbers: [NodeKey: Int32] = [:]

  private var textsNumbers: [TextsKey: Int32] = [:]

  private struct TextsKey: Hashable {
    var field: UInt32
    var textCase: TextCase
    var tests: Set<TextSet.Test>
  }

  private struct LeafKey: Hashable {
    var predicate: Predicate
    /// Texts that compare equal in Swift though their bytes differ are told apart by them.
    var exact: [UInt8]
  }

  private struct NodeKey: Hashable {
    var kind: Node.Kind
    var parts: [Int32]
  }

  // MARK: - Nodes

  /// The node that is true of nothing.
  var never: Int32 { mutating get { add(Node(kind: .any, operand: -1, children: .empty), [], cost: 1) } }

  mutating func node(_ predicate: Predicate) throws(EvaluationFailure) -> Int32 {
    switch predicate {
    case .all(let parts): return try group(.all, parts)
    case .any(let parts): return try group(.any, parts)
    case .not(let inner):
      let operand = try node(inner)
      return add(Node(kind: .not, operand: operand, children: .empty), [operand], cost: costs[Int(operand)])
    case .presence, .field, .some, .every, .anyField, .rawTerm:
      let leaf = try self.leaf(predicate)
      return add(Node(kind: .leaf, operand: leaf, children: .empty), [leaf], cost: leaves[Int(leaf)].cost)
    }
  }

  private mutating func group(_ kind: Node.Kind, _ parts: [Predicate]) throws(EvaluationFailure) -> Int32 {
    var numbers: [Int32] = []
    for part in kind == .any ? try gatherTexts(parts, &numbers) : parts {
      let number = try node(part)
      if !numbers.contains(number) || numbers.count > 64 { numbers.append(number) }
    }
    // The cheapest first: often the others need not be asked.
    numbers.sort { (costs[Int($0)], $0) < (costs[Int($1)], $1) }
    let cost = numbers.reduce(1) { $0 + costs[Int($1)] }
    return add(Node(kind: kind, operand: -1, children: .empty), numbers, cost: cost)
  }

  /// Makes one leaf of each four or more parts that test the text of one field, and gives the other parts.
  private mutating func gatherTexts(
    _ parts: [Predicate], _ numbers: inout [Int32]
  ) throws(EvaluationFailure) -> [Predicate] {
    guard parts.count > 3 else { return parts }
    struct Group: Hashable {
      var field: UInt32
      var textCase: TextCase
    }
    var groups: [Group: [(index: Int, test: TextSet.Test)]] = [:]
    for (index, part) in parts.enumerated() {
      guard case .field(let test) = part, let member = test.setMember(), let field = field(test.field) else { continue }
      groups[Group(field: field, textCase: member.textCase), default: []].append((index, member.test))
    }
    var taken: Set<Int> = []
    for (group, members) in groups.sorted(by: { $0.value[0].index < $1.value[0].index }) where members.count > 3 {
      numbers.append(texts(members.map(\.test), group.field, group.textCase))
      taken.formUnion(members.map(\.index))
    }
    if taken.isEmpty { return parts }
    return parts.indices.filter { !taken.contains($0) }.map { parts[$0] }
  }

  private mutating func texts(_ tests: [TextSet.Test], _ field: UInt32, _ textCase: TextCase) -> Int32 {
    let key = TextsKey(field: field, textCase: textCase, tests: Set(tests))
    let leafNumber: Int32
    if let known = textsNumbers[key] {
      leafNumber = known
    } else {
      textSets.append(tests)
      var leaf = blank(.texts, field: field, aid: textSets.count - 1)
      leaf.isFolded = textCase == .insensitive
      leaves.append(leaf)
      leafNumber = Int32(leaves.count - 1)
      textsNumbers[key] = leafNumber
    }
    return add(
      Node(kind: .leaf, operand: leafNumber, children: .empty), [leafNumber], cost: leaves[Int(leafNumber)].cost)
  }

  private mutating func add(_ node: Node, _ parts: [Int32], cost: Int) -> Int32 {
    let key = NodeKey(kind: node.kind, parts: parts)
    if let known = nodeNumbers[key] { return known }
    var node = node
    if node.kind == .all || node.kind == .any { node.children = Run(appending: parts, to: &children) }
    nodes.append(node)
    costs.append(cost)
    nodeNumbers[key] = Int32(nodes.count - 1)
    return Int32(nodes.count - 1)
  }

  // MARK: - Fields

  /// The number of the field at these keys.
  mutating func field(_ keys: [String]) -> UInt32 {
    let key = keys.map { Array($0.utf8) }
    if let known = fieldNumbers[key] { return known }
    paths.append(keys)
    fieldNumbers[key] = UInt32(paths.count - 1)
    return UInt32(paths.count - 1)
  }

  /// The number of a field that is reached by keys alone; nil for all others.
  mutating func field(_ path: FieldPath) -> UInt32? {
    guard let keys = path.plainKeys, !keys.isEmpty else { return nil }
    return field(keys)
  }

  mutating func lookEverywhere() { looksEverywhere = true }

  // MARK: - Leaves

  private mutating func leaf(_ predicate: Predicate) throws(EvaluationFailure) -> Int32 {
    let key = LeafKey(predicate: predicate, exact: predicate.exactBytes)
    if let known = leafNumbers[key] { return known }
    let leaf: Leaf
    if let native = try native(predicate) { leaf = native } else { leaf = try tree(predicate) }
    leaves.append(leaf)
    leafNumbers[key] = Int32(leaves.count - 1)
    return Int32(leaves.count - 1)
  }

  private mutating func tree(_ predicate: Predicate) throws(EvaluationFailure) -> Leaf {
    trees.append(try TreeMatcher(predicate))
    return blank(.tree, aid: trees.count - 1)
  }

  private func blank(_ kind: Leaf.Kind, field: UInt32 = 0, aid: Int = -1) -> Leaf {
    Leaf(
      kind: kind, field: field, isFolded: false, takesSpelling: false, wantsFailure: false, literal: .empty,
      aid: Int32(aid))
  }

  /// The test in a form that needs no tree of the event; nil where there is none.
  private mutating func native(_ predicate: Predicate) throws(EvaluationFailure) -> Leaf? {
    switch predicate {
    case .presence(let test):
      guard let field = field(test.field) else { return nil }
      switch test.kind {
      case .key: return blank(.key, field: field)
      case .value: return blank(.present, field: field)
      case .single:
        trees.append(try TreeMatcher(predicate))
        return blank(.single, field: field, aid: trees.count - 1)
      }
    case .field(let test):
      guard test.subject == .value || test.subject == .spelling, let field = field(test.field),
        var leaf = try condition(test.condition, field: field, test.origin)
      else { return nil }
      leaf.takesSpelling = test.subject == .spelling
      leaf.wantsFailure = test.polarity == .someValueFails
      return leaf
    case .anyField(let test):
      guard var leaf = try condition(test.condition, field: Self.everywhere, test.origin) else { return nil }
      looksEverywhere = true
      trees.append(try TreeMatcher(predicate))
      leaf.takesSpelling = true
      leaf.confirmer = Int32(trees.count - 1)
      return leaf
    case .all, .any, .not, .some, .every, .rawTerm: return nil
    }
  }

  /// Stands for the field of all scalars until the number of fields is known.
  static let everywhere = UInt32.max

  private mutating func condition(
    _ condition: Condition, field: UInt32, _ origin: Origin
  ) throws(EvaluationFailure) -> Leaf? {
    switch condition {
    case .equals(let literal): return literals([literal], field: field)
    case .oneOf(let literals): return self.literals(literals, field: field)
    case .matches(let pattern, let textCase): return matching(pattern, textCase, field: field)
    case .regex(let pattern):
      let regex: CompiledRegex
      do throws(CompiledRegex.Refusal) {
        regex = try CompiledRegex(pattern)
      } catch {
        throw EvaluationFailure(reason: "the regular expression cannot be run: \(error.reason)", origin: origin)
      }
      regexes.append(regex)
      return blank(.regex, field: field, aid: regexes.count - 1)
    case .order, .network, .term, .encoded:
      conditions.append(ValueCondition(condition))
      return blank(.value, field: field, aid: conditions.count - 1)
    case .field: return nil
    }
  }

  private mutating func literals(_ literals: [Literal], field: UInt32) -> Leaf {
    if literals.count == 1, case .text(let text, let textCase) = literals[0] {
      return self.text(.equals, text, textCase, field: field)
    }
    sets.append(LiteralSet(literals))
    return blank(.literals, field: field, aid: sets.count - 1)
  }

  private mutating func matching(_ pattern: TextPattern, _ textCase: TextCase, field: UInt32) -> Leaf {
    switch pattern.shape {
    case .exact(let literal): return text(.equals, literal, textCase, field: field)
    case .prefix(let literal): return text(.starts, literal, textCase, field: field)
    case .suffix(let literal): return text(.ends, literal, textCase, field: field)
    case .contains(let literal): return text(.contains, literal, textCase, field: field)
    case .anything: return blank(.anything, field: field)
    case .glob:
      globs.append(ByteGlob(pattern, textCase))
      var leaf = blank(.glob, field: field, aid: globs.count - 1)
      leaf.isFolded = textCase == .insensitive
      return leaf
    }
  }

  private mutating func text(_ kind: Leaf.Kind, _ text: String, _ textCase: TextCase, field: UInt32) -> Leaf {
    var leaf = blank(kind, field: field)
    leaf.literal = Run(appending: Array(textCase.key(text).utf8), to: &pool)
    leaf.isFolded = textCase == .insensitive
    return leaf
  }
}

extension Predicate {
  /// The bytes of a test's texts other than its literals, of which two with the same meaning in Swift may differ.
  fileprivate var exactBytes: [UInt8] {
    switch self {
    case .presence(let test): Array(test.field.dotted.utf8)
    case .field(let test): Array(test.field.dotted.utf8) + test.condition.exactBytes
    case .anyField(let test): test.condition.exactBytes
    case .all, .any, .not, .some, .every, .rawTerm: Array(PredicateOutline(.terse).text(of: self).utf8)
    }
  }
}

extension Condition {
  fileprivate var exactBytes: [UInt8] {
    switch self {
    case .regex(let pattern): [0] + Array(pattern.text.utf8)
    case .term(let match): [0] + Array(match.text.utf8)
    case .field(_, let path, _): [0] + Array(path.dotted.utf8)
    case .equals, .oneOf, .matches, .order, .network, .encoded: []
    }
  }
}

extension FieldPath {
  /// The keys of a path that has nothing else, none with so many dots that its ways to split are a burden.
  var plainKeys: [String]? {
    var keys: [String] = []
    for step in steps {
      guard case .key(let key) = step, key.utf8.count(where: { $0 == UInt8(ascii: ".") }) <= 8 else { return nil }
      keys.append(key)
    }
    return keys
  }

  /// The keys that come first: an event in which they lead nowhere has nothing at the path.
  var leadingKeys: [String] {
    var keys: [String] = []
    for step in steps {
      guard case .key(let key) = step, key.utf8.count(where: { $0 == UInt8(ascii: ".") }) <= 8 else { break }
      keys.append(key)
    }
    return keys
  }
}

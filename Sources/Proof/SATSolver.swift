/// Decides clauses by conflict-driven search.
///
/// Watched literals, learning at the first unique implication point, restarts. A variable is tried as false first, so
/// that what is found true is needed. Deterministic: the same clauses give the same answers.
struct SATSolver {
  /// A variable or its negation: `2 * variable`, or one more.
  typealias Literal = Int

  enum Outcome { case satisfiable, unsatisfiable, exhausted }

  private var clauses: [[Literal]] = []
  private var watches: [[Int]] = []
  /// For each variable: nil, or its value.
  private var values: [Bool?] = []
  private var levels: [Int] = []
  private var reasons: [Int?] = []
  private var activity: [Double] = []
  private var trail: [Literal] = []
  private var trailMarks: [Int] = []
  private var propagated = 0
  private var order: [Int] = []
  private var nextInOrder = 0
  private var isContradictory = false
  private(set) var conflicts = 0
  private let effort: Effort

  init(effort: Effort) { self.effort = effort }

  static func positive(_ variable: Int) -> Literal { variable * 2 }
  static func negative(_ variable: Int) -> Literal { variable * 2 + 1 }

  mutating func addVariable() -> Int {
    values.append(nil)
    levels.append(0)
    reasons.append(nil)
    activity.append(0)
    watches.append([])
    watches.append([])
    order.append(values.count - 1)
    return values.count - 1
  }

  func value(of variable: Int) -> Bool { values[variable] ?? false }

  /// Adds a clause; what was decided so far is taken back.
  mutating func add(_ clause: [Literal]) {
    backtrack(to: 0)
    var literals: [Literal] = []
    var known: Set<Literal> = []
    for literal in clause {
      if truth(literal) == true || known.contains(literal ^ 1) { return }
      if truth(literal) == nil, known.insert(literal).inserted { literals.append(literal) }
    }
    switch literals.count {
    case 0: isContradictory = true
    case 1: if !enqueue(literals[0], because: nil) { isContradictory = true }
    case _: attach(literals)
    }
  }

  private mutating func attach(_ clause: [Literal]) {
    watches[clause[0]].append(clauses.count)
    watches[clause[1]].append(clauses.count)
    clauses.append(clause)
  }

  /// Looks for values that satisfy every clause.
  ///
  /// - Parameter budget: The number of conflicts after which it gives up.
  mutating func solve(budget: Int) -> Outcome {
    guard !isContradictory else { return .unsatisfiable }
    let limit = conflicts + budget
    var untilRestart = 100
    while true {
      if effort.isSpent { return .exhausted }
      if let conflict = propagate() {
        conflicts += 1
        if trailMarks.isEmpty {
          isContradictory = true
          return .unsatisfiable
        }
        learn(from: conflict)
        untilRestart -= 1
        if conflicts > limit { return .exhausted }
        if untilRestart == 0 {
          untilRestart = 100
          restart()
        }
      } else if let variable = nextUnassigned() {
        trailMarks.append(trail.count)
        _ = enqueue(Self.negative(variable), because: nil)
      } else {
        return .satisfiable
      }
    }
  }

  private mutating func restart() {
    backtrack(to: 0)
    effort.spend(order.count)
    order.sort { activity[$0] != activity[$1] ? activity[$0] > activity[$1] : $0 < $1 }
    nextInOrder = 0
  }

  private mutating func nextUnassigned() -> Int? {
    let first = nextInOrder
    defer { effort.spend(nextInOrder - first) }
    while nextInOrder < order.count {
      if values[order[nextInOrder]] == nil { return order[nextInOrder] }
      nextInOrder += 1
    }
    return nil
  }

  private func truth(_ literal: Literal) -> Bool? {
    values[literal >> 1].map { $0 == (literal & 1 == 0) }
  }

  private mutating func enqueue(_ literal: Literal, because reason: Int?) -> Bool {
    if let known = truth(literal) { return known }
    values[literal >> 1] = literal & 1 == 0
    levels[literal >> 1] = trailMarks.count
    reasons[literal >> 1] = reason
    trail.append(literal)
    return true
  }

  /// Draws all consequences; the clause that turns out false, if any.
  private mutating func propagate() -> Int? {
    while propagated < trail.count {
      let falsified = trail[propagated] ^ 1
      propagated += 1
      var kept: [Int] = []
      let watching = watches[falsified]
      effort.spend(1 + watching.count)
      watches[falsified] = []
      for (position, index) in watching.enumerated() {
        if !rewatch(index, falsified) {
          kept.append(index)
          let other = clauses[index][0] == falsified ? clauses[index][1] : clauses[index][0]
          if !enqueue(other, because: index) {
            watches[falsified] += kept + watching[(position + 1)...]
            return index
          }
        }
      }
      watches[falsified] += kept
    }
    return nil
  }

  /// Finds another literal for a clause to watch; false where its last hope is the other one.
  private mutating func rewatch(_ index: Int, _ falsified: Literal) -> Bool {
    if clauses[index][0] == falsified { clauses[index].swapAt(0, 1) }
    if truth(clauses[index][0]) == true { return false }
    effort.spend(clauses[index].count / 8)
    for position in clauses[index].indices.dropFirst(2) where truth(clauses[index][position]) != false {
      clauses[index].swapAt(1, position)
      watches[clauses[index][1]].append(index)
      return true
    }
    return false
  }

  /// Learns the clause at the first unique implication point and goes back to where it decides something.
  private mutating func learn(from conflict: Int) {
    var seen: Set<Int> = []
    var learned: [Literal] = []
    var pending = 0
    var clause = clauses[conflict]
    var at = trail.count
    var pivot: Literal = -1
    repeat {
      effort.spend(clause.count)
      for literal in clause where literal != pivot {
        let variable = literal >> 1
        guard levels[variable] > 0, seen.insert(variable).inserted else { continue }
        activity[variable] += Double(conflicts + 1)
        if levels[variable] == trailMarks.count { pending += 1 } else { learned.append(literal) }
      }
      repeat { at -= 1 } while !seen.contains(trail[at] >> 1)
      pivot = trail[at]
      pending -= 1
      clause = reasons[pivot >> 1].map { clauses[$0] } ?? []
    } while pending > 0
    let level = learned.map { levels[$0 >> 1] }.max() ?? 0
    backtrack(to: level)
    guard !learned.isEmpty else {
      if !enqueue(pivot ^ 1, because: nil) { isContradictory = true }
      return
    }
    // The second watch must be one of the last that were decided.
    if let last = learned.firstIndex(where: { levels[$0 >> 1] == level }) { learned.swapAt(0, last) }
    attach([pivot ^ 1] + learned)
    _ = enqueue(pivot ^ 1, because: clauses.count - 1)
  }

  private mutating func backtrack(to level: Int) {
    guard trailMarks.count > level else { return }
    for literal in trail[trailMarks[level]...] { values[literal >> 1] = nil }
    trail.removeSubrange(trailMarks[level]...)
    trailMarks.removeSubrange(level...)
    propagated = trail.count
    nextInOrder = 0
  }
}

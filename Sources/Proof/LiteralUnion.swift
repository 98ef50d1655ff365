import RuleIR

/// Many patterns of one literal each, none of which may cover a text: followed all at once.
final class LiteralUnion {
  private var floating = LiteralTrie()
  private var anchored = LiteralTrie()
  private let alphabet: [Unicode.Scalar]
  private let patterns: [(glob: Glob, demand: Int)]

  private struct State: Hashable {
    var floating: Int
    /// Nil where the text is no longer a beginning of any literal.
    var anchored: Int?
  }

  private var states: [State] = []
  private var numbers: [State: Int] = [:]
  private var steps: [Int32] = []
  private let effort: Effort

  /// - Parameter patterns: Each with a `literal`, all alike in whether they ignore case.
  init(_ patterns: [(glob: Glob, demand: Int)], over alphabet: [Unicode.Scalar], effort: Effort) {
    self.patterns = patterns
    self.effort = effort
    let folds = patterns.first?.glob.ignoresCase ?? false
    self.alphabet = folds ? alphabet.map(\.simplyFolded) : alphabet
    for (index, pattern) in patterns.enumerated() {
      let literal = pattern.glob.literal ?? []
      if pattern.glob.opensLeft { floating.insert(literal, index) } else { anchored.insert(literal, index) }
    }
    floating.finish()
    anchored.finish()
    _ = number(of: State(floating: LiteralTrie.root, anchored: LiteralTrie.root))
  }

  var initial: Int { 0 }

  private func number(of state: State) -> Int {
    if let known = numbers[state] { return known }
    numbers[state] = states.count
    effort.spend(alphabet.count)
    states.append(state)
    steps.append(contentsOf: repeatElement(-1, count: alphabet.count))
    return states.count - 1
  }

  func step(_ number: Int, _ symbol: Int) -> Int {
    let known = steps[number * alphabet.count + symbol]
    if known >= 0 { return Int(known) }
    let state = states[number]
    let scalar = alphabet[symbol]
    let next = self.number(
      of: State(
        floating: floating.step(state.floating, scalar),
        anchored: state.anchored.flatMap { anchored.descend($0, scalar) }))
    steps[number * alphabet.count + symbol] = Int32(next)
    return next
  }

  /// The demand of a pattern that covers every text that goes on from here; nil where there is none.
  func coveringForever(_ number: Int) -> Int? { covering(number) { $0.opensRight } }

  /// The demand of a pattern that covers the text that ends here; nil where there is none.
  func coveringNow(_ number: Int) -> Int? { covering(number) { _ in true } }

  private func covering(_ number: Int, _ isMeant: (Glob) -> Bool) -> Int? {
    var found: Int?
    func visit(_ index: Int) {
      if isMeant(patterns[index].glob) { found = min(index, found ?? index) }
    }
    floating.forEachLiteral(endingAt: states[number].floating, visit)
    if let node = states[number].anchored { anchored.literals(at: node).forEach(visit) }
    return found.map { patterns[$0].demand }
  }
}

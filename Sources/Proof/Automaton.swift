/// A pattern's automaton made deterministic over an alphabet, as far as it is walked.
final class Automaton {
  private let network: PatternNetwork
  /// Whether a set of the network has a symbol of the alphabet.
  private let members: [[Bool]]
  private let kinds: [PatternNetwork.Neighbour]

  /// What is known of a state.
  private struct State {
    var place: PatternNetwork.Place
    var accepts: Bool
    var acceptsForever: Bool
    /// Nil where nothing that follows is accepted.
    var distance: Int?
  }

  private var states: [State] = []
  private var numbers: [PatternNetwork.Place: Int] = [:]
  /// By state and symbol; -1 where it was not walked yet.
  private var steps: [Int32] = []

  private let effort: Effort

  init(_ network: PatternNetwork, over alphabet: [Unicode.Scalar], effort: Effort) {
    self.network = network
    self.effort = effort
    effort.spend(network.sets.count * alphabet.count)
    kinds = alphabet.map { PatternNetwork.neighbour($0) }
    members = network.sets.map { set in alphabet.map { set.contains($0) } }
    _ = number(of: network.start)
  }

  private func number(of place: PatternNetwork.Place) -> Int {
    if let known = numbers[place] { return known }
    numbers[place] = states.count
    effort.spend(kinds.count + network.size / 16)
    states.append(
      State(
        place: place, accepts: network.accepts(place), acceptsForever: place.states.intersects(network.openEnds),
        distance: network.distance(from: place)))
    steps.append(contentsOf: repeatElement(-1, count: kinds.count))
    return states.count - 1
  }

  /// The number of the state before the first scalar.
  var initial: Int { 0 }

  /// The state after a symbol of the alphabet.
  func step(_ state: Int, _ symbol: Int) -> Int {
    let known = steps[state * kinds.count + symbol]
    if known >= 0 { return Int(known) }
    effort.spend(1 + network.size / 16)
    let next = number(of: network.step(states[state].place, over: kinds[symbol]) { members[$0][symbol] })
    steps[state * kinds.count + symbol] = Int32(next)
    return next
  }

  /// Whether a text may end here.
  func accepts(_ state: Int) -> Bool { states[state].accepts }

  /// Whether every text that goes on from here is accepted.
  func acceptsForever(_ state: Int) -> Bool { states[state].acceptsForever }

  /// The least number of scalars that must follow; nil where nothing that follows is accepted.
  func distance(_ state: Int) -> Int? { states[state].distance }
}

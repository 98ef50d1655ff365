import RuleIR
import TestSupport
import Testing

@testable import Proof

/// What patterns say of each other, against all small texts.
@Suite struct GlobTests {
  static let texts: [TextSample] = {
    var all = [""]
    var last = [""]
    for _ in 0..<4 {
      last = last.flatMap { text in ["a", "A", "b", "."].map { text + $0 } }
      all += last
    }
    return all.map(TextSample.init)
  }()

  static func glob(_ random: inout SeededRandom) -> (glob: Glob, pattern: TextPattern, textCase: TextCase) {
    let parts: [TextPattern.Part] = (0..<Int.random(in: 0...4, using: &random)).map { _ in
      random.pick([.literal("a"), .literal("A"), .literal("b"), .literal("."), .anyRun, .anyScalar])
    }
    let (pattern, textCase) = (TextPattern(parts), random.pick(TextCase.allCases))
    return (Glob(pattern, textCase), pattern, textCase)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `what is said of two patterns holds for every text`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var (within, apart) = (0, 0)
    for _ in 0..<400 {
      let (one, other) = (Self.glob(&random), Self.glob(&random))
      let covered = Self.texts.filter { one.glob.covers($0) }
      if one.glob.isWithin(other.glob) {
        within += 1
        #expect(covered.allSatisfy { other.glob.covers($0) }, "\(one.pattern) in \(other.pattern)")
      }
      if one.glob.isApart(from: other.glob) {
        apart += 1
        #expect(!covered.contains { other.glob.covers($0) }, "\(one.pattern) beside \(other.pattern)")
      }
    }
    #expect(within > 10 && apart > 10)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `a pattern and its automaton cover the same texts`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      let one = Self.glob(&random)
      let network = PatternNetwork(one.glob.tree)
      for text in Self.texts {
        #expect(network.accepts(text.scalars) == one.glob.covers(text), "\(one.pattern) \(text.text)")
      }
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `a search through all texts agrees with trying small ones`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      let globs = (0..<4).map { _ in Self.glob(&random) }
      let languages = globs.enumerated().map { index, entry in
        (language: TextLanguage(.matches(entry.pattern, entry.textCase)), wanted: index < 2)
      }
      func passes(_ text: TextSample, _ indices: some Sequence<Int>) -> Bool {
        indices.allSatisfy { globs[$0].glob.covers(text) == languages[$0].wanted }
      }
      var search = TextSearch(languages, budget: 10_000, effort: Effort(limit: 1_000_000))
      switch search.run() {
      case .found(let text): #expect(passes(TextSample(text), 0..<4), "\(text)")
      case .none(let core):
        #expect(!Self.texts.contains { passes($0, core) }, "\(globs.map(\.pattern)) \(core)")
      case .undecided(let reason): Issue.record("undecided: \(reason)")
      }
    }
  }
}

import Events
import RuleIR

extension MatchProgram {
  /// Whether choosing witnesses anew pays: with few predicates there is little to choose.
  var isWorthTuning: Bool { predicates.count >= 50 }

  /// A program with the same predicates, each called for by what is rare in a sample of events.
  ///
  /// - Parameter sample: Texts of events, each with `TextChunk.padding` bytes of zero behind it.
  package func tuned(to sample: [[UInt8]]) -> MatchProgram {
    let counts = Witnesses(self).counts(in: sample)
    let usual = counts.grams
    guard counts.events >= 100 else { return self }
    // What the sample never had is still told apart by the guess.
    let frequencies = zip(counts.witnesses, choices.witnesses).map { count, witness in
      count * 10_000 / counts.events + witness.guess / 100
    }
    return MatchProgram(
      self,
      groups: choices.groups(
        frequencies, fieldCount: layout.fieldCount + 1, everywhere: everywhere, usual: usual), usual: usual)
  }
}

/// Counts witnesses in events: an index in which each calls for itself.
private final class Witnesses {
  private let program: MatchProgram
  private let index: WitnessIndex
  private let count: Int

  init(_ program: MatchProgram) {
    self.program = program
    count = program.choices.witnesses.count
    index = WitnessIndex(
      program.choices.witnesses.enumerated().map { ($1, [Int32($0)]) }, fieldCount: program.layout.fieldCount + 1,
      everywhere: program.everywhere)
  }

  deinit { index.free() }

  func counts(in sample: [[UInt8]]) -> (witnesses: [Int], events: Int, grams: GramCounts) {
    // Every witness counts, whatever else its predicates need.
    let nothing = Flat([UInt64](repeating: 0, count: count))
    defer { nothing.free() }
    let session = MatchSession(program, targets: count, needing: nothing)
    var counts = [Int](repeating: 0, count: count)
    var events = 0
    let grams = GramCounts { count in
      for line in sample {
        line.withUnsafeBufferPointer { bytes in
          guard let base = bytes.baseAddress else { return }
          let length = bytes.count - TextChunk.padding
          guard session.visit(index, base, length: length, { counts[Int($0)] += 1 }) else { return }
          events += 1
          session.eachFolded(of: index, count)
        }
      }
    }
    return (counts, events, grams)
  }
}

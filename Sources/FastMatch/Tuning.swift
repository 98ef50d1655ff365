import Events
import RuleIR

extension MatchProgram {
  /// Whether choosing witnesses anew pays: with few predicates there is little to choose.
  var isWorthTuning: Bool { predicates.count >= 50 }

  /// A program with the same predicates, each called for by what is rare in a sample of events.
  ///
  /// - Parameter sample: Texts of events, each with `TextChunk.padding` bytes of zero behind it.
  package func tuned(to sample: [[UInt8]]) -> MatchProgram {
    var finder = WitnessFinder(builder: ProgramBuilder(), seen: nil)
    for predicate in predicates { _ = finder.find(predicate) }
    let witnesses = finder.met.filter { $0.field != ProgramBuilder.everywhere }
    let questions = witnesses.compactMap { witness in
      witness.question(finder.builder.paths[Int(witness.field)]).map { (witness, $0) }
    }
    let session = MatchSession(MatchProgram(questions.map(\.1)))
    var counts = [Int](repeating: 0, count: questions.count)
    var total = 0
    for line in sample {
      let answers = line.withUnsafeBufferPointer { bytes in
        bytes.baseAddress.flatMap { session.match($0, length: bytes.count - TextChunk.padding) }
      }
      guard let answers else { continue }
      total += 1
      for answer in answers { counts[answer.predicate] += 1 }
    }
    guard total >= 100 else { return self }
    var seen: [String: Int] = [:]
    for (index, (witness, _)) in questions.enumerated() {
      // What the sample never had is still told apart by the guess.
      let keys = finder.builder.paths[Int(witness.field)]
      seen[witness.name(keys)] = counts[index] * 10_000 / total + witness.guess / 100
    }
    return MatchProgram(predicates, showing: shown.map(\.keys), seen: seen)
  }
}

extension Witness {
  /// A name that does not depend on how fields are numbered.
  func name(_ keys: [String]) -> String {
    let path = keys.joined(separator: "\u{1}")
    switch self {
    case .key: return "k\(path)"
    case .equals(_, let text): return "=\(path)\u{2}\(String(decoding: text, as: UTF8.self))"
    case .starts(_, let text): return "^\(path)\u{2}\(String(decoding: text, as: UTF8.self))"
    case .ends(_, let text): return "$\(path)\u{2}\(String(decoding: text, as: UTF8.self))"
    case .contains(_, let text): return "~\(path)\u{2}\(String(decoding: text, as: UTF8.self))"
    case .integer(_, let number): return "#\(path)\u{2}\(number)"
    }
  }

  /// The predicate that asks whether an event has it.
  fileprivate func question(_ keys: [String]) -> Predicate? {
    let path = FieldPath(keys.map(FieldPath.Step.key))
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    switch self {
    case .key: return .presence(PresenceTest(.key, path))
    case .equals(_, let bytes): return .field(FieldTest(path, .equals(.text(text(bytes), .insensitive))))
    case .starts(_, let bytes): return .field(FieldTest(path, .matches(.prefix(text(bytes)), .insensitive)))
    case .ends(_, let bytes): return .field(FieldTest(path, .matches(.suffix(text(bytes)), .insensitive)))
    case .contains(_, let bytes): return .field(FieldTest(path, .matches(.contains(text(bytes)), .insensitive)))
    case .integer(_, let number): return .field(FieldTest(path, .equals(.number(Number(number), .coercing))))
    }
  }
}

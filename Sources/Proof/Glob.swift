import RuleIR

/// A text with wildcards, taken apart for quick questions about it alone and beside another.
struct Glob: Hashable {
  /// A scalar, or nil for `?`.
  typealias Symbol = Unicode.Scalar?

  /// What stands between the `*`, at least one run, which may be empty.
  let runs: [[Symbol]]
  /// Whether a `*` comes first, or last.
  let opensLeft: Bool
  let opensRight: Bool
  /// Where true the scalars are folded; false also where no scalar has another case.
  let ignoresCase: Bool
  /// The pattern as one row.
  private let pieces: [Piece]

  private enum Piece: Hashable {
    case scalar(Unicode.Scalar)
    case anyScalar
    case anyRun
  }

  init(_ pattern: TextPattern, _ textCase: TextCase) {
    ignoresCase =
      textCase == .insensitive && pattern.literals.contains { $0.unicodeScalars.contains(where: \.hasCaseVariants) }
    var runs: [[Symbol]] = [[]]
    for part in pattern.parts {
      switch part {
      case .literal(let text):
        runs[runs.count - 1] += (ignoresCase ? text.simplyFolded : text).unicodeScalars.map { $0 }
      case .anyScalar: runs[runs.count - 1].append(nil)
      case .anyRun: runs.append([])
      }
    }
    opensLeft = pattern.parts.first == .anyRun
    opensRight = pattern.parts.last == .anyRun
    if opensLeft { runs.removeFirst() }
    if opensRight, runs.count > 1 { runs.removeLast() }
    self.runs = runs
    let folds = ignoresCase
    pieces = pattern.parts.flatMap { part -> [Piece] in
      switch part {
      case .literal(let text): (folds ? text.simplyFolded : text).unicodeScalars.map(Piece.scalar)
      case .anyScalar: [.anyScalar]
      case .anyRun: [.anyRun]
      }
    }
  }

  init(exactly text: String, _ textCase: TextCase) {
    self.init(.exact(text), textCase)
  }

  /// Whether every text is covered.
  var isAnything: Bool { opensLeft && opensRight && runs == [[]] }

  var isExact: Bool { !opensLeft && !opensRight && runs.count == 1 }

  /// The scalars of its only run, where it has one without `?`.
  var literal: [Unicode.Scalar]? {
    guard runs.count == 1 else { return nil }
    let scalars = runs[0].compactMap(\.self)
    return scalars.count == runs[0].count ? scalars : nil
  }

  /// Whether it covers a text.
  func covers(_ text: TextSample) -> Bool {
    let scalars = ignoresCase ? text.folded : text.scalars
    return covers(count: scalars.count) { symbol, index in symbol == nil || symbol == scalars[index] }
  }

  /// Finds the runs from left to right in a row of `count` things, each as early as it can be.
  private func covers(count: Int, _ takes: (Symbol, Int) -> Bool) -> Bool {
    func fits(_ run: [Symbol], at start: Int) -> Bool {
      guard start >= 0, start + run.count <= count else { return false }
      for (offset, symbol) in run.enumerated() where !takes(symbol, start + offset) { return false }
      return true
    }
    if isExact { return runs[0].count == count && fits(runs[0], at: 0) }
    var at = 0
    var middle = runs[...]
    if !opensLeft, let first = middle.popFirst() {
      guard fits(first, at: 0) else { return false }
      at = first.count
    }
    var end = count
    if !opensRight, let last = middle.popLast() {
      end = count - last.count
      guard end >= at, fits(last, at: end) else { return false }
    }
    for run in middle {
      while at + run.count <= end, !fits(run, at: at) { at += 1 }
      guard at + run.count <= end else { return false }
      at += run.count
    }
    return true
  }
}

// MARK: - Two patterns

extension Glob {
  /// Whether every text that this covers is surely covered by another: where the other covers this one's own spelling,
  /// with each wildcard as a letter that only a wildcard takes.
  func isWithin(_ other: Glob) -> Bool {
    other.covers(count: pieces.count) { symbol, index in
      switch pieces[index] {
      case .anyRun: false
      case .anyScalar: symbol == nil
      case .scalar(let own): symbol.map { other.takes($0, own, folded: ignoresCase) } ?? true
      }
    }
  }

  /// Whether a scalar of this pattern takes all that a scalar of another stands for.
  private func takes(_ wanted: Unicode.Scalar, _ own: Unicode.Scalar, folded: Bool) -> Bool {
    if ignoresCase { return wanted == (folded ? own : own.simplyFolded) }
    return wanted == own && !(folded && own.hasCaseVariants)
  }

  /// Whether surely no text is covered by both.
  func isApart(from other: Glob) -> Bool {
    if isExact || other.isExact {
      let (one, many) = isExact ? (self, other) : (other, self)
      if one.isExact, many.isExact, one.runs[0].count != many.runs[0].count { return true }
      if let text = one.literal, !one.ignoresCase || many.ignoresCase {
        return !many.covers(TextSample(String(String.UnicodeScalarView(text))))
      }
    }
    if !opensLeft, !other.opensLeft, clash(runs[0], other.runs[0], with: other) { return true }
    let (ends, otherEnds) = (runs[runs.count - 1], other.runs[other.runs.count - 1])
    return !opensRight && !other.opensRight && clash(ends.reversed(), otherEnds.reversed(), with: other)
  }

  private func clash(_ own: [Symbol], _ others: [Symbol], with other: Glob) -> Bool {
    zip(own, others).contains { one, two in
      guard let one, let two else { return false }
      return ignoresCase || other.ignoresCase ? one.simplyFolded != two.simplyFolded : one != two
    }
  }
}

/// A text ready to be compared, as it is and folded.
struct TextSample {
  let text: String
  let scalars: [Unicode.Scalar]
  let folded: [Unicode.Scalar]

  init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
    folded = Array(text.simplyFolded.unicodeScalars)
  }
}

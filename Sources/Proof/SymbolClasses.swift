import RuleIR

/// The scalars that are enough to tell patterns apart: of those that all patterns take for alike, one.
struct SymbolClasses {
  /// Scalars that stand in patterns where letter case counts.
  private var exact: Set<Unicode.Scalar> = []
  /// Foldings of scalars that stand in patterns where it does not.
  private var folded: Set<Unicode.Scalar> = []
  private var sets: [CharacterSet] = []
  private var knownSets: Set<CharacterSet> = []
  /// Whether some pattern parts more than a few kinds of scalars.
  private var needsUnicode = false

  mutating func add(_ glob: Glob) {
    for run in glob.runs {
      for case let scalar? in run { if glob.ignoresCase { folded.insert(scalar) } else { exact.insert(scalar) } }
    }
  }

  mutating func add(_ network: PatternNetwork) {
    for set in network.sets where knownSets.insert(set).inserted {
      sets.append(set)
      if set.isOfUnicode { needsUnicode = true }
    }
  }

  private struct Signature: Hashable {
    var exact: Unicode.Scalar?
    var folded: Unicode.Scalar?
    var sets: BitSet
  }

  /// One scalar of each class, plain ones first, so that what is found reads well.
  var representatives: [Unicode.Scalar] {
    var named = exact
    for scalar in folded { named.formUnion(scalar.caseVariants) }
    for value in sets.flatMap(\.boundaries) {
      if let scalar = Unicode.Scalar(value) { named.formUnion(scalar.caseVariants) }
    }
    let fresh = (Self.kinds + (needsUnicode ? UnicodeClass.samples : [])).compactMap { kind in
      kind.first { !named.contains($0) && named.isDisjoint(with: $0.caseVariants) }
    }
    var seen: Set<Signature> = []
    return (Array(named) + fresh).sorted { ($0.rank, $0.value) < ($1.rank, $1.value) }
      .filter { seen.insert(signature(of: $0)).inserted }
  }

  private func signature(of scalar: Unicode.Scalar) -> Signature {
    let key = scalar.simplyFolded
    var members = BitSet(below: sets.count)
    for (index, set) in sets.enumerated() where set.contains(scalar) { members.insert(index) }
    return Signature(
      exact: exact.contains(scalar) ? scalar : nil, folded: folded.contains(key) ? key : nil, sets: members)
  }

  /// Scalars of each kind that a set can tell apart.
  private static let kinds: [[Unicode.Scalar]] = [
    Array("xyzabcdefghijklmnopqrstuvw".unicodeScalars), Array("ZYXWABCDEFGHIJKLMNOPQRSTUV".unicodeScalars),
    Array("0123456789".unicodeScalars), ["_"], Array("-./:+=,;!#%&'@~^|<>()[]{}\"\\$*?`".unicodeScalars), [" "],
    ["\t"], ["\n"], ["\r"], ["\u{1}", "\u{2}", "\u{3}", "\u{4}"], Array("жщю".unicodeScalars),
    Array("中文字".unicodeScalars), Array("٣٤٥".unicodeScalars), Array("…€←".unicodeScalars),
  ]
}

extension CharacterSet {
  fileprivate var isOfUnicode: Bool {
    switch self {
    case .unicode: true
    case .union(let sets): sets.contains(where: \.isOfUnicode)
    case .complement(let set), .folded(let set): set.isOfUnicode
    case .any, .scalar, .range, .termScalars, .foldedInto: false
    }
  }
}

extension Unicode.Scalar {
  fileprivate var rank: Int {
    switch value {
    case 97...122: 0
    case 48...57: 1
    case 65...90: 2
    case 0x21..<0x7F: 3
    case 0x20: 4
    case 0xA0...: 5
    case _: 6
    }
  }
}

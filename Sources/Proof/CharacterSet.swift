import RuleIR

/// A set of Unicode scalars, as a pattern or a class of a regular expression gives it.
indirect enum CharacterSet: Hashable, Sendable {
  case any
  case scalar(Unicode.Scalar)
  case range(ClosedRange<UInt32>)
  case union([CharacterSet])
  case complement(CharacterSet)
  /// Letters and digits of any script: what a term is made of.
  case termScalars
  /// The scalars that one of the set folds alike with.
  case folded(CharacterSet)

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .any: true
    case .scalar(let own): own == scalar
    case .range(let range): range.contains(scalar.value)
    case .union(let sets): sets.contains { $0.contains(scalar) }
    case .complement(let set): !set.contains(scalar)
    case .termScalars: scalar.properties.isAlphabetic || scalar.properties.generalCategory == .decimalNumber
    case .folded(let set): scalar.caseVariants.contains { set.contains($0) }
    }
  }

  /// The scalars at which the set begins or ends, and those that fold alike with them.
  var boundaries: [UInt32] {
    switch self {
    case .any, .termScalars: []
    case .scalar(let scalar): [scalar.value]
    case .range(let range): [range.lowerBound, range.upperBound, range.lowerBound &- 1, range.upperBound &+ 1]
    case .union(let sets): sets.flatMap(\.boundaries)
    case .complement(let set): set.boundaries
    case .folded(let set):
      set.boundaries.flatMap { value in Unicode.Scalar(value)?.caseVariants.map(\.value) ?? [] }
    }
  }

  static let digits = CharacterSet.range(48...57)
  static let wordScalars = CharacterSet.union([digits, .range(65...90), .range(97...122), .scalar("_")])
  static let blanks = CharacterSet.union([.range(9...13), .scalar(" ")])
}

extension Unicode.Scalar {
  /// The scalar, and those near it that fold alike.
  var caseVariants: [Unicode.Scalar] {
    var variants = [self]
    let folded = simplyFolded
    for other in [folded, folded.onlyUpper, onlyUpper, onlyLower].compactMap(\.self)
    where !variants.contains(other) && other.simplyFolded == folded { variants.append(other) }
    // The sign of Kelvin, the long s and the Ångström sign fold to letters whose upper case is another.
    for special: Unicode.Scalar in ["\u{212A}", "\u{17F}", "\u{212B}"]
    where special.simplyFolded == folded && !variants.contains(special) { variants.append(special) }
    return variants
  }

  private var onlyUpper: Unicode.Scalar? {
    let mapped = properties.uppercaseMapping.unicodeScalars
    return mapped.count == 1 ? mapped.first : nil
  }

  private var onlyLower: Unicode.Scalar? {
    let mapped = properties.lowercaseMapping.unicodeScalars
    return mapped.count == 1 ? mapped.first : nil
  }
}

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
  /// A class of Unicode's, as a flavour of regular expressions has it.
  case unicode(UnicodeClass)
  /// The scalars that one of the set folds alike with.
  case folded(CharacterSet)
  /// The scalars whose folding lies in a range.
  case foldedInto(ClosedRange<UInt32>)

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .any: true
    case .scalar(let own): own == scalar
    case .range(let range): range.contains(scalar.value)
    case .union(let sets): sets.contains { $0.contains(scalar) }
    case .complement(let set): !set.contains(scalar)
    case .termScalars: scalar.properties.isAlphabetic || scalar.properties.generalCategory == .decimalNumber
    case .unicode(let unicodeClass): unicodeClass.contains(scalar)
    case .folded(.scalar(let own)): own.simplyFolded == scalar.simplyFolded
    // What is left out is left out in either case: `(?i)[^k]` takes neither k nor K.
    case .folded(.complement(let set)): !CharacterSet.folded(set).contains(scalar)
    case .folded(.union(let sets)): sets.contains { CharacterSet.folded($0).contains(scalar) }
    case .folded(let set): scalar.caseVariants.contains { set.contains($0) }
    case .foldedInto(let range): range.contains(scalar.simplyFolded.value)
    }
  }

  /// The scalars at which the set begins or ends, and those that fold alike with them.
  var boundaries: [UInt32] {
    switch self {
    case .any, .termScalars, .unicode: []
    case .scalar(let scalar): [scalar.value]
    case .range(let range): [range.lowerBound, range.upperBound, range.lowerBound &- 1, range.upperBound &+ 1]
    case .foldedInto(let range):
      [range.lowerBound, range.upperBound &+ 1].flatMap { [$0 &- 1, $0, Self.folding(from: $0)] } + [
        range.lowerBound, range.upperBound,
      ]
    case .union(let sets): sets.flatMap(\.boundaries)
    case .complement(let set): set.boundaries
    case .folded(let set):
      set.boundaries.flatMap { value in Unicode.Scalar(value)?.caseVariants.map(\.value) ?? [] }
    }
  }

  /// The first scalar from a number on that folds to itself.
  private static func folding(from start: UInt32) -> UInt32 {
    let near = start..<(start &+ 300 < start ? start : start + 300)
    return near.first { value in Unicode.Scalar(value).map { $0.simplyFolded == $0 } ?? false } ?? start
  }

  static let digits = CharacterSet.range(48...57)
  static let wordScalars = CharacterSet.union([digits, .range(65...90), .range(97...122), .scalar("_")])
  static let blanks = CharacterSet.union([.range(9...13), .scalar(" ")])
  /// Those of Lucene: neither vertical tabs nor form feeds.
  static let luceneBlanks = CharacterSet.union([.range(9...10), .scalar("\r"), .scalar(" ")])
}

import RuleIR

/// A test of an event, shared by all the rules that make it.
struct Leaf {
  enum Kind: UInt8 {
    /// The key is there.
    case key
    /// Some value is there.
    case present
    /// Exactly one value is there.
    case single
    /// Tests of a text, against a literal in the pool.
    case equals, starts, ends, contains
    case anything
    case glob
    /// One of several literals, of any type.
    case literals
    /// One of many tests of a text.
    case texts
    case regex
    /// A condition that the tree interpreter is asked about, value by value.
    case value
    /// A test that the tree interpreter is asked about, with the whole event.
    case tree
  }

  var kind: Kind
  var field: UInt32
  /// Whether letters compare folded.
  var isFolded: Bool
  /// Whether numbers and booleans pass as they are spelled.
  var takesSpelling: Bool
  /// Whether a value that does not pass makes the test true.
  var wantsFailure: Bool
  var literal: Run
  /// Which of the program's globs, literal sets, regular expressions or interpreters it uses.
  var aid: Int32
  /// The interpreter that must agree where the test seems to hold; -1 for none.
  var confirmer: Int32 = -1

  /// What running it costs, against the cheapest.
  var cost: Int {
    switch kind {
    case .key, .present: 1
    case .equals, .anything, .single: 2
    case .literals, .starts, .ends: 3
    case .contains: 8
    case .texts: 12
    case .glob: 20
    case .regex: 60
    case .value: 200
    case .tree: 3_000
    }
  }
}

/// A connective, or a leaf, of the predicates that all rules share.
struct Node {
  enum Kind: UInt8 { case all, any, not, leaf }

  var kind: Kind
  /// The leaf, or the negated node.
  var operand: Int32
  /// Among the program's children.
  var children: Run
}

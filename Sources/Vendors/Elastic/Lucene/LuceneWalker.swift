/// Walks over a regular expression of Lucene, piece by piece.
struct LuceneWalker {
  enum Piece {
    case literal(Unicode.Scalar)
    /// A backslash and what follows it.
    case escape(Unicode.Scalar)
    /// What stands in double quotes, each character for itself.
    case quoted(String)
    case set(LuceneSet)
    /// Any sign that is an operator, parentheses and the dot included.
    case operation(Unicode.Scalar)
    /// What is wrong here; nothing follows.
    case broken(String)
  }

  private let scalars: [Unicode.Scalar]
  private var at = 0
  private var isBroken = false

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func next() -> Piece? {
    guard !isBroken, at < scalars.count else { return nil }
    let piece = piece()
    if case .broken = piece { isBroken = true }
    return piece
  }

  private mutating func piece() -> Piece {
    let scalar = scalars[at]
    at += 1
    switch scalar {
    case "\\":
      guard at < scalars.count else { return .broken("it ends in a backslash") }
      at += 1
      if let reason = Self.fault(ofEscape: scalars[at - 1]) { return .broken(reason) }
      return .escape(scalars[at - 1])
    case "\"":
      guard let end = scalars[at...].firstIndex(of: "\"") else { return .broken("a '\"' is not closed") }
      defer { at = end + 1 }
      return .quoted(Self.text(scalars[at..<end]))
    case "[": return set()
    case ".", "?", "+", "*", "|", "{", "}", "(", ")", "~", "&", "@", "#", "<", ">": return .operation(scalar)
    case _: return .literal(scalar)
    }
  }

  private mutating func set() -> Piece {
    let start = at - 1
    var members: [LuceneSet.Member] = []
    let isNegated = at < scalars.count && scalars[at] == "^"
    if isNegated { at += 1 }
    while at < scalars.count, scalars[at] != "]" || members.isEmpty {
      guard let first = member() else { return .broken("a set has an escape that Lucene does not know") }
      if case .one(let low) = first, at + 1 < scalars.count, scalars[at] == "-", scalars[at + 1] != "]" {
        at += 1
        guard case .one(let high)? = member() else { return .broken("a range in a set has no end") }
        members.append(.range(low, high))
      } else {
        members.append(first)
      }
    }
    guard at < scalars.count else { return .broken("a '[' is not closed") }
    at += 1
    return .set(LuceneSet(text: Self.text(scalars[start..<at]), members: members, isNegated: isNegated))
  }

  private mutating func member() -> LuceneSet.Member? {
    guard at < scalars.count else { return nil }
    let scalar = scalars[at]
    at += 1
    guard scalar == "\\" else { return .one(scalar) }
    guard at < scalars.count, Self.fault(ofEscape: scalars[at]) == nil else { return nil }
    at += 1
    return Self.isClass(scalars[at - 1]) ? .predefined(scalars[at - 1]) : .one(scalars[at - 1])
  }

  static func isClass(_ scalar: Unicode.Scalar) -> Bool { "dDsSwW".unicodeScalars.contains(scalar) }

  private static func fault(ofEscape scalar: Unicode.Scalar) -> String? {
    guard ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar), !isClass(scalar) else { return nil }
    return "'\\\(scalar)' is no escape of Lucene"
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}

/// A set of characters, `[…]`.
struct LuceneSet {
  enum Member {
    case one(Unicode.Scalar)
    case range(Unicode.Scalar, Unicode.Scalar)
    /// `\d` and its like.
    case predefined(Unicode.Scalar)
  }

  /// As it was written, brackets included.
  var text: String
  var members: [Member]
  var isNegated: Bool

  /// Whether ignoring letters' case gives the set the meaning that it has after folding: with each ASCII letter of
  /// the other case it must list the folded one, and beyond ASCII only what folding leaves alone.
  func isClosed(under folding: ESQLColumnView.Folding) -> Bool {
    let isASCII = members.allSatisfy { member in
      switch member {
      case .one(let scalar): scalar.isASCII || folding.keeps(String(scalar))
      case .range(let low, let high): low.isASCII && high.isASCII
      case .predefined: true
      }
    }
    return isASCII && Self.letters.allSatisfy { !lists($0.other(than: folding)) || lists($0.kept(by: folding)) }
  }

  /// Whether an ASCII letter is among the members, the predefined ones aside, in which both cases of it are.
  func lists(_ scalar: Unicode.Scalar) -> Bool {
    members.contains { member in
      switch member {
      case .one(let one): one == scalar
      case .range(let low, let high): low <= scalar && scalar <= high
      case .predefined: false
      }
    }
  }

  /// The ASCII letters, small.
  static let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { Unicode.Scalar($0) }
}

extension Unicode.Scalar {
  /// The capital of a small ASCII letter.
  var asciiCapital: Unicode.Scalar { ("a"..."z").contains(self) ? Unicode.Scalar(UInt8(value & 0xFF) & 0xDF) : self }

  fileprivate func kept(by folding: ESQLColumnView.Folding) -> Unicode.Scalar {
    folding == .upper ? asciiCapital : self
  }

  fileprivate func other(than folding: ESQLColumnView.Folding) -> Unicode.Scalar {
    folding == .upper ? self : asciiCapital
  }
}

/// What a test demands of one value.
public enum Condition: Hashable, Sendable {
  case equals(Literal)
  /// Equals one of a set.
  case oneOf([Literal])
  /// The whole text matches.
  case matches(TextPattern, TextCase)
  case regex(RegexPattern)
  /// Stands in this order to a literal: numbers by value, texts by their Unicode scalars.
  case order(Order, Literal)
  /// Is an address that lies in the network.
  case network(Network)
  case term(TermMatch)
  case encoded(EncodedText)
  /// Compares with the values of another field of the same event, or element: true when some value there does.
  case field(FieldRelation, FieldPath, TextCase)
}

/// A value written in a rule.
public enum Literal: Hashable, Sendable {
  case text(String, TextCase)
  case number(Number, NumberReading)
  case boolean(Bool)
  /// A literal that its language does not type: passes on a string equal to the text by the case stamp, and on a
  /// number or boolean whose value the text spells.
  case untyped(String, TextCase)
}

/// Whether a test of numbers also passes on strings that are wholly a number.
public enum NumberReading: Hashable, Sendable {
  case strict, coercing
}

/// How a value stands to another.
public enum Order: String, Hashable, Sendable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  /// The order that holds exactly when this one does not, between two values that can be compared.
  public var opposite: Order {
    switch self {
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    }
  }

  /// The order seen from the other side: `a < b` as `b > a`.
  public var mirrored: Order {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

/// How two fields are compared.
public enum FieldRelation: Hashable, Sendable {
  case equals, startsWith, endsWith, contains
  case order(Order)
}

/// A regular expression as its language wrote it, never translated by guess.
public struct RegexPattern: Hashable, Sendable {
  /// Whose syntax it is.
  public enum Flavour: String, Hashable, Sendable, CaseIterable {
    /// Sigma's subset of PCRE.
    case sigma
    case pcre
    /// Lucene's, in which `~ & @ # < > "` are operators and the whole value must match.
    case lucene
    /// The regex crate of Rust, which Kusto uses.
    case rust
    case python
  }

  public enum Anchoring: Hashable, Sendable {
    /// A match anywhere in the value is enough.
    case search
    /// The whole value must match.
    case whole
    /// A match must start where the value does.
    case start
  }

  public struct Flags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let ignoreCase = Flags(rawValue: 1)
    /// `^` and `$` match at line ends.
    public static let multiline = Flags(rawValue: 2)
    /// `.` matches line ends.
    public static let dotAll = Flags(rawValue: 4)
    /// `\d`, `\s`, `\w` and `\b` are of ASCII, in a flavour in which they are of all of Unicode: Python's `re.ASCII`.
    public static let asciiClasses = Flags(rawValue: 8)
  }

  public var text: String
  public var flavour: Flavour
  public var flags: Flags
  public var anchoring: Anchoring

  public init(_ text: String, _ flavour: Flavour, flags: Flags = [], anchoring: Anchoring) {
    self.text = text
    self.flavour = flavour
    self.flags = flags
    self.anchoring = anchoring
  }
}

/// A match of whole words inside a text.
public struct TermMatch: Hashable, Sendable {
  /// Where words end.
  public enum Tokenisation: Hashable, Sendable {
    /// Words are runs of ASCII letters and digits, and of all other letters and digits (Kusto's `has`); `_` ends one.
    case alphanumericRuns
    /// Words are what Elastic's standard analyser makes of a text field.
    case standardAnalyser
  }

  /// Which end of the term must stand at the end of a word.
  public enum Extent: Hashable, Sendable {
    case whole
    /// The term starts a word (Kusto's `hasprefix`).
    case prefix
    /// The term ends a word (Kusto's `hassuffix`).
    case suffix
  }

  public var text: String
  public var textCase: TextCase
  public var tokenisation: Tokenisation
  public var extent: Extent

  public init(
    _ text: String, _ textCase: TextCase, tokenisation: Tokenisation = .alphanumericRuns, extent: Extent = .whole
  ) {
    self.text = text
    self.textCase = textCase
    self.tokenisation = tokenisation
    self.extent = extent
  }
}

/// A text that is looked for in an encoded form, kept as a symbol and never expanded here.
public struct EncodedText: Hashable, Sendable {
  public enum Encoding: String, Hashable, Sendable, CaseIterable {
    case utf16le, utf16be
    /// UTF-16, little-endian behind the byte order mark FF FE.
    case utf16
    case base64
    /// Base64 at any of the three offsets, without the characters that its neighbours decide.
    case base64offset
    /// Every dash before a word may be any of `-`, `/`, U+2013, U+2014, U+2015.
    case windash
  }

  public enum Extent: Hashable, Sendable {
    case whole, prefix, suffix, contains
  }

  public var text: TextPattern
  /// Applied in order.
  public var encodings: [Encoding]
  public var extent: Extent
  public var textCase: TextCase

  public init(_ text: TextPattern, _ encodings: [Encoding], extent: Extent, _ textCase: TextCase) {
    self.text = text
    self.encodings = encodings
    self.extent = extent
    self.textCase = textCase
  }
}

extension Literal {
  /// The literal as text, whatever its type.
  public var spelling: String {
    switch self {
    case .text(let text, _), .untyped(let text, _): text
    case .number(let number, _): number.text
    case .boolean(let flag): flag ? "true" : "false"
    }
  }
}

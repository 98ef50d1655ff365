public import SourceText

/// A yes-or-no question about one event.
///
/// It has one meaning, which `Matcher` gives it, and is true or false, never unknown. Importers translate their
/// language into this meaning and exporters out of it; no vendor's idea of truth appears here.
///
/// Every test is false where its path yields no value; what it says of a missing field stands beside it as a test of
/// its own.
public indirect enum Predicate: Hashable, Sendable {
  /// True when every part is true; `all([])` is always true.
  case all([Predicate])
  /// True when some part is true; `any([])` is always false.
  case any([Predicate])
  case not(Predicate)
  case presence(PresenceTest)
  case field(FieldTest)
  /// True when some element at the path passes; both tests of a conjunction inside are about the same element.
  case some(ElementTest)
  /// True when there are elements at the path and all of them pass.
  case every(ElementTest)
  case anyField(AnyFieldTest)
  case rawTerm(RawTermTest)

  public static let always = Predicate.all([])
  public static let never = Predicate.any([])
}

/// Where a piece of a rule stands in its text.
///
/// Never part of what it means, so all origins are equal.
public struct Origin: Hashable, Sendable {
  public let range: SourceRange?

  public init(_ range: SourceRange? = nil) { self.range = range }

  public static func == (lhs: Origin, rhs: Origin) -> Bool { true }
  public func hash(into hasher: inout Hasher) {}
}

/// Asks whether something is there at all.
public struct PresenceTest: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The key is there, whatever its value, null included.
    case key
    /// There is at least one scalar, or an object that is not empty.
    case value
    /// There is exactly one distinct value.
    case single
  }

  public var kind: Kind
  public var field: FieldPath
  public var origin: Origin

  public init(_ kind: Kind, _ field: FieldPath, origin: Origin = Origin()) {
    self.kind = kind
    self.field = field
    self.origin = origin
  }
}

/// Asks something of the values at a path.
public struct FieldTest: Hashable, Sendable {
  /// What of the value is looked at.
  public enum Subject: Hashable, Sendable {
    case value
    /// The value as text: a number or boolean as it is spelled. Text tests pass on it whatever the type.
    case spelling
    /// The number of Unicode scalars of a text.
    case length
    /// How many values the path yields; a number even where it yields none.
    case count
    /// A part of a date, in UTC; no value where the text is no RFC 3339 date.
    case datePart(DatePart)
    /// What is made of the text; no value where nothing is.
    case derived(Derivation)
  }

  public enum DatePart: String, Hashable, Sendable, CaseIterable {
    case minute, hour, day
    /// 1 to 53, by ISO 8601.
    case week
    case month, year
  }

  /// How the values decide.
  public enum Polarity: Hashable, Sendable {
    /// Some value passes.
    case someValuePasses
    /// Some value is there that does not pass: SPL's `f!=x`. Unlike `not`, which says that no value passes.
    case someValueFails
  }

  public var field: FieldPath
  public var subject: Subject
  public var condition: Condition
  public var polarity: Polarity
  public var origin: Origin

  public init(
    _ field: FieldPath, _ condition: Condition, subject: Subject = .value, polarity: Polarity = .someValuePasses,
    origin: Origin = Origin()
  ) {
    self.field = field
    self.subject = subject
    self.condition = condition
    self.polarity = polarity
    self.origin = origin
  }
}

/// Asks something of the elements at a path, each of them a world of its own.
///
/// The elements are the values at the path with lists opened; paths inside start at the element.
public struct ElementTest: Hashable, Sendable {
  public var path: FieldPath
  public var predicate: Predicate
  public var origin: Origin

  public init(_ path: FieldPath, _ predicate: Predicate, origin: Origin = Origin()) {
    self.path = path
    self.predicate = predicate
    self.origin = origin
  }
}

/// Asks whether some scalar anywhere in the event passes, numbers and booleans as they are spelled; never a key.
public struct AnyFieldTest: Hashable, Sendable {
  public var condition: Condition
  public var origin: Origin

  public init(_ condition: Condition, origin: Origin = Origin()) {
    self.condition = condition
    self.origin = origin
  }
}

/// Asks whether words stand in the raw text of the event, keys included, as SPL's bare terms do.
public struct RawTermTest: Hashable, Sendable {
  /// The words with their wildcards.
  public var term: TextPattern
  public var textCase: TextCase
  public var origin: Origin

  public init(_ term: TextPattern, _ textCase: TextCase, origin: Origin = Origin()) {
    self.term = term
    self.textCase = textCase
    self.origin = origin
  }
}

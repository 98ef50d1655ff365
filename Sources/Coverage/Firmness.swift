/// How firmly a rule covers an operation.
public enum Firmness: Hashable, Sendable {
  /// Fires on every event that is the operation.
  case always
  /// Fires on some such events: it makes further conditions.
  case sometimes
  /// Fires on some, but does not look for them: it tests nothing that says what an operation is, or leaves out some
  /// operations and fires on any other.
  case incidentally
  case never
  /// Not decided, with the reason.
  case unknown(String)

  /// The letter of the matrix: `A`, `S`, `i`, `?`; nil where there is nothing to show.
  public var letter: String? {
    switch self {
    case .always: "A"
    case .sometimes: "S"
    case .incidentally: "i"
    case .never: nil
    case .unknown: "?"
    }
  }

  /// The word for people and for JSON.
  public var word: String {
    switch self {
    case .always: "always"
    case .sometimes: "sometimes"
    case .incidentally: "incidentally"
    case .never: "never"
    case .unknown: "unknown"
    }
  }
}

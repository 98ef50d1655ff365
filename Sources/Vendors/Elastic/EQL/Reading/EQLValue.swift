import RuleIR
import SourceText

/// Why a condition has no predicate.
enum EQLObstacle: Error {
  /// The construct, and where it stands.
  case unmodelled(String, Range<Int>)
  /// The query itself is at fault.
  case wrong(Diagnostic)
}

/// What an expression comes to.
enum EQLValue {
  case text(String)
  case number(Number)
  case boolean(Bool)
  case null
  /// A condition; it is null where one of the fields has no value, if that is known.
  case truth(Predicate, fields: [FieldPath]?)
  /// A condition as one of the texts `true` and `false`.
  case spelledTruth(Predicate)
  case subject(EQLSubject)
  /// Texts and fields one after another: `concat`.
  case joined([Piece])
  case position(EQLPosition)

  enum Piece {
    case text(String)
    case field(FieldPath)
  }

  var isConstant: Bool {
    switch self {
    case .text, .number, .boolean, .null: true
    case .truth, .spelledTruth, .subject, .joined, .position: false
    }
  }

  /// A short noun phrase.
  var kind: String {
    switch self {
    case .text: "a text"
    case .number: "a number"
    case .boolean: "a boolean"
    case .null: "null"
    case .truth, .spelledTruth: "a condition"
    case .subject(let subject): subject.kind
    case .joined: "concat"
    case .position: "indexOf"
    }
  }
}

/// A field, or what a function makes of each of its values.
struct EQLSubject {
  /// Which part of a text is looked at.
  enum Slice: Equatable {
    /// From a position on, up to another if there is one.
    case from(Int, to: Int?)
    /// So many characters at the end.
    case last(Int)
  }

  var path: FieldPath
  var subject: FieldTest.Subject = .value
  var slice: Slice?
  /// Whether texts are read as numbers.
  var isRead = false
  /// The value is multiplied by the first and the second is added.
  var factor = 1
  var shift = 0

  /// Whether it is the field itself.
  var isPlain: Bool { subject == .value && slice == nil && !isRead && isUnscaled }

  var isUnscaled: Bool { factor == 1 && shift == 0 }

  var kind: String {
    if slice != nil { return "substring" }
    if !isUnscaled { return "arithmetic" }
    if isRead { return "number" }
    switch subject {
    case .value: return "a field"
    case .spelling: return "string"
    case .length: return "length"
    case .count, .datePart, .derived: return "a part of a field"
    }
  }
}

/// Where a text stands in the values of a field: `indexOf`, null where it does not.
struct EQLPosition {
  var path: FieldPath
  var text: String
  var textCase: TextCase
  /// Where the search begins.
  var start: Int

  var found: TextPattern {
    TextPattern(Array(repeating: .anyScalar, count: start) + [.anyRun, .literal(text), .anyRun])
  }
}

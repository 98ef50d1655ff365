import RuleIR
import SourceText

/// What an eval expression comes to, as far as the event tells.
enum Operand: Hashable, Sendable {
  /// Values of the event.
  case field(FieldPath, Reading)
  case text(String)
  case number(Number)
  /// NULL.
  case absent
  /// Some value, of which only whether it is there is known, and why no more is: `mvfilter`, `replace`.
  case present(Predicate, Obstacle)
  /// The place of a value in a list, where there is one: `mvfind`.
  case place(Predicate)
  /// A value that is not followed.
  case opaque(Obstacle)

  /// What of a field's values is looked at.
  enum Reading: Hashable, Sendable {
    case plain, lower, upper
    /// `len`
    case length
    /// `mvcount`
    case count
    /// `mvdedup`, and its count.
    case distinct, distinctCount
    /// `tonumber`
    case number
    /// `substr`: from where, counted from one, and how much.
    case slice(start: Int, count: Int?)
    /// `split` at one character, and one of the pieces, counted from zero or from the end.
    case pieces(separator: String)
    case piece(separator: String, index: Int)
  }
}

/// One of the values that an expression may come to, and when it does.
///
/// The alternatives of an expression shut one another out, and one always holds.
struct Alternative: Hashable, Sendable {
  var when: Predicate
  var operand: Operand

  static func only(_ operand: Operand) -> [Alternative] { [Alternative(when: .always, operand: operand)] }
}

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

  /// The alternative, and the text for where it comes to no value.
  func filled(with text: String) -> [Alternative] {
    let there: Predicate
    switch operand {
    case .field(let path, let reading): there = EvalLowering.isThere(path, reading, Origin())
    case .present(let known, _), .place(let known): there = known
    case .absent: return [Alternative(when: when, operand: .text(text))]
    case .text, .number, .opaque: return [self]
    }
    guard !when.provesPresence(of: operand) else { return [self] }
    return [
      Alternative(when: .conjunction([when, there]), operand: operand),
      Alternative(when: .conjunction([when, .negation(of: there)]), operand: .text(text)),
    ]
  }

  /// The first of several fields that has a value.
  static func firstThere(_ paths: [FieldPath]) -> [Alternative] {
    guard let last = paths.last else { return only(.absent) }
    return paths.dropLast().reversed().reduce(only(.field(last, .plain))) { first($1, else: $0) }
  }

  /// A field where it has a value, else what there was.
  static func first(_ path: FieldPath, else rest: [Alternative]) -> [Alternative] {
    let there = Predicate.presence(PresenceTest(.value, path))
    return [Alternative(when: there, operand: .field(path, .plain))]
      + rest.map { Alternative(when: .conjunction([.not(there), $0.when]), operand: $0.operand) }
  }
}

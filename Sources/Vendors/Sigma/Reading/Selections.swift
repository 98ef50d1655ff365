import RuleIR
import SourceText

/// The search identifiers of a rule by their names, in order.
struct Selections {
  struct Selection {
    var name: String
    /// Nil where it could not be read; that has been told.
    var predicate: Predicate?
    var size: Int
    var range: SourceRange
  }

  private(set) var all: [Selection] = []
  private var byName: [String: Int] = [:]

  mutating func add(_ name: String, _ predicate: Predicate?, at range: SourceRange) {
    byName[name] = all.count
    all.append(Selection(name: name, predicate: predicate, size: predicate?.size ?? 1, range: range))
  }

  var names: [String] { all.map(\.name) }

  subscript(name: String) -> Selection? { byName[name].map { all[$0] } }

  /// Those that `them` or a pattern means; a name that starts with `_` is not one of `them`.
  func matching(_ selector: String) -> [Selection] {
    if selector.lowercased() == "them" { return all.filter { !$0.name.hasPrefix("_") } }
    return all.filter { Self.matches($0.name, selector) }
  }

  /// Whether a name matches a pattern in which `*` is any run of characters.
  private static func matches(_ name: String, _ pattern: String) -> Bool {
    let name = Array(name.utf8)
    let pattern = Array(pattern.utf8)
    var (at, of) = (0, 0)
    var (star, resume) = (-1, 0)
    while at < name.count {
      if of < pattern.count, pattern[of] == UInt8(ascii: "*") {
        (star, resume) = (of, at)
        of += 1
      } else if of < pattern.count, pattern[of] == name[at] {
        at += 1
        of += 1
      } else if star >= 0 {
        resume += 1
        (at, of) = (resume, star + 1)
      } else {
        return false
      }
    }
    return pattern[of...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

extension Predicate {
  /// How many nodes it has; each value of a set counts.
  var size: Int {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(1) { $0 + $1.size }
    case .not(let inner): 1 + inner.size
    case .some(let test), .every(let test): 1 + test.predicate.size
    case .field(let test):
      if case .oneOf(let literals) = test.condition { literals.count } else { 1 }
    case .presence, .anyField, .rawTerm: 1
    }
  }
}

import Matcher
import RuleIR

/// A condition that is asked of one value at a time, in the tree interpreter's own words.
///
/// The value is put where a test of its own looks for it, so that there is one meaning of each condition.
final class ValueCondition: Sendable {
  private let matcher: TreeMatcher?
  /// A whole number that another is compared with, the usual case of an order.
  private let order: (order: Order, bound: Int)?
  private let network: Network?

  init(_ condition: Condition) {
    // None of these conditions has a regular expression, which alone makes a matcher fail.
    matcher = try? TreeMatcher(.field(FieldTest(FieldPath(keys: "v"), condition)))
    order =
      if case .order(let order, .number(let number, _)) = condition, let bound = number.integer {
        (order, bound)
      } else {
        nil
      }
    network = if case .network(let network) = condition { network } else { nil }
  }

  func passes(text: Slice) -> Bool {
    if let network { return network.contains(text.string) }
    return passes(.string(text.string))
  }

  func passes(number text: Slice) -> Bool {
    if let order, let value = PlainInteger.read(text) {
      switch order.order {
      case .less: return value < order.bound
      case .lessOrEqual: return value <= order.bound
      case .greater: return value > order.bound
      case .greaterOrEqual: return value >= order.bound
      }
    }
    return Number(text.string).map { passes(.number($0)) } ?? false
  }

  func passes(_ flag: Bool) -> Bool { passes(.boolean(flag)) }

  private func passes(_ value: EventValue) -> Bool {
    (try? matcher?.matches(.object(EventObject([.init(key: "v", value: value)])))) ?? false
  }
}

/// How much work an answer has taken so far, and may take: counted, not timed, so that answers repeat.
final class Effort {
  private(set) var spent = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func spend(_ steps: Int) { spent += steps }

  var isSpent: Bool { spent > limit }

  /// The words for an answer that was not found in time.
  var reason: String { "more than \(limit) steps" }
}

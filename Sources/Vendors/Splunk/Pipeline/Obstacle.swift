import SourceText

/// What stands in the way of knowing a rule's meaning: a value that some command computes, or a command itself.
///
/// It makes the rule unmodelled, with its name and place; it is never passed over.
struct Obstacle: Error, Hashable, Sendable {
  /// A short noun phrase by which reasons are counted: `lookup`, `replace()`, `subsearch`.
  var reason: String
  /// Why it matters here.
  var detail: String
  var place: SourceRange?
}

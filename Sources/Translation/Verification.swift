/// How a converted rule is checked.
public enum Verification: String, Sendable, CaseIterable {
  /// Read back and compared for all events.
  case prove
  /// Read back and compared on events made from its own values.
  case test
  case off
}

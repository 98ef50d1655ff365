/// Which way an inexact translation errs.
public enum Drift: String, Hashable, Sendable, CaseIterable {
  /// Fires on more events than the original: noise.
  case broader
  /// Fires on fewer: missed attacks.
  case narrower
  /// Fires on some more and on some fewer.
  case both

  /// Under a `not`, noise becomes misses and misses become noise.
  public var negated: Drift {
    switch self {
    case .broader: .narrower
    case .narrower: .broader
    case .both: .both
    }
  }

  /// What two errors in one translation come to.
  public func joined(with other: Drift) -> Drift { self == other ? self : .both }
}

/// What is lost in a translation, and which way it errs.
public struct Loss: Hashable, Sendable {
  public var feature: Feature
  public var drift: Drift
  /// Why, as a sentence without a full stop.
  public var reason: String
  public var origin: Origin

  public init(_ feature: Feature, _ drift: Drift, because reason: String, at origin: Origin) {
    self.feature = feature
    self.drift = drift
    self.reason = reason
    self.origin = origin
  }

  public var negated: Loss { Loss(feature, drift.negated, because: reason, at: origin) }
}

/// What a language does with a feature of the rule model.
public enum Support: Hashable, Sendable {
  /// It has a construct for it.
  case native
  /// It says the same in other words.
  case rewritten(as: String)
  /// It comes near, and errs this way.
  case approximated(Drift, because: String)
  /// It could, and does not yet.
  case notYet
  /// It cannot.
  case never(because: String)
}

/// What a rule says of itself.
public struct RuleMetadata: Hashable, Sendable {
  /// How grave a firing is, in Sigma's five levels; other vendors' scales are read into them.
  public enum Level: String, Hashable, Sendable, CaseIterable, Comparable {
    case informational, low, medium, high, critical

    public static func < (lhs: Level, rhs: Level) -> Bool { lhs.rank < rhs.rank }

    private var rank: Int { Level.allCases.firstIndex(of: self) ?? 0 }
  }

  public var id: String?
  /// A short name by which specs and other rules may refer to it.
  public var name: String?
  public var title: String
  public var description: String
  public var level: Level?
  /// The word as written, such as `test`, `production` or `experimental`.
  public var status: String?
  public var authors: [String]
  /// The day it was made, as `YYYY-MM-DD`.
  public var date: String?
  public var modified: String?
  public var references: [String]
  public var falsePositives: [String]
  /// Tags other than ATT&CK's.
  public var tags: [String]
  public var attack: AttackTags
  public var license: String?
  public var source: LogSource
  public var schedule: Schedule?
  /// What else the file said, in its order, for writing back in the same form.
  public var custom: EventObject
  /// The form that the rule was read from, such as `sigma` or `elastic-toml`.
  public var form: String
  public var origin: Origin

  public init(
    id: String? = nil, name: String? = nil, title: String = "", description: String = "", level: Level? = nil,
    status: String? = nil, authors: [String] = [], date: String? = nil, modified: String? = nil,
    references: [String] = [], falsePositives: [String] = [], tags: [String] = [], attack: AttackTags = AttackTags(),
    license: String? = nil, source: LogSource = LogSource(), schedule: Schedule? = nil,
    custom: EventObject = EventObject(), form: String = "", origin: Origin = Origin()
  ) {
    self.id = id
    self.name = name
    self.title = title
    self.description = description
    self.level = level
    self.status = status
    self.authors = authors
    self.date = date
    self.modified = modified
    self.references = references
    self.falsePositives = falsePositives
    self.tags = tags
    self.attack = attack
    self.license = license
    self.source = source
    self.schedule = schedule
    self.custom = custom
    self.form = form
    self.origin = origin
  }
}

/// What of MITRE ATT&CK a rule says it detects.
public struct AttackTags: Hashable, Sendable {
  /// Ids such as `TA0006`, or Sigma's names such as `credential-access`, in the rule's order.
  public var tactics: [String]
  /// Ids such as `T1552.007`, in the rule's order.
  public var techniques: [String]

  public init(tactics: [String] = [], techniques: [String] = []) {
    self.tactics = tactics
    self.techniques = techniques
  }
}

/// Which events a rule looks at, in the terms of its vendor.
///
/// Selectors have the keys that a mapping file's `applies-to` uses: `product`, `category`, `service` (Sigma), `index`,
/// `dataset` (Elastic), `macro`, `sourcetype` (Splunk), `table` (Sentinel), `log-type` (Panther).
public struct LogSource: Hashable, Sendable {
  public struct Selector: Hashable, Sendable {
    public var key: String
    public var value: String

    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The vendor whose terms these are: `sigma`, `elastic`, `splunk`, `sentinel`, `panther`.
  public var vendor: String
  /// The selectors in the rule's order; one key may stand several times, for a rule over several indices.
  public var selectors: [Selector]
  public var origin: Origin

  public init(vendor: String = "", _ selectors: [Selector] = [], origin: Origin = Origin()) {
    self.vendor = vendor
    self.selectors = selectors
    self.origin = origin
  }

  public func values(_ key: String) -> [String] { selectors.filter { $0.key == key }.map(\.value) }
}

/// How often a rule's search runs, and how far it looks back.
public struct Schedule: Hashable, Sendable {
  public var interval: TimeSpan?
  public var lookback: TimeSpan?

  public init(interval: TimeSpan? = nil, lookback: TimeSpan? = nil) {
    self.interval = interval
    self.lookback = lookback
  }
}

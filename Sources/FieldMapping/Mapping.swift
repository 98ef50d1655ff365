public import RuleIR
public import SourceText

/// How the events of one log source are named and stored by each vendor.
///
/// Read from a file of `mappings/` by `MappingReader`, which keeps its promises: no two rows have one event path, no
/// name of a vendor stands for two fields.
public struct Mapping: Sendable {
  /// What `--map` takes: `kubernetes-audit`.
  public let name: String
  /// What one of the events is, as a noun for messages: `Kubernetes audit event`.
  public let title: String
  /// By vendor.
  public let stores: [String: VendorStore]
  /// In the order of the file.
  public let rows: [MappedField]
  /// An event as the log source has it, by which small events are completed before they are shown.
  ///
  /// A text may name another field in braces: `/api/v1/{objectRef.resource}`.
  public let example: EventValue?
  /// How an event tells that it is of this log source.
  public let signs: EventSigns
  public let file: SourceFile

  /// The row of an event path, by its dotted name.
  private let rowsByEvent: [String: Int]
  /// The row and name of a vendor's spelling, by vendor and dotted name.
  private let rowsByName: [String: [String: (row: Int, name: Int)]]

  public init(
    name: String, title: String, stores: [String: VendorStore], rows: [MappedField], example: EventValue? = nil,
    signs: EventSigns = EventSigns(), file: SourceFile
  ) {
    self.signs = signs
    self.name = name
    self.title = title
    self.stores = stores
    self.rows = rows
    self.example = example
    self.file = file
    var byEvent: [String: Int] = [:]
    var byName: [String: [String: (row: Int, name: Int)]] = [:]
    for (index, row) in rows.enumerated() {
      byEvent[row.path.dotted] = byEvent[row.path.dotted] ?? index
      for (vendor, field) in row.fields {
        for (number, name) in field.names.enumerated() where byName[vendor]?[name.path.dotted] == nil {
          byName[vendor, default: [:]][name.path.dotted] = (index, number)
        }
      }
    }
    rowsByEvent = byEvent
    rowsByName = byName
  }

  /// The row of an event path.
  public func row(at path: FieldPath) -> MappedField? { rowsByEvent[path.dotted].map { rows[$0] } }

  /// The row that a vendor's name stands for, with the name as the file has it.
  public func row(named dotted: String, by vendor: String) -> (row: MappedField, name: VendorField.Name)? {
    guard let found = rowsByName[vendor]?[dotted] else { return nil }
    let row = rows[found.row]
    return row.fields[vendor].map { (row, $0.names[found.name]) }
  }

  /// Every name that a vendor has for a field, in the order of the file.
  public func spellings(of vendor: String) -> [String] {
    rows.flatMap { $0.fields[vendor]?.names.map(\.spelling) ?? [] }
  }
}

/// One field of the event, with its names.
public struct MappedField: Sendable {
  /// The way to the field from the event; without `[*]`, since lists are descended into of themselves.
  public var path: FieldPath
  public var type: TargetSchema.FieldType
  /// Whether the field itself holds a list; a field of the objects in a list is not one for that.
  public var isList: Bool
  public var openness: Openness
  /// Whether an event may hold an empty text here.
  public var mayBeEmpty: Bool
  /// The name that indicator tables use across vendors.
  public var commonName: String?
  /// The only values that an event can have; empty where any is possible.
  public var knownValues: [String]
  /// Values that rules look for and no event has, with the reason.
  public var neverValues: [NeverValue]
  /// Beside which values of another field this one is hardly ever there; nil where nothing is known.
  public var absence: Absence? = nil
  /// By vendor; a vendor without an entry does not have the field.
  public var fields: [String: VendorField]
  public var range: SourceRange

  /// Whether an object may hold members that no row names.
  public enum Openness: String, Hashable, Sendable, CaseIterable {
    case closed
    /// Members with plain names, and members of those.
    case members
    /// A map from keys, which may hold dots, to values.
    case keys
  }

  /// That a field is hardly ever there where another has one of some values.
  public struct Absence: Hashable, Sendable {
    public var field: FieldPath
    public var values: [String]
    public var reason: String
  }

  /// A value that no event has.
  public struct NeverValue: Hashable, Sendable {
    public var value: String
    public var reason: String
  }
}

/// What a vendor calls a field.
public struct VendorField: Hashable, Sendable {
  /// One of the names.
  public struct Name: Hashable, Sendable {
    /// As the file writes it.
    public var spelling: String
    /// As importers build it.
    public var path: FieldPath
    /// The type under which the vendor stores this name, where it is another than the event's.
    public var type: TargetSchema.FieldType?
    /// Whether the vendor splits the text into words.
    public var isAnalysed: Bool
    /// What the vendor writes for each value of the event; empty where it keeps the values.
    public var values: [ValuePair]
  }

  /// A value as the vendor has it beside the event's.
  public struct ValuePair: Hashable, Sendable {
    public var vendor: String
    public var event: String
  }

  /// The first is written, all are read.
  public var names: [Name]
  /// Whether members of an open object keep their names behind this one.
  public var isOpen: Bool
}

/// How a vendor stores the events of the log source.
public struct VendorStore: Sendable {
  /// How the vendor's names are taken apart.
  public enum Naming: Hashable, Sendable {
    /// A dotted name is one name.
    case flat
    /// A name is a way through objects, key by key.
    case nested
  }

  /// A field that has one value in every event, or one of a few.
  public struct Constant: Hashable, Sendable {
    public var field: FieldPath
    public var spelling: String
    public var values: [String]
    /// Whether the vendor's rules pick the events of the log source by it.
    public var isWritten: Bool

    /// What a condition says of all the values alike; nil where they differ, or where that cannot be told.
    func verdict(_ condition: Condition) -> Bool? {
      let verdicts = Set(values.map { condition.holds(for: $0) })
      return verdicts.count == 1 ? verdicts.first ?? nil : nil
    }
  }

  /// What a rule's log source is compared with; the first value of each key is written.
  public var selectors: [LogSource.Selector]
  /// Keys that a rule's log source must give for the mapping to be about it.
  public var requiredKeys: [String]
  /// Whether a rule must ask for one of the constants for the mapping to be about it.
  public var requiresConstant: Bool
  public var naming: Naming
  /// Whether each list adds `{}` to the names behind it.
  public var marksLists: Bool
  /// Whether the vendor has no other fields than those named here.
  public var isClosed: Bool
  /// Whether empty texts are not stored.
  public var removesEmpty: Bool
  /// Event paths that are not stored.
  public var absent: [FieldPath]
  /// Those that are written are conditions of every rule; all are read.
  public var constants: [Constant]

  /// Where to look for the events: each key once.
  public func source(of vendor: String) -> LogSource {
    var seen: Set<String> = []
    return LogSource(vendor: vendor, selectors.filter { seen.insert($0.key).inserted })
  }
}

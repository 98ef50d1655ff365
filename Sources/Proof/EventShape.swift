public import RuleIR

/// What is known of the events of a log source: which fields hold a single value, and of which type.
///
/// It keeps the prover from telling rules apart by events that no product ever stores. Of a field that it does not
/// name nothing is assumed.
public struct EventShape: Hashable, Sendable {
  public struct Field: Hashable, Sendable {
    public var type: TargetSchema.FieldType?
    public var isList: Bool

    public init(type: TargetSchema.FieldType?, isList: Bool) {
      self.type = type
      self.isList = isList
    }
  }

  public var fields: [FieldPath: Field]
  /// Whether a field that is not named may hold several values.
  public var othersMayBeLists = true

  public init(_ fields: [FieldPath: Field] = [:]) { self.fields = fields }

  func kinds(of path: FieldPath) -> Set<ValueKind> {
    switch fields[path]?.type {
    case .text, .ip, .date: return [.string]
    case .number: return [.number]
    case .boolean: return [.boolean]
    case .object: return [.object]
    case nil: return path == .scalarElement ? [.string, .number, .boolean] : Set(ValueKind.allCases)
    }
  }

  /// What every value of a field passes by its type: of an address, that it is one, roughly where it is of version 6,
  /// or what products put where they have none.
  func demands(on path: FieldPath) -> [ValueDemand] {
    fields[path]?.type == .ip ? [Self.addressDemand] : []
  }

  private static let addressDemand: ValueDemand = {
    let part = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
    let addresses = #"(\#(part)\.){3}\#(part)|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*(%[0-9A-Za-z]+)?|-?"#
    return ValueDemand(
      condition: .regex(RegexPattern(addresses, .sigma, anchoring: .whole)), subject: .value, wanted: true,
      because: [])
  }()

  /// Whether an event may have a value at a path.
  func allows(_ value: EventValue, at path: FieldPath) -> Bool {
    let kinds = kinds(of: path)
    switch value {
    case .null: return true
    case .string: return kinds.contains(.string) && demands(on: path).allSatisfy { $0.isMet(by: value) ?? true }
    case .number: return kinds.contains(.number)
    case .boolean: return kinds.contains(.boolean)
    case .object: return kinds.contains(.object)
    case .list(let elements): return mayBeList(path) && elements.allSatisfy { allows($0, at: path) }
    }
  }

  func mayBeList(_ path: FieldPath) -> Bool { fields[path]?.isList ?? othersMayBeLists }
}

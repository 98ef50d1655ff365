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
    if path == .scalarElement { return [.string, .number, .boolean] }
    switch fields[path]?.type {
    case .text, .ip, .date: return [.string]
    case .number: return [.number]
    case .boolean: return [.boolean]
    case .object: return [.object]
    case nil: return Set(ValueKind.allCases)
    }
  }

  func mayBeList(_ path: FieldPath) -> Bool { fields[path]?.isList ?? othersMayBeLists }
}

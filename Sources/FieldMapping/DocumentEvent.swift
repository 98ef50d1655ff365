public import Documents
public import RuleIR

extension EventValue {
  /// An event written in YAML or JSON inside another document.
  public init(_ node: DocumentNode) {
    switch node.content {
    case .list(let elements): self = .list(elements.map { EventValue($0) })
    case .mapping(let members):
      self = .object(EventObject(members.map { .init(key: $0.key.text, value: EventValue($0.value)) }))
    case .scalar(let scalar):
      switch scalar.kind {
      case .null: self = .null
      case .boolean(let flag): self = .boolean(flag)
      case .number: self = Number(scalar.text).map { .number($0) } ?? .string(scalar.text)
      case .string, .date: self = .string(scalar.text)
      }
    }
  }
}

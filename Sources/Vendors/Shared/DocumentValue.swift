public import Documents
public import RuleIR

extension EventValue {
  /// A document's node as a value; dates, and numbers that are not decimal, as their text.
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

extension OutputNode {
  /// A value as a document is written with it.
  public init(_ value: EventValue) {
    switch value {
    case .null: self = .bare("null")
    case .boolean(let flag): self = .boolean(flag)
    case .number(let number): self = .bare(number.text)
    case .string(let text): self = .text(text)
    case .list(let elements): self = .list(elements.map { OutputNode($0) })
    case .object(let object): self = .mapping(object.members.map { Member($0.key, OutputNode($0.value)) })
    }
  }
}

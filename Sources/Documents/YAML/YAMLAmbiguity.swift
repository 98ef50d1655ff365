public import SourceText

extension DocumentNode {
  /// A warning for each plain scalar of a YAML document that readers of YAML 1.1 and 1.2 take for different things.
  ///
  /// This project reads by YAML 1.2 and keeps the text as written; other tools may not.
  public var ambiguousScalars: [Diagnostic] {
    switch content {
    case .scalar(let scalar): scalar.ambiguity.map { [$0] } ?? []
    case .list(let elements): elements.flatMap(\.ambiguousScalars)
    case .mapping(let members):
      members.flatMap { (member) in (member.key.ambiguity.map { [$0] } ?? []) + member.value.ambiguousScalars }
    }
  }
}

extension DocumentNode.Scalar {
  fileprivate var ambiguity: Diagnostic? {
    guard style == .plain else { return nil }
    let older = YAMLReading.inOlderTypes(passage.bytes)
    let newer = YAMLReading.inCoreSchema(passage.bytes)
    guard older != newer else { return nil }
    return Diagnostic(
      .ambiguousScalar, "YAML readers differ in what '\(text)' is", severity: .warning, at: range,
      label: "\(newer.rawValue) to YAML 1.2", notes: ["YAML 1.1 readers take it for \(older.rawValue)"],
      help: "quote it if it is a text")
  }
}

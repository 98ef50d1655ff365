import Documents
import RuleIR
import SourceText

extension EventValue {
  /// The value without nulls in lists and objects, which TOML has no word for.
  var withoutNulls: EventValue {
    switch self {
    case .null, .boolean, .number, .string: self
    case .list(let elements): .list(elements.filter { $0 != .null }.map(\.withoutNulls))
    case .object(let object):
      .object(
        EventObject(
          object.members.filter { $0.value != .null }.map { .init(key: $0.key, value: $0.value.withoutNulls) }))
    }
  }
}

extension DocumentNode {
  /// The value of a key that must be there.
  func required(_ key: String, in what: String) throws(Diagnostic) -> DocumentNode {
    if let value = self[key], !value.isNull { return value }
    let near = nearestName(to: key, among: (members ?? []).map(\.key.text).filter { $0 != key })
    throw Diagnostic(
      .missingKey, "\(what) has no '\(key)'", at: members?.first?.key.range ?? range, label: "belongs beside this",
      help: near.map { "is '\($0)' meant to be '\(key)'?" })
  }

  /// The scalar that a node must be.
  func requiredText(_ key: String) throws(Diagnostic) -> Scalar {
    guard let scalar, scalar.kind == .string else { throw wrongType(key, "a text") }
    return scalar
  }

  /// The texts of a list that must hold nothing else, or of a single text.
  func requiredTexts(_ key: String) throws(Diagnostic) -> [String] {
    guard let elements else { return [try requiredText(key).text] }
    var texts: [String] = []
    for element in elements { texts.append(try element.requiredText(key).text) }
    return texts
  }

  func wrongType(_ key: String, _ wanted: String) -> Diagnostic {
    Diagnostic(.wrongType, "'\(key)' must be \(wanted)", at: range, label: "this is \(kindName)")
  }
}

extension String {
  /// The text without white space at its ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    let kept = start.reversed().drop { $0.isWhitespace }.count
    return String(start.prefix(kept))
  }
}

import SourceText

/// The tags that a node may wear: those of YAML's core schema.
enum YAMLTag {
  static let prefix = "tag:yaml.org,2002:"

  /// The kind of a scalar with a tag, of which the bare `!` asks for a text.
  static func kind(
    name: String?, _ value: UnsafeBufferPointer<UInt8>, at range: SourceRange
  ) throws(Diagnostic) -> DocumentNode.Scalar.Kind {
    let plain = YAMLCoreSchema.kind(of: value)
    switch (name, plain) {
    case (nil, _), ("!", _), (prefix + "str", _): return .string
    case (prefix + "null", .null), (prefix + "bool", .boolean), (prefix + "int", .number), (prefix + "float", .number):
      return plain
    case (prefix + "null", _), (prefix + "bool", _), (prefix + "int", _), (prefix + "float", _):
      throw Diagnostic(
        .unknownTag, "the tag does not fit the value '\(String(decoding: value, as: UTF8.self))'", at: range)
    default: throw unknown(name ?? "", at: range)
    }
  }

  static func unknown(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unknownTag, "the tag '\(name)' is not known", at: range, label: "no rule needs it",
      notes: ["only !!str, !!int, !!float, !!bool, !!null, !!seq and !!map are read"])
  }
}

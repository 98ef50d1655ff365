import RuleIR

/// How values are written in Kusto.
enum KustoLiteral {
  /// A string literal that holds just this text.
  static func text(_ text: String) -> String { "\"" + text.unicodeScalars.map(escaped).joined() + "\"" }

  /// A string literal for a regular expression: verbatim, where that spares doubled backslashes.
  static func regex(_ text: String) -> String {
    guard text.unicodeScalars.contains("\\"), !text.unicodeScalars.contains(where: \.isHardToSee) else {
      return Self.text(text)
    }
    return "@\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\\": return "\\\\"
    case "\"": return "\\\""
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case _ where scalar.isHardToSee:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let (mark, length) = scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
      return mark + String(repeating: "0", count: length - digits.count) + digits
    case _: return String(scalar)
    }
  }

  /// A number; nil where neither a long nor a real holds it.
  static func number(_ number: Number) -> String? {
    if let integer = number.integer { return String(integer) }
    let double = number.double
    guard double.isFinite, Number("\(double)") == number else { return nil }
    return "\(double)"
  }

  /// The name of a table or column, in brackets where it is no plain name.
  static func name(_ name: String) -> String { isPlain(name) ? name : "[\(text(name))]" }

  /// Whether a name needs no brackets as a column or as a step into one.
  static func isPlain(_ name: String) -> Bool {
    guard let first = name.utf8.first, first.isNameStart, first != UInt8(ascii: "$") else { return false }
    return name.utf8.allSatisfy { ($0.isNameStart || $0.isDigit) && $0 != UInt8(ascii: "$") }
      && !reserved.contains(name) && KustoComparison(.word(name)) == nil
  }

  /// Words that Microsoft's parser, or another, takes for something else than a name.
  private static let reserved: Set<String> = [
    "accumulate", "and", "as", "asc", "bool", "boolean", "by", "cluster", "database", "datatable", "date", "datetime",
    "decimal", "declare", "desc", "double", "dynamic", "earliest", "externaldata", "false", "False", "FALSE",
    "filter", "find", "first", "flags", "guid", "hint", "int", "invoke", "isfuzzy", "kind", "last", "latest", "let",
    "long", "materialize", "missing", "not", "null", "nulls", "of", "on", "or", "print", "project", "real", "regex",
    "relaxed", "sample", "search", "set", "simple", "string", "summarize", "time", "timespan", "title", "to",
    "toscalar", "true", "True", "TRUE", "typeof", "union", "uniqueid", "where", "with", "withsource",
  ]
}

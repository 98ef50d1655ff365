import LanguageSupport
import RuleIR
import SourceText

/// A field as SPL names it.
struct SPLField {
  /// The flattened name, `{}` for the elements of a list.
  var name: String
  /// One value of the list, counted from zero.
  var index: Int?
  /// What is known of its values.
  var type: TargetSchema.FieldType?
  /// Whether the field is known to hold several values.
  var isList: Bool
  /// Whether it may, as far as is known.
  var mayBeList: Bool

  init(_ path: FieldPath, in schema: TargetSchema, at origin: Origin) throws(Diagnostic) {
    let column = schema.columns[path]
    var steps = path.steps
    if case .index(let index)? = steps.last {
      self.index = index
      steps[steps.count - 1] = .each
    }
    name = ""
    for step in steps {
      switch step {
      case .key(let key): name += (name.isEmpty ? "" : ".") + key
      case .each: name += "{}"
      case .index: throw Diagnostic.untranslatable(.listIndex, in: "SPL", because: "an index inside a path", at: origin)
      case .keyPattern: throw Diagnostic.notYet(.keyPattern, in: "SPL", at: origin)
      }
    }
    type = column?.type
    isList = index == nil && (name.contains("{}") || column?.isList == true)
    mayBeList = index == nil && (isList || column == nil)
    if column?.type == .object {
      throw Diagnostic.untranslatable(
        .hasValue, in: "SPL", because: "an object has no field of its own, only its members have", at: origin)
    }
    guard !name.isEmpty, name.unicodeScalars.allSatisfy(Self.isAllowed), !name.hasPrefix(" "), !name.hasSuffix(" ")
    else {
      throw Diagnostic(
        .untranslatable, "SPL cannot name the field '\(name)'", at: origin.range,
        label: "a character that no quotes can hold")
    }
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && scalar.value != 0x7F && !"\"'`\\|[]*$<>".unicodeScalars.contains(scalar)
  }

  /// The field in a `search` expression; nil for what has no name there.
  var inSearch: String? {
    guard index == nil, !SPLSyntax.timeModifiers.contains(name), !SPLSyntax.sourceSelectors.contains(name) else {
      return nil
    }
    return isBare ? name : "\"\(name)\""
  }

  /// The field in an `eval` expression: always in single quotes.
  var inEval: String { index.map { "mvindex('\(name)',\($0))" } ?? "'\(name)'" }

  /// The field among the arguments of a command.
  var inArguments: String { isBare ? name : "\"\(name)\"" }

  private var isBare: Bool {
    let isKeyword = ["AND", "OR", "NOT", "IN", "TERM", "CASE", "BY", "AS"].contains(name.uppercased())
    return !isKeyword
      && name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || "_.{}:-".utf8.contains(byte)
      } && name.first != "-"
  }
}

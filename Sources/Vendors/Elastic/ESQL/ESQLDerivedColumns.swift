import LanguageSupport
import RuleIR
import SourceText

/// The columns that a query makes of texts before its condition: one for each derivation that it tests.
struct ESQLDerivedColumns {
  struct Key: Hashable {
    var path: FieldPath
    var derivation: Derivation
  }

  private(set) var names: [Key: String] = [:]
  /// `EVAL` and `GROK`, a line each.
  private(set) var commands: [String] = []
  private var count = 0

  /// The columns for a predicate.
  init(of predicate: Predicate, in printer: ESQLPrinter) throws(Diagnostic) {
    try add(predicate, printer)
  }

  private mutating func add(_ predicate: Predicate, _ printer: ESQLPrinter) throws(Diagnostic) {
    switch predicate {
    case .all(let parts), .any(let parts): for part in parts { try add(part, printer) }
    case .not(let inner): try add(inner, printer)
    case .field(let test):
      let key: Key
      if case .derived(let derivation) = test.subject {
        key = Key(path: test.field, derivation: derivation)
      } else {
        guard let found = Self.existence(test) else { return }
        key = found
      }
      guard names[key] == nil else { return }
      names[key] = try column(for: test, key.derivation, printer)
    case .presence, .some, .every, .anyField, .rawTerm: return
    }
  }

  /// The part that `GROK` takes wherever a regular expression matches which `RLIKE` cannot say.
  ///
  /// That it is there is the match. Nil for any other test, and where no group always has a part.
  static func existence(_ test: FieldTest) -> Key? {
    guard case .regex(let regex) = test.condition, test.subject == .value, test.polarity == .someValuePasses,
      !test.field.hasKeyPattern, (try? LuceneTranslation(regex)) == nil, let group = steadyGroup(of: regex),
      grok(regex, naming: group, "x") != nil
    else { return nil }
    return Key(path: test.field, derivation: Derivation([.captured(regex, group: group)]))
  }

  /// The first group that has a part in every match, at the top and not optional.
  private static func steadyGroup(of regex: RegexPattern) -> Int? {
    var groups = 0
    var depth = 0
    var found: Int?
    var candidate: Int?
    var isInSet = false
    var rest = Array(regex.text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\\": rest = rest.dropFirst()
      case "[": isInSet = true
      case "]": isInSet = false
      case _ where isInSet: break
      case "(":
        if rest.first != "?" {
          groups += 1
          if depth == 0 { candidate = groups }
        }
        depth += 1
      case ")":
        depth -= 1
        if depth == 0, let group = candidate {
          if found == nil, !(rest.first.map { ["?", "*", "{"].contains($0) } ?? false) { found = group }
          candidate = nil
        }
      case "|" where depth == 0: return nil
      case _: break
      }
    }
    return found
  }

  private mutating func newName() -> String {
    count += 1
    return "Esql.derived_\(count)"
  }

  /// Writes the commands of one derivation.
  private mutating func column(
    for test: FieldTest, _ derivation: Derivation, _ printer: ESQLPrinter
  ) throws(Diagnostic) -> String {
    var value = try printer.column(of: test.field, .derivedValue, at: test.origin).name
    var isColumn = true
    for step in derivation.steps {
      if case .captured(let regex, let group) = step {
        if !isColumn { value = assigned(value) }
        let name = newName()
        guard let pattern = Self.grok(regex, naming: group, name) else { throw Self.refusal(step, at: test.origin) }
        commands.append("| GROK \(value) \(ESQLSpelling.text(pattern))")
        (value, isColumn) = (name, true)
      } else {
        guard let call = Self.call(step, on: value) else { throw Self.refusal(step, at: test.origin) }
        (value, isColumn) = (call, false)
      }
    }
    return isColumn ? value : assigned(value)
  }

  private mutating func assigned(_ expression: String) -> String {
    let name = newName()
    commands.append("| EVAL \(name) = \(expression)")
    return name
  }

  private static func refusal(_ step: Derivation.Step, at origin: Origin) -> Diagnostic {
    .untranslatable(
      .derivedValue, in: ESQLPrinter.language, because: "there is no function for: \(step)", at: origin)
  }

  private static func call(_ step: Derivation.Step, on value: String) -> String? {
    switch step {
    case .urlDecoded: return "URL_DECODE(\(value))"
    case .base64Decoded: return "FROM_BASE64(\(value))"
    case .lowered: return "TO_LOWER(\(value))"
    case .raised: return "TO_UPPER(\(value))"
    case .length: return "LENGTH(\(value))"
    case .captured: return nil
    case .replaced(let regex, let text):
      guard regex.flavour == .pcre, regex.flags.isEmpty, regex.anchoring == .search else { return nil }
      return "REPLACE(\(value), \(ESQLSpelling.text(regex.text)), \(ESQLSpelling.text(text)))"
    case .matchCount(let regex):
      // What is taken out, character by character, makes the text shorter by the number of matches.
      guard regex.flavour == .pcre, regex.flags.isEmpty, regex.text.unicodeScalars.count == 1,
        !regex.text.unicodeScalars.contains(where: { ".*+?()[]{}|^$\\".unicodeScalars.contains($0) })
      else { return nil }
      return "LENGTH(\(value)) - LENGTH(REPLACE(\(value), \(ESQLSpelling.text(regex.text)), \"\"))"
    }
  }

  /// The expression as a pattern of `GROK` in which a group has a name; nil where it would mean something else there.
  private static func grok(_ regex: RegexPattern, naming group: Int, _ name: String) -> String? {
    guard regex.flavour == .pcre, regex.anchoring == .search, regex.flags.isSubset(of: [.multiline]) else { return nil }
    var spelled = ""
    var groups = 0
    var hasLineAnchor = false
    var rest = Array(regex.text.unicodeScalars)[...]
    var isInSet = false
    while let scalar = rest.popFirst() {
      spelled.unicodeScalars.append(scalar)
      switch scalar {
      case "\\": if let next = rest.popFirst() { spelled.unicodeScalars.append(next) }
      case "[": isInSet = true
      case "]": isInSet = false
      case "%" where rest.first == "{": return nil
      case "^" where !isInSet, "$" where !isInSet: hasLineAnchor = true
      case "(" where !isInSet && rest.first != "?":
        groups += 1
        if groups == group { spelled += "?<\(name)>" }
      case _: break
      }
    }
    return groups >= group && hasLineAnchor == regex.flags.contains(.multiline) ? spelled : nil
  }
}

import RuleIR

/// A predicate in SMT-LIB, for a general solver to answer the same question.
///
/// Its events hold one value or none at each field: `k` says of which kind it is (0 absent, 1 null, 2 text, 3 number,
/// 4 boolean, 5 object), `s`, `n` and `b` hold it. What is beyond this little language has no script.
struct SolverScript {
  private struct Outside: Error {}

  /// The fields that are asked of, each once.
  private(set) var fields: [FieldPath] = []
  private(set) var text = ""

  /// Nil where the predicate has no script.
  init?(_ predicate: Predicate) {
    do throws(Outside) {
      let formula = try form(predicate)
      guard !hasNestedFields else { return nil }
      text = "(set-logic ALL)\n"
      for index in fields.indices {
        text += "(declare-const k\(index) Int)\n(assert (and (>= k\(index) 0) (<= k\(index) 5)))\n"
        text += "(declare-const s\(index) String)\n(declare-const n\(index) Real)\n(declare-const b\(index) Bool)\n"
      }
      text += "(assert \(formula))\n(check-sat)\n"
    } catch {
      return nil
    }
  }

  private var hasNestedFields: Bool {
    fields.contains { one in
      fields.contains { $0 != one && ($0.dotted + ".").hasPrefix(one.dotted + ".") }
    }
  }

  private mutating func number(of field: FieldPath) throws(Outside) -> Int {
    for step in field.steps {
      guard case .key = step else { throw Outside() }
    }
    if let known = fields.firstIndex(of: field) { return known }
    fields.append(field)
    return fields.count - 1
  }

  private mutating func form(_ predicate: Predicate) throws(Outside) -> String {
    switch predicate {
    case .all(let parts): return try joined("and", parts, empty: "true")
    case .any(let parts): return try joined("or", parts, empty: "false")
    case .not(let inner): return "(not \(try form(inner)))"
    case .presence(let test):
      let index = try number(of: test.field)
      return test.kind == .key ? "(> k\(index) 0)" : "(> k\(index) 1)"
    case .field(let test):
      guard test.subject == .value else { throw Outside() }
      let index = try number(of: test.field)
      let condition = try form(test.condition, index)
      return test.polarity == .someValuePasses ? condition : "(and (> k\(index) 1) (not \(condition)))"
    case .some, .every, .anyField, .rawTerm: throw Outside()
    }
  }

  private mutating func joined(_ name: String, _ parts: [Predicate], empty: String) throws(Outside) -> String {
    guard !parts.isEmpty else { return empty }
    var forms: [String] = []
    for part in parts { forms.append(try form(part)) }
    return "(\(name) \(forms.joined(separator: " ")))"
  }

  private func form(_ condition: Condition, _ index: Int) throws(Outside) -> String {
    switch condition {
    case .equals(let literal): return try form(literal, index)
    case .oneOf(let literals):
      guard !literals.isEmpty else { return "false" }
      var forms: [String] = []
      for literal in literals { forms.append(try form(literal, index)) }
      return "(or \(forms.joined(separator: " ")))"
    case .matches(let pattern, let textCase): return try form(pattern, textCase, index)
    case .order(let order, .number(let number, .strict)):
      return "(and (= k\(index) 3) (\(order.rawValue) n\(index) \(try decimal(number))))"
    case .order, .regex, .network, .term, .encoded, .field: throw Outside()
    }
  }

  private func form(_ literal: Literal, _ index: Int) throws(Outside) -> String {
    switch literal {
    case .text(let text, let textCase): return try form(.exact(text), textCase, index)
    case .number(let number, .strict): return "(and (= k\(index) 3) (= n\(index) \(try decimal(number))))"
    case .number(_, .coercing): throw Outside()
    case .boolean(let flag): return "(and (= k\(index) 4) (= b\(index) \(flag)))"
    case .untyped(let text, let textCase):
      var forms = [try form(.exact(text), textCase, index)]
      if let number = Number(text) { forms.append(try form(.number(number, .strict), index)) }
      for flag in [true, false] where textCase.key(text) == "\(flag)" {
        forms.append(try form(.boolean(flag), index))
      }
      return "(or \(forms.joined(separator: " ")))"
    }
  }

  private func form(_ pattern: TextPattern, _ textCase: TextCase, _ index: Int) throws(Outside) -> String {
    let isText = "(= k\(index) 2)"
    let text = pattern.literals.first.map { quoted($0) } ?? "\"\""
    switch (textCase, pattern.shape) {
    case (.sensitive, .exact): return "(and \(isText) (= s\(index) \(text)))"
    case (.sensitive, .prefix): return "(and \(isText) (str.prefixof \(text) s\(index)))"
    case (.sensitive, .suffix): return "(and \(isText) (str.suffixof \(text) s\(index)))"
    case (.sensitive, .contains): return "(and \(isText) (str.contains s\(index) \(text)))"
    case (_, .anything): return isText
    case (.sensitive, .glob), (.insensitive, _): break
    }
    var parts: [String] = []
    for part in pattern.parts {
      switch part {
      case .anyRun: parts.append("re.all")
      case .anyScalar: parts.append("re.allchar")
      case .literal(let text):
        for scalar in text.unicodeScalars { parts.append(try form(scalar, textCase)) }
      }
    }
    let whole =
      parts.isEmpty ? "(str.to_re \"\")" : parts.count == 1 ? parts[0] : "(re.++ \(parts.joined(separator: " ")))"
    return "(and \(isText) (str.in_re s\(index) \(whole)))"
  }

  private func form(_ scalar: Unicode.Scalar, _ textCase: TextCase) throws(Outside) -> String {
    guard textCase == .insensitive else { return "(str.to_re \(quoted(String(scalar))))" }
    // Folding of other letters is the program's own affair, of which the solver knows nothing.
    guard scalar.isASCII else { throw Outside() }
    var cases = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
    if cases[0] == "k" { cases.append("\u{212A}") }
    if cases[0] == "s" { cases.append("\u{17F}") }
    if cases[0] == cases[1] { return "(str.to_re \(quoted(cases[0])))" }
    return "(re.union \(cases.map { "(str.to_re \(quoted($0)))" }.joined(separator: " ")))"
  }

  private func quoted(_ text: String) -> String {
    let inside = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": return "\"\""
      case _ where scalar.value < 0x20 || scalar.value > 0x7E || scalar == "\\":
        return "\\u{\(String(scalar.value, radix: 16))}"
      case _: return String(scalar)
      }
    }
    return "\"\(inside.joined())\""
  }

  private func decimal(_ number: Number) throws(Outside) -> String {
    guard let integer = number.integer else { throw Outside() }
    return integer < 0 ? "(- \(integer.magnitude).0)" : "\(integer).0"
  }
}

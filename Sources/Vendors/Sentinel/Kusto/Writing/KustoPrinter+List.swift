import LanguageSupport
import RuleIR
import SourceText

extension KustoPrinter {
  /// A test of a field that holds several values, any of which may pass.
  func listed(_ test: FieldTest, _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    switch test.condition {
    case .equals(let literal): return try listed([literal], column)
    case .oneOf(let literals): return try listed(literals, column)
    case .matches(let pattern, let textCase): return listed(pattern, textCase, column)
    case .network(let network):
      guard column.type == .ip, let prefixes = network.textPrefixes, prefixes.count <= 16 else {
        throw perElement(.network, test)
      }
      return .anyOf(prefixes.map { listed($0, .sensitive, column) })
    case .regex: throw perElement(.regexSearch, test)
    case .order: throw perElement(.numberOrder, test)
    case .term: throw perElement(.wholeTerm, test)
    case .encoded: throw perElement(.encodedText, test)
    case .field: throw perElement(.fieldEqualsField, test)
    }
  }

  private func listed(_ literals: [Literal], _ column: KustoColumn) throws(Diagnostic) -> KustoTest {
    var tests: [KustoTest] = []
    for literal in literals {
      switch literal {
      case .text(let text, .sensitive): tests.append(has(KustoLiteral.text(text), column.reference))
      case .text(let text, .insensitive): tests.append(hasFolded(text, column))
      case .untyped(let text, let textCase):
        tests.append(
          textCase == .sensitive ? has(KustoLiteral.text(text), column.reference) : hasFolded(text, column))
        if column.type != .text, let value = Number(text) {
          tests.append(has(try number(value, .untypedLiteral, at: column.origin), column.reference))
        }
        if column.type != .text, ["true", "false"].contains(textCase.key(text)) {
          tests.append(has(textCase.key(text), column.reference))
        }
      case .number(let value, _):
        tests.append(has(try number(value, .numberEquality, at: column.origin), column.reference))
      case .boolean(let flag): tests.append(has(flag ? "true" : "false", column.reference))
      }
    }
    return .anyOf(tests)
  }

  private func has(_ literal: String, _ list: String) -> KustoTest {
    KustoTest("set_has_element(\(list), \(literal))", isTotal: false)
  }

  /// The list's JSON text in lower case is the JSON text of the list in lower case.
  private func hasFolded(_ text: String, _ column: KustoColumn) -> KustoTest {
    if text.hasNonASCIILetter || text.utf8.contains(where: { $0 >= 0x80 }) {
      return listed(.exact(text), .insensitive, column)
    }
    return has(KustoLiteral.text(text.lowercased()), "todynamic(tolower(tostring(\(column.reference))))")
  }

  private func listed(_ pattern: TextPattern, _ textCase: TextCase, _ column: KustoColumn) -> KustoTest {
    let text = KustoListRegex.render(pattern, textCase)
    let test = KustoTest("tostring(\(column.reference)) matches regex \(KustoLiteral.regex(text))")
    guard !KustoListRegex.isCertain(pattern) else { return test }
    let feature: Feature = textCase == .sensitive ? .caseSensitivePattern : .caseInsensitivePattern
    return test.losing([
      Loss(feature, .narrower, because: "a list's JSON text may write these characters another way", at: column.origin)
    ])
  }
}

extension Network {
  /// Patterns that the texts of the block's IPv4 addresses match, and those of no other; nil for IPv6.
  fileprivate var textPrefixes: [TextPattern]? {
    guard address.count == 4 else { return nil }
    let whole = prefixLength / 8
    let fixed = address.prefix(whole).map { "\($0)." }.joined()
    if whole == 4 { return [.exact(String(fixed.dropLast()))] }
    let free = prefixLength % 8
    if free == 0 { return [fixed.isEmpty ? .anything : .prefix(fixed)] }
    let last = Int(address[whole])
    return (last..<(last + 1 << (8 - free))).map { octet in
      whole == 3 ? .exact(fixed + "\(octet)") : .prefix(fixed + "\(octet).")
    }
  }
}

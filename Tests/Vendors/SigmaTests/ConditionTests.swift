import LanguageSupport
import RuleIR
import SourceText
import Testing

@Suite struct ConditionTests {
  /// Selections whose meaning is their name.
  private static let selections = ["a", "b", "c", "notepad", "_d", "sel_x", "sel_y_z", "of", "x.conf", "OR"]

  /// A condition, and its meaning with selections for tests.
  static let conditions: [(condition: String, meaning: String)] = [
    ("a", "a"),
    ("a or b and c", "any(a all(b c))"),
    ("a and b or c", "any(all(a b) c)"),
    ("(a or b) and c", "all(any(a b) c)"),
    ("not a and b", "all(not(a) b)"),
    ("not not a", "not(not(a))"),
    ("not (a or b)", "not(any(a b))"),
    ("notepad", "notepad"),
    ("not notepad", "not(notepad)"),
    ("1 of sel_*", "any(sel_x sel_y_z)"),
    ("any of sel_*", "any(sel_x sel_y_z)"),
    ("all of sel*_*", "all(sel_x sel_y_z)"),
    ("1 of *_z", "sel_y_z"),
    ("1 of a", "a"),
    ("2 of sel_*", "all(sel_x sel_y_z)"),
    ("not 1 of sel_*", "not(any(sel_x sel_y_z))"),
    ("1 of sel_* and a", "all(any(sel_x sel_y_z) a)"),
    ("2 of them", nil),
    ("1 of them", "any(a b c notepad sel_x sel_y_z of x.conf OR)"),
    ("x.conf", "x.conf"),
    ("a AND NOT b", "all(a not(b))"),
    ("a and OR", "all(a OR)"),
    ("a and of", "all(a of)"),
    ("  a\n  and\tb ", "all(a b)"),
    ("(((a)))", "a"),
    ("a or b or c", "any(a b c)"),
  ].map { ($0.0, $0.1 ?? "any(\(choices))") }

  /// Every pair of the nine selections that `them` means.
  private static var choices: String {
    let names = selections.filter { !$0.hasPrefix("_") }
    return names.indices.flatMap { left in
      names[(left + 1)...].map { "all(\(names[left]) \($0))" }
    }.joined(separator: " ")
  }

  private static func detection(_ condition: String) -> String {
    selections.map { "\($0):\n  field: '\($0)'" }.joined(separator: "\n") + "\ncondition: "
      + EventValue.quoted(condition)
  }

  @Test func `Conditions bind as the grammar says`() {
    for (condition, meaning) in Self.conditions {
      let reading = SigmaRules.read(detection: Self.detection(condition))
      guard case .predicate(let predicate)? = reading?.rule?.body else {
        Issue.record("\(condition): \(SigmaRules.rendered(reading?.diagnostics ?? []))")
        continue
      }
      #expect(predicate.shape == meaning, "\(condition)")
    }
  }

  @Test func `A list of conditions fires on each of them`() {
    let detection = "a:\n  field: a\nb:\n  field: b\ncondition:\n  - a\n  - not b"
    guard case .predicate(let predicate)? = SigmaRules.read(detection: detection)?.rule?.body else {
      Issue.record("no rule was read")
      return
    }
    #expect(predicate.shape == "any(a not(b))")
  }

  @Test func `A connective in upper case is taken with a warning`() {
    let reading = SigmaRules.read(detection: "a:\n  field: a\nb:\n  field: b\ncondition: a OR b")
    #expect(reading?.rule != nil)
    #expect(
      SigmaRules.rendered(reading?.diagnostics ?? []) == """
        warning[assumed-meaning]: 'OR' is taken for 'or'
          --> rule.yml:11:16
           |
        11 |   condition: a OR b
           |                ^^ in upper case
           = note: Sigma's connectives are in lower case
           = help: write 'or'
        """)
  }

  @Test func `A long chain of selections stays flat`() {
    let condition = Array(repeating: "a", count: 9_000).joined(separator: " or ")
    guard
      case .predicate(.any(let parts))? = SigmaRules.read(detection: "a:\n  f: x\ncondition: \(condition)")?.rule?.body
    else {
      Issue.record("no disjunction was read")
      return
    }
    #expect(parts.count == 9_000)
  }
}

extension Predicate {
  /// The structure, with the values of the tests for their names.
  fileprivate var shape: String {
    switch self {
    case .all(let parts): "all(\(parts.map(\.shape).joined(separator: " ")))"
    case .any(let parts): "any(\(parts.map(\.shape).joined(separator: " ")))"
    case .not(let inner): "not(\(inner.shape))"
    case .field(let test):
      if case .equals(let literal) = test.condition { literal.spelling } else { "?" }
    case .presence, .some, .every, .anyField, .rawTerm: "?"
    }
  }
}

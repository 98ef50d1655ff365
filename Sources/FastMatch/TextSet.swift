import RuleIR

/// Many tests of one text, of which one must hold: a list of endings, of beginnings, of words inside.
struct TextSet: Sendable {
  /// One of the tests.
  struct Test: Hashable {
    enum Kind: Hashable { case equals, starts, ends, contains }

    var kind: Kind
    var text: [UInt8]
  }

  private let pool: Flat<UInt8>
  private let equals: ByteTable?
  private let starts: EdgeFilter?
  private let ends: EdgeFilter?
  private let contains: SubstringFilter?

  init(_ tests: [Test], usual: GramCounts? = nil) {
    var pool: [UInt8] = []
    var edges: [Test.Kind: [(text: Run, targets: Run)]] = [:]
    var whole: [(text: [UInt8], value: Int32)] = []
    for test in Set(tests).sorted(by: { $0.text.lexicographicallyPrecedes($1.text) }) {
      if test.kind == .equals {
        whole.append((test.text, 1))
      } else {
        edges[test.kind, default: []].append((Run(appending: test.text, to: &pool), .empty))
      }
    }
    equals = whole.isEmpty ? nil : ByteTable(whole)
    starts = edges[.starts].map { EdgeFilter($0, pool: pool, at: .start) }
    ends = edges[.ends].map { EdgeFilter($0, pool: pool, at: .end) }
    contains = edges[.contains].map { SubstringFilter($0, pool: pool, usual: usual) }
    self.pool = Flat(pool)
  }

  func free() {
    pool.free()
    equals?.free()
    starts?.free()
    ends?.free()
    contains?.free()
  }

  func matches(_ text: Slice) -> Bool {
    if let equals, equals.value(text) >= 0 { return true }
    var isFound = false
    let pool = UnsafePointer(pool.base)
    ends?.scan(text, pool: pool) { _ in
      isFound = true
      return true
    }
    if isFound { return true }
    starts?.scan(text, pool: pool) { _ in
      isFound = true
      return true
    }
    if isFound { return true }
    contains?.scan(text, pool: pool) { _ in
      isFound = true
      return true
    }
    return isFound
  }
}

extension FieldTest {
  /// The test as one of a set over the same field; nil where it is no plain test of a text.
  func setMember() -> (textCase: TextCase, test: TextSet.Test)? {
    guard subject == .value, polarity == .someValuePasses else { return nil }
    func member(_ kind: TextSet.Test.Kind, _ text: String, _ textCase: TextCase) -> (TextCase, TextSet.Test) {
      (textCase, TextSet.Test(kind: kind, text: Array(textCase.key(text).utf8)))
    }
    switch condition {
    case .equals(.text(let text, let textCase)): return member(.equals, text, textCase)
    case .matches(let pattern, let textCase):
      switch pattern.shape {
      case .exact(let text): return member(.equals, text, textCase)
      case .prefix(let text): return member(.starts, text, textCase)
      case .suffix(let text): return member(.ends, text, textCase)
      case .contains(let text): return member(.contains, text, textCase)
      case .anything, .glob: return nil
      }
    case .equals, .oneOf, .regex, .order, .network, .term, .encoded, .field: return nil
    }
  }
}

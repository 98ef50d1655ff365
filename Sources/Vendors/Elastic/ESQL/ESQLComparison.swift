import RuleIR

extension ESQLExpression.Comparison {
  /// The order that it asks for; nil for equality and its opposite.
  var order: Order? {
    switch self {
    case .equal, .notEqual: nil
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }

  /// The comparison seen from the other side.
  var mirrored: ESQLExpression.Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }

  func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
    switch self {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
  }
}

/// A text compared scalar by scalar, as the bytes of keywords are.
struct OrderedText: Comparable {
  let text: String

  init(_ text: String) { self.text = text }

  static func < (left: OrderedText, right: OrderedText) -> Bool { comesBefore(left.text, right.text) }
  static func == (left: OrderedText, right: OrderedText) -> Bool { isSameText(left.text, right.text) }
}

extension ESQLColumnView {
  /// How letters compare in tests of the column with texts; nil where the column, folded, can hold none of them.
  func textCase(for texts: [String]) -> TextCase? {
    switch folding {
    case .asWritten: .sensitive
    case .lower: texts.allSatisfy { isSameText($0, $0.lowercased()) } ? .insensitive : nil
    case .upper: texts.allSatisfy { isSameText($0, $0.uppercased()) } ? .insensitive : nil
    }
  }
}

extension ESQLValue {
  /// Whether it has an order: a text or a number.
  var isOrdered: Bool {
    switch self {
    case .text, .number: true
    case .null, .boolean, .span, .now, .column, .truth, .choice, .list, .derived: false
    }
  }

  /// The elements of a list, or the value alone.
  var items: [ESQLValue] {
    if case .list(let items) = self { items } else { [self] }
  }

  var isBoolean: Bool {
    if case .boolean = self { true } else { false }
  }

  /// What it is, in words for a reason.
  var kind: String {
    switch self {
    case .null: "null"
    case .text: "a text"
    case .number: "a number"
    case .boolean: "a boolean"
    case .span: "a length of time"
    case .now: "the time of the search"
    case .column: "a column"
    case .truth: "a condition"
    case .choice: "a choice"
    case .list: "a list"
    case .derived(let derived): derived.kind
    }
  }
}

extension Literal {
  /// The literal for an order: a text is compared as a text, even where it spells a number.
  var ordered: Literal {
    switch self {
    case .untyped(let text, let textCase): .text(text, textCase)
    case .text, .number, .boolean: self
    }
  }
}

extension String {
  /// Whether an order with the text may be one of dates or addresses, which the type of the column decides.
  var looksLikeDateOrAddress: Bool {
    if Network.address(self) != nil { return true }
    let start = utf8.prefix(5)
    return start.count == 5 && start.prefix(4).allSatisfy { (48...57).contains($0) } && start.last == UInt8(ascii: "-")
  }
}

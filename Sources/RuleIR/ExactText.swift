/// Whether two texts are the same, scalar by scalar.
///
/// Swift's own `==` also holds between texts that are only canonically equivalent (`é` as one scalar or as two), and
/// no detection product compares so.
public func isSameText(_ left: String, _ right: String) -> Bool {
  left.utf8.elementsEqual(right.utf8)
}

/// Whether a text comes before another by its Unicode scalars.
public func comesBefore(_ left: String, _ right: String) -> Bool {
  left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
}

extension Literal {
  public static func == (lhs: Literal, rhs: Literal) -> Bool {
    switch (lhs, rhs) {
    case (.text(let left, let leftCase), .text(let right, let rightCase)),
      (.untyped(let left, let leftCase), .untyped(let right, let rightCase)):
      leftCase == rightCase && isSameText(left, right)
    case (.number(let left, let leftReading), .number(let right, let rightReading)):
      left == right && leftReading == rightReading
    case (.boolean(let left), .boolean(let right)): left == right
    case (.text, _), (.untyped, _), (.number, _), (.boolean, _): false
    }
  }
}

extension TextPattern.Part {
  public static func == (lhs: TextPattern.Part, rhs: TextPattern.Part) -> Bool {
    switch (lhs, rhs) {
    case (.literal(let left), .literal(let right)): isSameText(left, right)
    case (.anyRun, .anyRun), (.anyScalar, .anyScalar): true
    case (.literal, _), (.anyRun, _), (.anyScalar, _): false
    }
  }
}

extension RegexPattern {
  public static func == (lhs: RegexPattern, rhs: RegexPattern) -> Bool {
    lhs.flavour == rhs.flavour && lhs.flags == rhs.flags && lhs.anchoring == rhs.anchoring
      && isSameText(lhs.text, rhs.text)
  }
}

extension TermMatch {
  public static func == (lhs: TermMatch, rhs: TermMatch) -> Bool {
    lhs.textCase == rhs.textCase && lhs.tokenisation == rhs.tokenisation && lhs.extent == rhs.extent
      && isSameText(lhs.text, rhs.text)
  }
}

/// A text as an element of sets and a key of tables: equal scalar by scalar alone.
public struct ExactText: Hashable, Sendable {
  public let text: String

  public init(_ text: String) { self.text = text }

  public static func == (lhs: ExactText, rhs: ExactText) -> Bool { isSameText(lhs.text, rhs.text) }
}

/// A text with wildcards, free of any language's escapes.
///
/// It covers the whole text. `*` is any run of scalars, the empty one and line ends included; `?` is one scalar.
/// The parts are kept in one form: neighbouring literals joined, no empty literal, `?` before `*` in a run of both.
public struct TextPattern: Hashable, Sendable {
  public enum Part: Hashable, Sendable {
    case literal(String)
    /// `*`
    case anyRun
    /// `?`
    case anyScalar
  }

  /// What a printer can say without a wildcard.
  public enum Shape: Hashable, Sendable {
    case exact(String)
    case prefix(String)
    case suffix(String)
    case contains(String)
    /// Any text, the empty one included.
    case anything
    case glob
  }

  public let parts: [Part]

  public init(_ parts: [Part]) {
    var joined: [Part] = []
    for part in parts {
      switch (joined.last, part) {
      case (_, .literal("")): break
      case (.literal(let before)?, .literal(let text)): joined[joined.count - 1] = .literal(before + text)
      case (.anyRun?, .anyRun): break
      case (.anyRun?, .anyScalar): joined.insert(.anyScalar, at: joined.count - 1)
      case _: joined.append(part)
      }
    }
    self.parts = joined
  }

  public static func exact(_ text: String) -> TextPattern { TextPattern([.literal(text)]) }
  public static func prefix(_ text: String) -> TextPattern { TextPattern([.literal(text), .anyRun]) }
  public static func suffix(_ text: String) -> TextPattern { TextPattern([.anyRun, .literal(text)]) }
  public static func contains(_ text: String) -> TextPattern { TextPattern([.anyRun, .literal(text), .anyRun]) }
  public static let anything = TextPattern([.anyRun])

  public var shape: Shape {
    if parts.isEmpty { return .exact("") }
    if parts.count == 1 {
      if case .literal(let text) = parts[0] { return .exact(text) }
      return parts[0] == .anyRun ? .anything : .glob
    }
    if parts.count == 2 {
      if case .literal(let text) = parts[0], parts[1] == .anyRun { return .prefix(text) }
      if case .literal(let text) = parts[1], parts[0] == .anyRun { return .suffix(text) }
    }
    if parts.count == 3, case .literal(let text) = parts[1], parts[0] == .anyRun, parts[2] == .anyRun {
      return .contains(text)
    }
    return .glob
  }

  /// The literal parts, in order.
  public var literals: [String] {
    parts.compactMap { part in
      if case .literal(let text) = part { text } else { nil }
    }
  }

  /// The pattern with its literals changed.
  public func mapLiterals(_ change: (String) -> String) -> TextPattern {
    TextPattern(
      parts.map { part in
        if case .literal(let text) = part { .literal(change(text)) } else { part }
      })
  }

  public var hasWildcard: Bool { parts.contains { $0 == .anyRun || $0 == .anyScalar } }
}

extension TextPattern: CustomStringConvertible {
  /// The pattern with `*` and `?` for its wildcards and a backslash before what only looks like one.
  public var description: String {
    parts.map { part in
      switch part {
      case .anyRun: "*"
      case .anyScalar: "?"
      case .literal(let text):
        text.unicodeScalars.reduce(into: "") { written, scalar in
          if scalar == "*" || scalar == "?" || scalar == "\\" { written += "\\" }
          written.unicodeScalars.append(scalar)
        }
      }
    }.joined()
  }

  /// Reads the form that `description` writes; nil where a backslash stands before anything else.
  public init?(parsing text: String) {
    var parts: [Part] = []
    var literal = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      switch scalar {
      case "*", "?":
        parts += [.literal(String(literal)), scalar == "*" ? .anyRun : .anyScalar]
        literal.removeAll()
      case "\\":
        guard let escaped = scalars.next(), escaped == "*" || escaped == "?" || escaped == "\\" else { return nil }
        literal.append(escaped)
      case _: literal.append(scalar)
      }
    }
    self.init(parts + [.literal(String(literal))])
  }
}

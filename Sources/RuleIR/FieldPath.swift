/// The way from the event, or from the element that a `some` or `every` looks at, to the values a test is about.
///
/// Written `objectRef.resource`, `annotations["authorization.k8s.io/decision"]`, `containers[*].image`, `args[0]`.
/// Lists on the way are descended into of themselves.
public struct FieldPath: Hashable, Sendable {
  public enum Step: Hashable, Sendable {
    /// A member of an object. A key with dots is a dotted name: the longest joined key is tried first, then its
    /// parts; where several exist, their values are united.
    case key(String)
    /// An element of a list, counted from zero, or from the end where negative.
    case index(Int)
    /// Every element of a list; nothing where there is no list.
    case each
    /// Every member whose key matches, letter by letter.
    case keyPattern(TextPattern)
  }

  public var steps: [Step]

  public init(_ steps: [Step]) { self.steps = steps }

  /// A dotted name as one step: what an importer knows of a field before it is mapped.
  public init(named name: String) { self.steps = [.key(name)] }

  /// Plain keys, one step each.
  public init(keys: String...) { self.steps = keys.map(Step.key) }

  /// The element itself, inside a `some` or `every`.
  public static let element = FieldPath([])

  /// The name under which mappings know the path: its keys joined by dots, `[*]` for every element, `[n]` for one.
  public var dotted: String {
    var name = ""
    for step in steps {
      switch step {
      case .key(let key): name += (name.isEmpty ? "" : ".") + key
      case .index(let index): name += "[\(index)]"
      case .each: name += "[*]"
      case .keyPattern(let pattern): name += (name.isEmpty ? "" : ".") + "<\(pattern)>"
      }
    }
    return name
  }

  public func appending(_ other: FieldPath) -> FieldPath { FieldPath(steps + other.steps) }
}

extension FieldPath: CustomStringConvertible {
  /// The form that `init(parsing:)` reads.
  public var description: String {
    guard !steps.isEmpty else { return "." }
    var text = ""
    for step in steps {
      switch step {
      case .key(let key) where Self.isPlain(key): text += (text.isEmpty ? "" : ".") + key
      case .key(let key): text += "[\(EventValue.quoted(key))]"
      case .index(let index): text += "[\(index)]"
      case .each: text += "[*]"
      case .keyPattern(let pattern): text += (text.isEmpty ? "" : ".") + "<\(pattern)>"
      }
    }
    return text
  }

  private static func isPlain(_ key: String) -> Bool {
    !key.isEmpty
      && key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: "<"): false
        case 0...0x20: false
        case _: true
        }
      }
  }

  /// Reads the form that `description` writes, and `{}` as `[*]`; nil where the text is no path.
  public init?(parsing text: String) {
    var steps: [Step] = []
    var rest = text.unicodeScalars[...]
    var wantsKey = true
    while let next = rest.first {
      if next == "[" || next == "{" {
        guard let (step, after) = Self.bracket(rest) else { return nil }
        steps.append(step)
        rest = after
        wantsKey = false
      } else {
        if !wantsKey {
          guard next == "." else { return nil }
          rest = rest.dropFirst()
        }
        let key = rest.prefix { $0 != "." && $0 != "[" && $0 != "{" }
        guard !key.isEmpty else { return nil }
        steps.append(.key(String(String.UnicodeScalarView(key))))
        rest = rest.dropFirst(key.count)
        wantsKey = false
      }
    }
    guard !steps.isEmpty else { return nil }
    self.steps = steps
  }

  private static func bracket(
    _ text: Substring.UnicodeScalarView
  ) -> (step: Step, rest: Substring.UnicodeScalarView)? {
    var rest = text.dropFirst()
    if text.first == "{" { return rest.first == "}" ? (.each, rest.dropFirst()) : nil }
    guard let quote = rest.first, quote == "\"" || quote == "'" else {
      let inside = rest.prefix { $0 != "]" }
      rest = rest.dropFirst(inside.count)
      guard rest.first == "]" else { return nil }
      let word = String(String.UnicodeScalarView(inside))
      if word == "*" { return (.each, rest.dropFirst()) }
      return Int(word).map { (.index($0), rest.dropFirst()) }
    }
    rest = rest.dropFirst()
    var key = String.UnicodeScalarView()
    while let scalar = rest.first, scalar != quote {
      rest = rest.dropFirst()
      if scalar == "\\", let escaped = rest.first {
        rest = rest.dropFirst()
        key.append(escaped)
      } else {
        key.append(scalar)
      }
    }
    guard rest.first == quote, rest.dropFirst().first == "]" else { return nil }
    return (.key(String(key)), rest.dropFirst(2))
  }
}

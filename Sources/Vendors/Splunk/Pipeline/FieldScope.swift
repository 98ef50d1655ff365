import RuleIR
import SourceText

/// What a field's name stands for at a stage of the pipeline.
enum FieldBinding: Hashable, Sendable {
  /// The event's own field.
  case event(FieldPath)
  /// The event's own field, or a text where it has none.
  case filled(FieldPath, String)
  /// What an expression comes to.
  case value([Alternative])
  /// What an aggregation measured.
  case measure(AggregateMeasure)
  /// Every value that a field has in a group of events.
  case collected(FieldPath, Gathering)
  /// When the first or the last event of a group was.
  case moment(ElapsedTime.Moment, AggregateGrouping)
  case opaque(Obstacle)
  /// There is no such field any more.
  case absent
}

/// How values are gathered over a group: `values` keeps one of each, `list` all of them.
enum Gathering: String, Hashable, Sendable { case values, list }

/// The fields that a stage sees, traced back to the event.
struct FieldScope: Hashable, Sendable {
  /// What a name means that no stage has named.
  enum Rest: Hashable, Sendable {
    case event
    /// The event's field, or this text where it has none and another event has.
    case filled(String)
    case opaque(Obstacle)
    case absent
  }

  private var names: [String: FieldBinding] = [:]
  private(set) var rest = Rest.event
  private var patternRenames: [PatternRename] = []

  fileprivate struct PatternRename: Hashable, Sendable {
    var from: WildcardName
    var to: WildcardName
  }

  /// How many patterns are followed.
  private static let patternLimit = 100

  init() {}

  /// A scope of only these fields: what an aggregation leaves.
  init(only names: [String: FieldBinding]) {
    self.names = names
    rest = .absent
  }

  func binding(of name: String) -> FieldBinding {
    if let known = names[name] { return known }
    switch rest {
    case .event: return eventBinding(of: name)
    case .filled(let text): return eventBinding(of: name).filled(with: text)
    case .opaque(let obstacle): return .opaque(obstacle)
    case .absent: return .absent
    }
  }

  /// The event's fields that have come to have this name: a pattern that renames takes the place of a field of the
  /// new name where the event has one of the old, and leaves it where it has none.
  private func eventBinding(of name: String) -> FieldBinding {
    var search = EarlierNames(patternRenames)
    guard search.gather(name, before: patternRenames.count) else {
      return .opaque(Obstacle(reason: "rename", detail: "too many names lead here", place: nil))
    }
    let paths = search.found.filter { names[$0] != .absent }.map(FieldPath.init(splunkName:))
    guard paths.count > 1 else { return paths.first.map(FieldBinding.event) ?? .absent }
    return .value(Alternative.firstThere(paths))
  }

  mutating func bind(_ name: String, to binding: FieldBinding) { names[name] = binding }

  /// Makes every field that no stage has named unknown.
  mutating func obscureRest(_ obstacle: Obstacle) { rest = .opaque(obstacle) }

  /// Makes every field unknown.
  mutating func obscure(_ obstacle: Obstacle) {
    for name in names.keys { names[name] = .opaque(obstacle) }
    rest = .opaque(obstacle)
  }

  /// `fillnull` without a list.
  mutating func fill(with text: String) {
    for (name, binding) in names { names[name] = binding.filled(with: text) }
    if rest == .event { rest = .filled(text) }
  }

  mutating func rename(_ from: String, to: String) {
    guard from.contains("*") else {
      let binding = self.binding(of: from)
      names[from] = .absent
      names[to] = binding
      return
    }
    guard patternRenames.count < Self.patternLimit else {
      return obscure(Obstacle(reason: "rename", detail: "too many patterns", place: nil))
    }
    let rename = PatternRename(from: WildcardName(from), to: WildcardName(to))
    for (name, binding) in names.sorted(by: { $0.key < $1.key }) {
      guard let renamed = rename.from.rewritten(name, as: rename.to), binding != .absent else { continue }
      names[name] = nil
      names[renamed] = binding
    }
    if rest == .event { overwrite(with: rename) }
    if rest != .absent { patternRenames.append(rename) }
  }

  /// What has a name by the stages before gives way where the event has a field that takes the name.
  private mutating func overwrite(with rename: PatternRename) {
    for (name, binding) in names where !rename.from.matches(name) {
      guard let old = rename.to.rewritten(name, as: rename.from), names[old] == nil,
        case .event(let path) = eventBinding(of: old)
      else { continue }
      switch binding {
      case .event(let own) where own != path: names[name] = .value(Alternative.firstThere([path, own]))
      case .absent: names[name] = .event(path)
      case .value(let alternatives): names[name] = .value(Alternative.first(path, else: alternatives))
      case .event, .filled, .measure, .collected, .moment, .opaque: break
      }
    }
  }

  /// Keeps only some fields: `table` and `fields`.
  mutating func keep(_ kept: [String]) {
    var only: [String: FieldBinding] = [:]
    let patterns = kept.filter { $0.contains("*") }.map(WildcardName.init)
    for name in kept where !name.contains("*") { only[name] = binding(of: name) }
    for (name, binding) in names where patterns.contains(where: { $0.matches(name) }) { only[name] = binding }
    // Behind a pattern any field may be left, so that an unnamed one keeps its meaning.
    guard patterns.isEmpty else {
      names.merge(only) { $1 }
      return
    }
    for name in ["_time", "_raw"] where only[name] == nil { only[name] = binding(of: name) }
    self = FieldScope(only: only)
  }

  mutating func drop(_ dropped: [String]) {
    for name in dropped {
      guard name.contains("*") else {
        names[name] = .absent
        continue
      }
      let pattern = WildcardName(name)
      for known in names.keys where pattern.matches(known) { names[known] = .absent }
    }
  }
}

/// Looks for the names in the event that have come to be one name, most important first.
private struct EarlierNames {
  let renames: [FieldScope.PatternRename]
  private(set) var found: [String] = []
  /// How many more steps are taken: patterns that lead back and forth have very many ways.
  private var steps = 1_000

  init(_ renames: [FieldScope.PatternRename]) { self.renames = renames }

  /// False where there are too many.
  mutating func gather(_ name: String, before count: Int) -> Bool {
    steps -= 1
    guard found.count < 8, steps > 0 else { return false }
    guard count > 0 else {
      if !found.contains(name) { found.append(name) }
      return true
    }
    let rename = renames[count - 1]
    if let earlier = rename.to.rewritten(name, as: rename.from) {
      guard gather(earlier, before: count - 1) else { return false }
    }
    return rename.from.matches(name) || gather(name, before: count - 1)
  }
}

extension FieldBinding {
  /// The binding behind a `fillnull` that names the field.
  func filled(with text: String) -> FieldBinding {
    switch self {
    case .event(let path): .filled(path, text)
    case .absent: .value(Alternative.only(.text(text)))
    case .value(let alternatives):
      .value(
        alternatives.flatMap { $0.filled(with: text) })
    case .filled, .measure, .collected, .moment, .opaque: self
    }
  }
}

/// A field's name with stars.
struct WildcardName: Hashable, Sendable {
  private let pieces: [String]

  init(_ name: String) { pieces = name.split(separator: "*", omittingEmptySubsequences: false).map(String.init) }

  func matches(_ name: String) -> Bool { captures(name) != nil }

  /// The name in the shape of another pattern with as many stars; nil where it does not match.
  func rewritten(_ name: String, as other: WildcardName) -> String? {
    guard let captured = captures(name), captured.count + 1 == other.pieces.count else { return nil }
    var text = other.pieces[0]
    for (index, capture) in captured.enumerated() { text += capture + other.pieces[index + 1] }
    return text
  }

  /// What the stars stand for, each as short as can be but the last.
  private func captures(_ name: String) -> [String]? {
    guard pieces.count > 1 else { return pieces[0] == name ? [] : nil }
    guard name.hasPrefix(pieces[0]) else { return nil }
    var rest = name.dropFirst(pieces[0].count)
    var captured: [String] = []
    for (index, piece) in pieces.enumerated().dropFirst() {
      if index == pieces.count - 1 {
        guard rest.hasSuffix(piece) else { return nil }
        captured.append(String(rest.dropLast(piece.count)))
      } else {
        guard let found = Self.position(of: piece, in: rest) else { return nil }
        captured.append(String(rest[..<found]))
        rest = rest[found...].dropFirst(piece.count)
      }
    }
    return captured
  }

  private static func position(of piece: String, in text: Substring) -> Substring.Index? {
    guard !piece.isEmpty else { return text.startIndex }
    return text.indices.first { text[$0...].hasPrefix(piece) }
  }
}

extension FieldPath {
  /// A field as Splunk names it: keys joined by dots, `{}` for every element of a list.
  ///
  /// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Spath
  init(splunkName name: String) {
    var steps: [Step] = []
    var rest = name[...]
    while !rest.isEmpty {
      guard let braces = rest.firstBraces else {
        steps.append(.key(String(rest)))
        break
      }
      if braces > rest.startIndex { steps.append(.key(String(rest[..<braces]))) }
      steps.append(.each)
      rest = rest[braces...].dropFirst(2)
      if rest.first == ".", rest.count > 1 { rest = rest.dropFirst() }
    }
    self.init(steps.isEmpty ? [.key(name)] : steps)
  }
}

extension Substring {
  fileprivate var firstBraces: Index? {
    indices.first { self[$0...].hasPrefix("{}") }
  }
}

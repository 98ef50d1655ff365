import RuleIR
import SourceText

extension PipelineReader {
  /// `rex`: a group's field is there where the expression matches, and stays what it was where it does not.
  ///
  /// What it holds is not followed.
  ///
  /// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Rex
  mutating func extract(_ fields: [String], from field: String, _ regex: String, _ stage: Stage) {
    let hidden = Obstacle(reason: "rex", detail: "", place: stage.place)
    let sure = RegexGroups(regex).sure
    guard let matches = matches(field, regex, stage.place) else {
      for name in fields { scope.bind(name, to: .opaque(hidden)) }
      return
    }
    let origin = query.origin(of: stage.place)
    let before = fields.map(scope.binding)
    for (name, earlier) in zip(fields, before) {
      guard sure.contains(name), let there = presence(of: earlier, origin) else {
        scope.bind(name, to: .opaque(hidden))
        continue
      }
      scope.bind(name, to: .value(Alternative.only(.present(.disjunction([matches, there]), hidden))))
    }
  }

  /// When the expression finds something in the field; nil where that is not known.
  private func matches(_ field: String, _ regex: String, _ place: SourceRange) -> Predicate? {
    guard field != "_raw", field != "_time" else { return nil }
    var lowering = EvalLowering(scope, in: query)
    let call = EvalCall(name: "match", arguments: [.field(field, place), .text(regex, place)], place: place)
    return (try? lowering.condition(call))?.isTrue.withoutImpliedPresence
  }

  /// Whether a field had a value before, where that is plain to say.
  private func presence(of binding: FieldBinding, _ origin: Origin) -> Predicate? {
    switch binding {
    case .event(let path): .presence(PresenceTest(.value, path, origin: origin))
    case .absent: .never
    case .value(let alternatives):
      if case .present(let there, _)? = alternatives.onlyOperand { there } else { nil }
    case .filled, .measure, .collected, .moment, .opaque: nil
    }
  }
}

/// The named groups of a regular expression that are set, and not empty, wherever it matches.
///
/// Only what is plain to see: without a bar outside brackets, each group that nothing makes optional and that holds
/// something that must be there.
struct RegexGroups {
  private(set) var sure: Set<String> = []

  private struct Group {
    var name: String?
    /// Whether something in it takes at least one character.
    var isFilled = false
    /// Groups inside that are sure if this one is.
    var names: [String] = []
  }

  init(_ regex: String) {
    let scalars = Array(regex.unicodeScalars)
    var stack = [Group()]
    var at = 0
    while at < scalars.count {
      let scalar = scalars[at]
      at += 1
      switch scalar {
      case "|": return
      case "(":
        let (name, isPlain, after) = Self.opening(scalars, at)
        guard isPlain, stack.count < 50 else { return }
        stack.append(Group(name: name))
        at = after
      case ")":
        guard stack.count > 1 else { return }
        let group = stack.removeLast()
        guard !Self.isOptional(scalars, at) else { continue }
        let last = stack.count - 1
        if group.isFilled { stack[last].isFilled = true }
        stack[last].names += group.names + (group.isFilled ? [group.name].compactMap(\.self) : [])
      case "[":
        if at < scalars.count, scalars[at] == "^" { at += 1 }
        if at < scalars.count, scalars[at] == "]" { at += 1 }
        while at < scalars.count, scalars[at] != "]" { at += scalars[at] == "\\" ? 2 : 1 }
        at += 1
        if !Self.isOptional(scalars, at) { stack[stack.count - 1].isFilled = true }
      case "\\":
        let isPlace = at < scalars.count && "bBAzZGKQE".unicodeScalars.contains(scalars[at])
        at += 1
        if !isPlace, !Self.isOptional(scalars, at) { stack[stack.count - 1].isFilled = true }
      case "{": while at < scalars.count, scalars[at - 1] != "}" { at += 1 }
      case "^", "$", "*", "+", "?": break
      case _: if !Self.isOptional(scalars, at) { stack[stack.count - 1].isFilled = true }
      }
    }
    if stack.count == 1 { sure = Set(stack[0].names) }
  }

  private static func isOptional(_ scalars: [Unicode.Scalar], _ at: Int) -> Bool {
    guard at < scalars.count else { return false }
    return scalars[at] == "*" || scalars[at] == "?" || scalars[at] == "{"
  }

  /// What an opening parenthesis opens: a group with or without a name; anything else is not plain.
  private static func opening(
    _ scalars: [Unicode.Scalar], _ start: Int
  ) -> (name: String?, isPlain: Bool, after: Int) {
    guard start < scalars.count, scalars[start] == "?" else { return (nil, true, start) }
    var at = start + 1
    if at < scalars.count, scalars[at] == ":" { return (nil, true, at + 1) }
    if at < scalars.count, scalars[at] == "P" { at += 1 }
    guard at + 1 < scalars.count, scalars[at] == "<", scalars[at + 1] != "=", scalars[at + 1] != "!",
      let end = scalars[at...].firstIndex(of: ">")
    else { return (nil, false, start) }
    return (String(String.UnicodeScalarView(scalars[(at + 1)..<end])), true, end + 1)
  }
}

import RuleIR

extension TreeMatcher {
  /// What a derivation makes of a value; nil where a step makes nothing of it.
  func derived(_ derivation: Derivation, from value: EventValue) throws(EvaluationFailure) -> EventValue? {
    guard var text = value.spelling else { return nil }
    for step in derivation.steps {
      let next: String?
      switch step {
      case .urlDecoded: next = text.urlDecoded
      case .base64Decoded: next = text.base64Decoded
      case .lowered: next = text.lowercased()
      case .raised: next = text.uppercased()
      case .replaced(let regex, let replacement): next = try replacing(regex, in: text, by: replacement)
      case .captured(let regex, let group):
        next = try found(regex, in: text, mostMatches: 1).first.flatMap { $0.text(of: group) }
      case .matchCount(let regex):
        return .number(Number(try found(regex, in: text, mostMatches: .max).count))
      case .length: return .number(Number(text.unicodeScalars.count))
      }
      guard let next else { return nil }
      text = next
    }
    return .string(text)
  }

  private func found(
    _ regex: RegexPattern, in text: String, mostMatches: Int
  ) throws(EvaluationFailure) -> [RegexMatch] {
    guard let found = try compiled(regex).matches(in: text, mostMatches: mostMatches) else {
      throw EvaluationFailure(reason: CompiledRegex.limitReached, origin: Origin())
    }
    return found
  }

  private func replacing(
    _ regex: RegexPattern, in text: String, by replacement: String
  ) throws(EvaluationFailure) -> String {
    var replaced: [UInt8] = []
    let bytes = Array(text.utf8)
    var end = 0
    for match in try found(regex, in: text, mostMatches: .max) {
      guard let whole = match.groups.first ?? nil else { continue }
      replaced += bytes[end..<whole.lowerBound]
      replaced += match.expanding(replacement)
      end = whole.upperBound
    }
    return String(decoding: replaced + bytes[end...], as: UTF8.self)
  }
}

/// A match of a regular expression: the places of the whole and of its groups, as bytes.
struct RegexMatch {
  var bytes: [UInt8]
  /// The whole first; nil for a group without a part in the match.
  var groups: [Range<Int>?]

  func text(of group: Int) -> String? {
    guard groups.indices.contains(group), let range = groups[group] else { return nil }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// A replacement with `$1` replaced by the group, and backslashes undone.
  fileprivate func expanding(_ replacement: String) -> [UInt8] {
    var expanded: [UInt8] = []
    var rest = Array(replacement.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\\"): expanded.append(rest.popFirst() ?? byte)
      case UInt8(ascii: "$"):
        guard let digit = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else {
          expanded.append(byte)
          continue
        }
        rest.removeFirst()
        expanded += (text(of: Int(digit - UInt8(ascii: "0"))) ?? "").utf8
      case _: expanded.append(byte)
      }
    }
    return expanded
  }
}

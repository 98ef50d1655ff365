import Documents
import TestSupport

extension OutputNode {
  /// The node as `DocumentNode.outline` shows it once it is read.
  var outline: String {
    switch self {
    case .text(let text): "'\(text)'"
    case .bare(let text): Int(text) == nil ? text : "#\(text)"
    case .list(let elements): "[\(elements.map(\.outline).joined(separator: ", "))]"
    case .mapping(let members): "{\(members.map { "\($0.key): \($0.value.outline)" }.joined(separator: ", "))}"
    }
  }

  /// A tree with texts and keys that are awkward on purpose.
  static func random(levels: Int, using random: inout SeededRandom) -> OutputNode {
    switch Int.random(in: 0..<(levels > 0 ? 8 : 5), using: &random) {
    case 0: .bare(random.pick(["true", "false", "null", "0", "-17", "403"]))
    case 1: .text(lines(using: &random))
    case 2...4: .text(text(using: &random))
    case 5: .list((0..<Int.random(in: 0...3, using: &random)).map { _ in .random(levels: levels - 1, using: &random) })
    default: mapping(levels: levels, using: &random)
    }
  }

  static func mapping(levels: Int, using random: inout SeededRandom) -> OutputNode {
    var members: [Member] = []
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let key = random.once(in: 100) ? String(repeating: "long key ", count: 120) : text(using: &random)
      // Keys are told apart by their bytes: `==` takes é and e + accent for the same.
      guard !members.contains(where: { $0.key.utf8.elementsEqual(key.utf8) }) else { continue }
      members.append(Member(key, .random(levels: levels - 1, using: &random)))
    }
    return .mapping(members)
  }

  private static func text(using random: inout SeededRandom) -> String {
    random.once(in: 12) ? "" : AwkwardTexts.next(using: &random)
  }

  /// A text of several lines, with line ends and blanks anywhere.
  private static func lines(using random: inout SeededRandom) -> String {
    (0..<Int.random(in: 1...6, using: &random))
      .map { _ in
        random.pick(["", " ", "  ", "\t", "a", "b: c", "- d", "# e", " f", "g ", "'''", "\"", "\\", "---"]) + "\n"
      }
      .joined() + random.pick(["", "\n", "end"])
  }
}

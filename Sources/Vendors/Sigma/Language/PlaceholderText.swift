import LanguageSupport
import RuleIR

/// A text of a rule with placeholders in it: names between percent signs.
///
/// A backslash before a percent sign makes it a plain one: `\\%a%b%` is the text `%a` before the placeholder `b`. The
/// values of a placeholder are texts of the rule's language, wildcards and escapes included.
struct PlaceholderText {
  private enum Piece {
    case text(String)
    case placeholder(String)
  }

  /// How many texts one value may become.
  static let limit = 10_000

  private var pieces: [Piece] = []

  init(_ text: String) {
    var plain = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\\", rest.first == "%" {
        plain.append("%")
        rest = rest.dropFirst()
      } else if scalar == "\\", let next = rest.first, next == "\\" {
        plain.append(contentsOf: "\\\\".unicodeScalars)
        rest = rest.dropFirst()
      } else if scalar == "%", let end = rest.firstIndex(of: "%"), end > rest.startIndex {
        pieces += [.text(String(plain)), .placeholder(String(rest[..<end]))]
        plain.removeAll()
        rest = rest[rest.index(after: end)...]
      } else {
        plain.append(scalar)
      }
    }
    pieces.append(.text(String(plain)))
  }

  /// The names of its placeholders.
  var names: [String] {
    pieces.compactMap { piece in
      if case .placeholder(let name) = piece { name } else { nil }
    }
  }

  /// Every text that it stands for; nil where these are too many.
  ///
  /// A placeholder without a value gives none; who calls has seen to that.
  func patterns(_ placeholders: Placeholders) -> [TextPattern]? {
    var found: [[TextPattern.Part]] = [[]]
    for piece in pieces {
      switch piece {
      case .text(let text):
        let parts = SigmaText.pattern(text).parts
        found = found.map { $0 + parts }
      case .placeholder(let name):
        let values = (placeholders[name] ?? []).map { SigmaText.pattern($0).parts }
        guard found.count * values.count <= Self.limit else { return nil }
        found = found.flatMap { before in values.map { before + $0 } }
      }
    }
    return found.map(TextPattern.init)
  }
}

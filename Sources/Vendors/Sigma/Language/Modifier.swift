/// What may stand behind a field's name, after a bar.
enum Modifier: String, CaseIterable, Hashable, Sendable {
  case all, neq, cased
  case contains, startswith, endswith
  case re
  case ignoreCase = "i"
  case multiline = "m"
  case dotAll = "s"
  case cidr, exists, lt, lte, gt, gte, fieldref
  case base64, base64offset
  case utf16le = "wide"
  case utf16be, utf16, windash
  case minute, hour, day, week, month, year
  case expand

  /// The modifier that a word names; several have two names.
  init?(named word: String) {
    guard let modifier = Self.aliases[word] ?? Modifier(rawValue: word) else {
      return nil
    }
    self = modifier
  }

  static let aliases: [String: Modifier] = [
    "utf16le": .utf16le, "ignorecase": .ignoreCase, "multiline": .multiline, "dotall": .dotAll,
  ]

  /// Every word that names one, in order.
  static let words: [String] = (allCases.map(\.rawValue) + aliases.keys).sorted()
}

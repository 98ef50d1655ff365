/// Texts that leave their literal, or mean something else, wherever a printer is careless.
public enum AwkwardTexts {
  /// Never empty; `""` is a case of its own.
  public static let pieces: [String] =
    ["\"", "'", "\\", "\\\\", "\\*", "\\?", "*", "?", "**", "%", "_", "\\%", "`", "$", "$x$", "|", "||", "&&"]
    + ["{", "}", "{}", "[", "]", "[*]", "(", ")", ",", ";", ":", "=", "!=", "<", ">", "~", "^", "#", "@", "/", "//"]
    + ["/*", "*/", "--", "<!--", "\"\"\"", "'''", "{{x}}", "${x}", "\\n", "\\u0041", "\\x41", "\\\"", "\\'", "%41"]
    + [" ", "  ", "\t", "\n", "\r", "\r\n", "\u{0}", "\u{1}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{FEFF}"]
    + ["and", "or", "not", "AND", "OR", "NOT", "in", "null", "true", "false", "where", "search", "by", "like", "~"]
    + ["é", "ß", "İ", "ı", "ПАРОЛЬ", "ς", "日本", "😀", "e\u{301}", "K", "a", "B", "secrets", "kube-system", "0", "403"]
    + [
      "1e3", "-1", "0x1F", "1.0", "yes", "no", "~", "2026-01-01", "- a", "a: b", "a #b", "!x", "&x", "*x", ".", ".inf",
    ]

  /// One to three pieces in a row; empty once in a while where that is wanted.
  public static func next(using random: inout SeededRandom) -> String {
    (0..<Int.random(in: 1...3, using: &random)).map { _ in random.pick(pieces) }.joined()
  }
}

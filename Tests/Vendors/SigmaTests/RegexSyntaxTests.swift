import Testing

@testable import Sigma

@Suite struct RegexSyntaxTests {
  static let accepted = [
    "", "a|b", "(a+)+$", "^kube.*", #"\\x\d+"#, "a{2}", "a{2,}", "a{2,3}?", "a{,3}", "a{x}", "{", "[]a]", "[^]a]",
    "[a-z0-9_-]", "[[:alpha:]]+", "(?:a|b)", "(?i)a", "(?i:a)b", "(?P<n>a)", "(?<n>a)", #"\x41\x{1F600}"#, #"\."#,
    #"[\]\\]"#, "a*?", "a+?b", "(|a)", #"\bword\b"#, "ПАРОЛЬ", #"\pL"#, #"[\w-]"#, #"[\d.]"#, "^*",
  ]

  /// Each with the bytes at fault and whether the expression is malformed (`!`) or not in the subset (`-`).
  static let refused: [(text: String, kind: String, bytes: Range<Int>)] = [
    ("[", "!", 0..<1), ("a{2,1}", "!", 1..<6), (#"a\"#, "!", 1..<2), ("(a", "!", 0..<1), ("a)", "!", 1..<2),
    ("*a", "!", 0..<1), ("a|+", "!", 2..<3), ("(?:*)", "!", 3..<4), ("a**", "!", 1..<3), ("[z-a]", "!", 1..<4),
    ("[a", "!", 0..<1), (#"\x4"#, "!", 0..<3), (#"\x{}"#, "!", 0..<4), ("a{2}{3}", "!", 4..<7), ("{2}", "!", 0..<3),
    (#"(a)\1"#, "-", 3..<5), ("a(?=b)", "-", 1..<4), ("a(?!b)", "-", 1..<4), ("(?<=a)b", "-", 0..<4),
    ("(?<!a)b", "-", 0..<4), ("(?>a)", "-", 0..<3), ("a++", "-", 1..<3), ("(?(1)a)", "-", 0..<3), (#"\Ga"#, "-", 0..<2),
    (#"\Qa\E"#, "-", 0..<2), (#"\u0041"#, "-", 0..<2), ("a{1001}", "-", 1..<7), ("(?#x)", "-", 0..<3),
    ("(*ACCEPT)", "-", 0..<2), (#"\k<n>"#, "-", 0..<2),
  ]

  @Test func `What an engine without backtracking has is accepted`() {
    for text in Self.accepted { #expect(RegexSyntax(text).fault == nil, "/\(text)/") }
  }

  @Test func `What is malformed or beyond the subset is told with its place`() {
    for (text, kind, bytes) in Self.refused {
      let fault = RegexSyntax(text).fault
      #expect(fault?.kind == (kind == "!" ? .malformed : .unsupported), "/\(text)/: \(fault?.message ?? "accepted")")
      #expect(fault?.bytes == bytes, "/\(text)/")
    }
  }

  @Test func `The length is limited`() {
    let longest = String(repeating: "a", count: RegexSyntax.lengthLimit)
    #expect(RegexSyntax(longest).fault == nil)
    #expect(RegexSyntax(longest + "a").fault?.kind == .unsupported)
  }

  @Test func `No bytes make it trap`() {
    for first in UInt8.min...UInt8.max {
      for second in "()[]{}\\?*+|^$:<=!1,x-".utf8 {
        let text = String(decoding: [UInt8(ascii: "("), UInt8(ascii: "?"), first, second, first], as: UTF8.self)
        for length in 0...text.count { _ = RegexSyntax(String(text.prefix(length))).fault }
        _ = RegexSyntax(String(decoding: [UInt8(ascii: "["), first, second, first], as: UTF8.self)).fault
        _ = RegexSyntax(String(decoding: [first, second, first, second], as: UTF8.self)).fault
      }
    }
    #expect(RegexSyntax("(?").fault?.kind == .unsupported)
  }
}

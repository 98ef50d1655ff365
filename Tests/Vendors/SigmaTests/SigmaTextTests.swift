import RuleIR
import TestSupport
import Testing

@testable import Sigma

@Suite struct SigmaTextTests {
  /// A text as written, and its pattern in the IR's own spelling, in which every backslash is doubled.
  static let readings: [(written: String, pattern: String)] = [
    (#"a\b"#, #"a\\b"#),
    (#"a\\b"#, #"a\\b"#),
    (#"a\*b"#, #"a\*b"#),
    (#"a\\*b"#, #"a\\*b"#),
    (#"a\\\*b"#, #"a\\\*b"#),
    (#"a\\\\*b"#, #"a\\\\*b"#),
    (#"a\\\b"#, #"a\\\\b"#),
    (#"a\\\\b"#, #"a\\\\b"#),
    (#"end\"#, #"end\\"#),
    (#"end\\"#, #"end\\"#),
    (#"\\srv\share"#, #"\\srv\\share"#),
    (#"\\\\srv\share"#, #"\\\\srv\\share"#),
    (#"\\\*\IPC$"#, #"\\\*\\IPC$"#),
    (#"C:\"#, #"C:\\"#),
    (#"\*"#, #"\*"#),
    (#"\\*"#, #"\\*"#),
    (#"\\\*"#, #"\\\*"#),
    ("", ""),
    ("*", "*"),
    ("a?b", "a?b"),
    (#"a\?b"#, #"a\?b"#),
    ("%PATH%", "%PATH%"),
  ]

  @Test func `A backslash escapes a wildcard and itself, and stands for itself before all else`() {
    #expect(!Self.readings.isEmpty)
    for (written, pattern) in Self.readings {
      #expect(SigmaText.pattern(written).description == pattern, "written \(written)")
    }
  }

  @Test func `Every pattern is written so that it is read back`() {
    for (written, _) in Self.readings {
      let pattern = SigmaText.pattern(written)
      #expect(SigmaText.pattern(SigmaText.text(of: pattern)) == pattern, "written \(written)")
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func `Awkward patterns are written so that they are read back`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<2_000 {
      let parts: [TextPattern.Part] = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .anyRun
        case 1: .anyScalar
        case _: .literal(AwkwardTexts.next(using: &random))
        }
      }
      let pattern = TextPattern(parts)
      #expect(SigmaText.pattern(SigmaText.text(of: pattern)) == pattern)
      let literal = AwkwardTexts.next(using: &random)
      #expect(SigmaText.pattern(SigmaText.text(ofExactly: literal)) == .exact(literal))
    }
  }

  @Test func `A path keeps its single backslashes`() {
    #expect(SigmaText.text(ofExactly: #"C:\Windows\System32\"#) == #"C:\Windows\System32\"#)
    #expect(SigmaText.text(ofExactly: #"\\srv"#) == #"\\\\srv"#)
    #expect(SigmaText.text(of: .prefix(#"C:\"#)) == #"C:\\*"#)
  }
}

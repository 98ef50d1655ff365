import TestSupport

/// Texts that look like Kusto for a while.
struct KustoBytes {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  private static let pieces = [
    "T", " | where ", " | extend a = ", " | summarize count() by ", " | mv-apply e = a on (", "(", ")", "[", "]", "{",
    "}",
    "\"x\"", "'", "\"", "@\"", "```", "~~~", "h'", "\\", "\\u12", "a", ".b", "['c']", " == ", " has ", " in (", " and ",
    " or ", "not(", "1", "1.5h", "0x", "9999999999999999999999", ",", ";", "let x = ", "union ", "..", "between (",
    "dynamic([",
    "datetime(", " matches regex ", "\"(\"", "\"[a-\"", "-", "!", "!in~", "\u{A0}", "\u{201C}", "*", "ago(1d)", "//",
    "\n",
  ]

  mutating func next() -> [UInt8] {
    var bytes = Array("T | where ".utf8)
    for _ in 0..<Int.random(in: 0...25, using: &random) { bytes += Array(random.pick(Self.pieces).utf8) }
    if random.once(in: 4), !bytes.isEmpty {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    return bytes
  }
}

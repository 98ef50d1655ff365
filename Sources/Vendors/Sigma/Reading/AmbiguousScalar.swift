import Documents
import SourceText

/// Plain scalars that YAML 1.1, which Sigma's own tools read, takes for something else than YAML 1.2 does.
enum AmbiguousScalar {
  /// What YAML 1.1 takes the value for, where that is not what it is taken for here.
  static func otherReading(of value: DocumentNode.Scalar) -> String? {
    guard value.style == .plain, let first = value.passage.bytes.first else { return nil }
    let text = value.text
    if ["yes", "no", "on", "off", "y", "n"].contains(text.lowercased()) { return "a boolean" }
    guard isDigit(first) || "+-.".utf8.contains(first) else { return nil }
    let unsigned = text.drop { $0 == "+" || $0 == "-" }
    if [".inf", ".nan"].contains(unsigned.lowercased()) { return "a number" }
    let bytes = Array(unsigned.utf8)
    guard let head = bytes.first, isDigit(head) else { return nil }
    if bytes.count > 1, head == UInt8(ascii: "0") {
      if bytes.dropFirst().allSatisfy({ (48...55).contains($0) || $0 == UInt8(ascii: "_") }) {
        return "an octal number"
      }
      if isPrefixed(bytes) { return "a number" }
    }
    if isDate(bytes) { return "a date" }
    if isSexagesimal(unsigned) { return "a number to the base 60" }
    if bytes.contains(UInt8(ascii: "_")), bytes.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") }) {
      return "a number"
    }
    return isBareExponent(bytes) ? "a text" : nil
  }

  /// `0x1F` and `0b101`, and `0o17`, which only YAML 1.2 takes for a number.
  private static func isPrefixed(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.dropFirst(2)
    guard !digits.isEmpty else { return false }
    switch bytes[1] | 0x20 {
    case UInt8(ascii: "x"): return digits.allSatisfy { isDigit($0) || (97...102).contains($0 | 0x20) }
    case UInt8(ascii: "o"): return digits.allSatisfy { (48...55).contains($0) }
    case UInt8(ascii: "b"): return digits.allSatisfy { (48...49).contains($0) }
    case _: return false
    }
  }

  /// `2026-01-01`, with or without a time behind it.
  private static func isDate(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 8, bytes.prefix(4).allSatisfy(isDigit), bytes[4] == UInt8(ascii: "-") else { return false }
    let rest = bytes.dropFirst(5).split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
    guard rest.count == 2, (1...2).contains(rest[0].count), rest[0].allSatisfy(isDigit) else { return false }
    let day = rest[1].prefix(while: isDigit)
    let after = rest[1].dropFirst(day.count).first
    return (1...2).contains(day.count) && (after.map { "tT \t".utf8.contains($0) } ?? true)
  }

  /// Whether it looks like `12:30:45`.
  private static func isSexagesimal(_ text: Substring) -> Bool {
    let groups = text.split(separator: ":", omittingEmptySubsequences: false)
    return groups.count > 1 && groups.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
      && groups.dropFirst().allSatisfy { (Int($0) ?? 60) < 60 && $0.utf8.count <= 2 }
  }

  /// `1e3`, a number only to YAML 1.2.
  private static func isBareExponent(_ bytes: [UInt8]) -> Bool {
    let parts = bytes.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
    guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(isDigit) else { return false }
    let power = parts[1].first.map { "+-".utf8.contains($0) } ?? false ? parts[1].dropFirst() : parts[1]
    return !power.isEmpty && power.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}

/// Ids in the form that Splunk's content takes.
enum MadeIdentifier {
  /// Whether a text is a UUID, in letters of either case.
  static func isUUID(_ text: String) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    return groups.map(\.count) == [8, 4, 4, 4, 12]
      && groups.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
  }

  /// The UUID that stands for a text: the same for the same text.
  ///
  /// Version 8 is the one for a scheme of one's own (RFC 9562, section 5.8); this one hashes as FNV-1a does.
  static func uuid(for text: String) -> String {
    let (high, low) = (hash(text, from: 0xcbf2_9ce4_8422_2325), hash(text, from: 0x6c62_272e_07bb_0142))
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64($0))) }
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64($0))) }
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }.joined(separator: "-")
  }

  private static func hash(_ text: String, from start: UInt64) -> UInt64 {
    text.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}

/// Puts a text right that is no UTF-8, or that escapes half a surrogate pair.
enum EventRepair {
  /// The text with U+FFFD for what is broken; nil where nothing is.
  static func repaired(_ bytes: [UInt8]) -> [UInt8]? {
    let decoded = Array(String(decoding: bytes, as: UTF8.self).utf8)
    let repaired = replacingLoneSurrogates(decoded)
    return repaired == bytes ? nil : repaired
  }

  private static func replacingLoneSurrogates(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      guard bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count else {
        out.append(bytes[at])
        at += 1
        continue
      }
      guard let unit = unit(bytes, at) else {
        out += bytes[at...(at + 1)]
        at += 2
        continue
      }
      let isPair =
        (0xD800..<0xDC00).contains(unit) && self.unit(bytes, at + 6).map { (0xDC00..<0xE000).contains($0) } == true
      if isPair {
        out += bytes[at..<(at + 12)]
        at += 12
      } else {
        out += (0xD800..<0xE000).contains(unit) ? Array("\\ufffd".utf8) : Array(bytes[at..<(at + 6)])
        at += 6
      }
    }
    return out
  }

  /// The code unit that an escape `\uXXXX` at this place stands for.
  private static func unit(_ bytes: [UInt8], _ at: Int) -> UInt32? {
    guard at + 6 <= bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u"),
      !bytes[at + 2...at + 5].contains(UInt8(ascii: "+"))
    else { return nil }
    return UInt32(String(decoding: bytes[(at + 2)..<(at + 6)], as: UTF8.self), radix: 16)
  }
}

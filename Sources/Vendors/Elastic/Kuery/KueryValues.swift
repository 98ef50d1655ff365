import RuleIR

extension Network {
  /// The block that a text with a slash spells; bits behind the prefix are dropped, as Elasticsearch does.
  init?(blockAround text: String) {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let address = Network.address(String(halves[0])), let length = Int(halves[1]),
      halves[1].utf8.allSatisfy({ (48...57).contains($0) }), length <= address.count * 8
    else { return nil }
    let kept = address.enumerated().map { index, byte in
      let bits = min(max(length - index * 8, 0), 8)
      return bits == 0 ? 0 : byte & (0xFF << (8 - bits))
    }
    let isShort = kept.count == 4
    let groups = isShort ? kept.map(String.init) : Self.groups(kept)
    self.init(groups.joined(separator: isShort ? "." : ":") + "/\(length)")
  }

  private static func groups(_ bytes: [UInt8]) -> [String] {
    stride(from: 0, to: bytes.count, by: 2).map {
      String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }
  }
}

extension String {
  /// Whether the text is a moment reckoned from now, or from a date with `||`: `now-9m`, `now/d`, `2026-01-01||+1M/d`.
  ///
  /// <https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options#date-math>
  var isDateMaths: Bool {
    var rest = self[...]
    if rest.hasPrefix("now") {
      rest = rest.dropFirst(3)
    } else if startsLikeDate, let bars = rest.utf8.firstIndex(of: UInt8(ascii: "|")), rest[bars...].hasPrefix("||") {
      rest = rest[bars...].dropFirst(2)
    } else {
      return false
    }
    while let sign = rest.first {
      rest = rest.dropFirst()
      guard sign == "+" || sign == "-" || sign == "/" else { return false }
      if sign != "/" {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return false }
        rest = rest.dropFirst(digits.count)
      }
      guard let unit = rest.first, "yMwdhHms".contains(unit) else { return false }
      rest = rest.dropFirst()
    }
    return true
  }

  /// Whether the text begins with a year, a dash and a month, as dates do.
  var startsLikeDate: Bool {
    let bytes = Array(utf8.prefix(7))
    guard bytes.count == 7, bytes[4] == UInt8(ascii: "-") else { return false }
    return (bytes[..<4] + bytes[5...]).allSatisfy { (48...57).contains($0) }
  }

  /// Whether a `query_string` would split the text.
  var hasQueryStringSpace: Bool { unicodeScalars.contains(where: \.isQueryStringSpace) }

  /// Whether comparing without regard to case could make a difference.
  var hasLetterCase: Bool {
    unicodeScalars.contains { $0.properties.isCased || $0.properties.changesWhenCaseFolded }
  }
}

extension Unicode.Scalar {
  var isQueryStringSpace: Bool {
    switch value {
    case 0x09, 0x0A, 0x0D, 0x20, 0x3000: true
    case _: false
    }
  }
}

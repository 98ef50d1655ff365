/// A block of addresses: IPv4 or IPv6, with the length of the prefix that its members share.
public struct Network: Hashable, Sendable {
  /// 4 bytes or 16.
  public let address: [UInt8]
  /// 0 to 32, or 0 to 128.
  public let prefixLength: Int

  /// Reads a block such as `10.0.0.0/8` or `2001:db8::/32`, and an address alone as a block of one.
  ///
  /// Nil where it is none, or where bits behind the prefix are set.
  public init?(_ text: String) {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2, let address = Self.address(String(halves[0])) else { return nil }
    var length = address.count * 8
    if halves.count == 2 {
      guard let given = Int(halves[1]), halves[1].utf8.allSatisfy({ (48...57).contains($0) }), given <= length
      else { return nil }
      length = given
    }
    guard Self.masked(address, to: length) == address else { return nil }
    self.address = address
    self.prefixLength = length
  }

  /// A block of raw bytes, 4 or 16; nil where bits behind the prefix are set.
  public init?(bytes: [UInt8], prefixLength: Int) {
    guard bytes.count == 4 || bytes.count == 16, (0...bytes.count * 8).contains(prefixLength),
      Self.masked(bytes, to: prefixLength) == bytes
    else { return nil }
    address = bytes
    self.prefixLength = prefixLength
  }

  /// Whether an address lies in the block; what is no address, or one of the other family, does not.
  public func contains(_ text: String) -> Bool {
    guard let other = Self.address(text), other.count == address.count else { return false }
    return Self.masked(other, to: prefixLength) == address
  }

  /// The bytes of an address, dotted IPv4 with four decimal parts or IPv6 by RFC 4291; nil for all else.
  public static func address(_ text: String) -> [UInt8]? {
    text.utf8.contains(UInt8(ascii: ":")) ? address6(text) : address4(text)
  }

  private static func address4(_ text: some StringProtocol) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
        part.utf8.count == 1 || part.utf8.first != 48, let byte = UInt8(part)
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func address6(_ text: String) -> [UInt8]? {
    let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
    guard halves.count <= 2, let left = groups(halves[0]) else { return nil }
    guard halves.count == 2 else { return left.count == 16 ? left : nil }
    guard let right = groups(halves[1]), left.count + right.count <= 14 else { return nil }
    return left + [UInt8](repeating: 0, count: 16 - left.count - right.count) + right
  }

  private static func groups(_ text: Substring) -> [UInt8]? {
    guard !text.isEmpty else { return [] }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var bytes: [UInt8] = []
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, part.contains(".") {
        guard let tail = address4(part) else { return nil }
        bytes += tail
      } else {
        guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit), let group = UInt16(part, radix: 16)
        else { return nil }
        bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
      }
    }
    return bytes
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }

  private static func masked(_ bytes: [UInt8], to length: Int) -> [UInt8] {
    bytes.enumerated().map { index, byte in
      let kept = min(max(length - index * 8, 0), 8)
      return kept == 0 ? 0 : byte & (0xFF << (8 - kept))
    }
  }
}

extension Network: CustomStringConvertible {
  /// The block in its usual form, IPv6 by RFC 5952.
  public var description: String {
    guard address.count == 16 else { return address.map(String.init).joined(separator: ".") + "/\(prefixLength)" }
    let groups = stride(from: 0, to: 16, by: 2).map { UInt16(address[$0]) << 8 | UInt16(address[$0 + 1]) }
    var longest = 0..<0
    var run = 0..<0
    for (index, group) in groups.enumerated() {
      run = group == 0 ? (run.upperBound == index && !run.isEmpty ? run.lowerBound : index)..<(index + 1) : 0..<0
      if run.count > longest.count, run.count > 1 { longest = run }
    }
    let hex = groups.map { String($0, radix: 16) }
    let text =
      longest.isEmpty
      ? hex.joined(separator: ":")
      : hex[..<longest.lowerBound].joined(separator: ":") + "::" + hex[longest.upperBound...].joined(separator: ":")
    return text + "/\(prefixLength)"
  }
}

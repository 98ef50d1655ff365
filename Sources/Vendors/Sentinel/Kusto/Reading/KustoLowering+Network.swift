import RuleIR

extension KustoLowering {
  /// `ipv4_is_in_range(f, "10.0.0.0/8")` and its siblings, which are null where the text is no address.
  mutating func network(
    _ name: String, _ arguments: [KustoExpression], _ whole: KustoExpression
  ) throws(KustoGap) -> ThreeValued {
    let isSixth = name.hasPrefix("ipv6")
    let ranges: [Literal]
    switch (name, arguments.count) {
    case ("ipv4_is_private", 1):
      ranges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map { .text($0, .sensitive) }
    case ("ipv4_is_in_range", 2), ("ipv6_is_in_range", 2): ranges = try literals([arguments[1]])
    case ("ipv4_is_in_any_range", 2...), ("ipv6_is_in_any_range", 2...):
      ranges = try literals(Array(arguments.dropFirst()))
    case _: throw KustoGap(reason: "the function '\(name)'", range: whole.range)
    }
    let path = try field(arguments[0])
    var tests: [Predicate] = []
    for range in ranges {
      guard let network = Self.network(range.spelling) else {
        throw KustoGap(reason: "a range that is no network", range: whole.range)
      }
      tests.append(.field(FieldTest(path, .network(network), origin: origin(whole.range))))
    }
    return .test(.disjunction(tests), defined: isAddress(path, isSixth, whole.range))
  }

  private func isAddress(_ path: FieldPath, _ isSixth: Bool, _ range: Range<Int>) -> Predicate {
    let families = isSixth ? ["0.0.0.0/0", "::/0"] : ["0.0.0.0/0"]
    return .disjunction(
      families.compactMap(Network.init).map { .field(FieldTest(path, .network($0), origin: origin(range))) })
  }

  /// The block of a text; bits behind the prefix are left out of account, as Kusto does.
  private static func network(_ text: String) -> Network? {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard halves.count == 2, let length = Int(halves[1]), let address = Network.address(halves[0]), address.count == 4,
      (0...32).contains(length)
    else { return Network(text) }
    let masked = address.enumerated().map { index, byte in
      let kept = min(max(length - index * 8, 0), 8)
      return String(kept == 0 ? 0 : byte & (0xFF << (8 - UInt8(kept))))
    }
    return Network(masked.joined(separator: ".") + "/\(length)")
  }
}

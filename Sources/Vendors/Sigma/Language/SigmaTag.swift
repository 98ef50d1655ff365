/// A tag: a namespace and a name.
enum SigmaTag: Hashable {
  /// ATT&CK's tactic, by its id or its name with dashes; older rules have underscores.
  case tactic(String)
  /// ATT&CK's technique by its id, such as `T1552.007`.
  case technique(String)
  case other
  case malformed

  init(_ tag: String) {
    guard Self.isWellFormed(tag) else {
      self = .malformed
      return
    }
    let parts = tag.split(separator: ".", maxSplits: 1)
    guard parts[0] == "attack" else {
      self = .other
      return
    }
    let name = parts[1]
    if Self.hasNumber(name, after: "t") {
      self = .technique(name.uppercased())
    } else if Self.hasNumber(name, after: "ta") {
      self = .tactic(name.uppercased())
    } else if Self.hasNumber(name, after: "g") || Self.hasNumber(name, after: "s") {
      self = .other
    } else {
      self = .tactic(String(name.map { $0 == "_" ? "-" : $0 }))
    }
  }

  /// Lower-case letters, digits and dashes, with a dot behind the namespace.
  static func isWellFormed(_ tag: String) -> Bool {
    let parts = tag.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return false }
    return tag.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      case _: false
      }
    }
  }

  private static func hasNumber(_ name: Substring, after prefix: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let rest = name.utf8.dropFirst(prefix.utf8.count)
    return rest.count >= 4 && rest.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
  }
}

import SourceText

/// The members of a mapping while it is read.
struct MemberList {
  private(set) var members: [DocumentNode.Member] = []
  private var index = KeyIndex()

  func contains(_ key: DocumentNode.Scalar) -> Bool { index.position(of: key.passage.bytes) != nil }

  /// - Throws: `duplicate-key`, naming both places.
  mutating func append(_ member: DocumentNode.Member) throws(Diagnostic) {
    if let position = index.position(of: member.key.passage.bytes) {
      throw .duplicateKey(member.key, first: members[position].key.range)
    }
    index.append(member.key.passage.bytes)
    members.append(member)
  }

  /// Puts members in at a position, leaving out those whose key stands already.
  mutating func insert(_ merged: [DocumentNode.Member], at position: Int) {
    var place = position
    for member in merged where !contains(member.key) {
      index.append(member.key.passage.bytes)
      members.insert(member, at: place)
      place += 1
    }
  }
}

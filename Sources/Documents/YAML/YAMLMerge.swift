import SourceText

/// What a merge key puts into its mapping.
enum YAMLMerge {
  /// The members of a mapping, or of a list of mappings, of which earlier ones win.
  static func members(of value: DocumentNode, at key: SourceRange) throws(Diagnostic) -> [DocumentNode.Member] {
    if let members = value.members { return members }
    guard let elements = value.elements else { throw failure(value, at: key) }
    var merged = MemberList()
    for element in elements {
      guard let members = element.members else { throw failure(element, at: key) }
      merged.insert(members, at: merged.members.count)
    }
    return merged.members
  }

  private static func failure(_ value: DocumentNode, at key: SourceRange) -> Diagnostic {
    Diagnostic(
      .badMergeKey, "'<<' merges mappings, and this is \(value.kindName)", at: key,
      secondary: [Diagnostic.Label(value.range, value.kindName)],
      help: "give an alias of a mapping, or a list of such aliases")
  }
}

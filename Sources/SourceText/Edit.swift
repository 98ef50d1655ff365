/// A change of a file: what is to stand in place of a run of its bytes.
public struct Edit: Hashable, Sendable {
  public var range: SourceRange
  public var replacement: String

  public init(_ range: SourceRange, _ replacement: String) {
    self.range = range
    self.replacement = replacement
  }
}

extension SourceFile {
  /// The file with changes made; all other bytes stay as they are.
  ///
  /// Of two changes that touch the same bytes the first is made, in the order of places.
  public func applying(_ edits: [Edit]) -> SourceFile {
    var changed: [UInt8] = []
    var end = 0
    for edit in edits.sorted(by: { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) })
    where edit.range.start >= end {
      changed += bytes[end..<edit.range.start]
      changed += edit.replacement.utf8
      end = edit.range.end
    }
    return SourceFile(name: name, bytes: changed + bytes[end...])
  }
}

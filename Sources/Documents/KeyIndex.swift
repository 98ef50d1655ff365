import SourceText

/// Tells which key of a mapping stands where, and finds twins.
///
/// Keys are compared byte by byte.
struct KeyIndex {
  private var keys: [[UInt8]] = []
  /// Filled once a linear search would cost more.
  private var positions: [[UInt8]: Int] = [:]

  func position(of key: [UInt8]) -> Int? {
    guard positions.isEmpty else { return positions[key] }
    return keys.firstIndex(of: key)
  }

  mutating func append(_ key: [UInt8]) {
    if keys.count >= 16 {
      if positions.isEmpty { for (position, key) in keys.enumerated() { positions[key] = position } }
      positions[key] = keys.count
    }
    keys.append(key)
  }
}

extension Diagnostic {
  /// A key that stands a second time.
  static func duplicateKey(_ key: DocumentNode.Scalar, first: SourceRange) -> Diagnostic {
    let (early, late) = (first.line, key.range.line)
    let lines = early == late ? "on line \(early)" : "on lines \(early) and \(late)"
    return Diagnostic(
      .duplicateKey, "the key '\(key.text)' stands twice, \(lines)", at: key.range, label: "again here",
      secondary: [Label(first, "first here")], notes: ["readers differ in which of the two they take"],
      help: "keep one of them")
  }
}

public import LanguageSupport
public import SourceText

/// Reads Sigma's rule files: YAML, one rule a document, and filters and correlations over rules of the same file.
public enum SigmaReader: RuleReader {
  public static let name = "sigma"

  /// A YAML file with a `detection`, a `correlation` or a `filter` at the left margin.
  public static func recognises(_ file: SourceFile) -> Bool {
    let name = file.name.lowercased()
    guard name.hasSuffix(".yml") || name.hasSuffix(".yaml") || !name.contains(".") else { return false }
    if name.hasSuffix(".sigma.yml") { return true }
    func has(_ key: String) -> Bool { hasLine(startingWith: Array(key.utf8), in: file.bytes) }
    return has("detection:") || has("correlation:") || (has("filter:") && has("logsource:"))
  }

  private static func hasLine(startingWith wanted: [UInt8], in bytes: [UInt8]) -> Bool {
    var isLineStart = true
    for index in bytes.indices {
      if isLineStart, bytes[index] == wanted[0], bytes[index...].starts(with: wanted) { return true }
      let endsMark = index == 2 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
      isLineStart = bytes[index] == 10 || bytes[index] == 13 || endsMark
    }
    return false
  }

  /// Every rule of the file; a rule that a correlation uses is part of that, unless it generates.
  public static func read(_ file: SourceFile, in context: ReadingContext) -> [RuleReading] {
    read([RuleFile(file, in: context)])[0]
  }

  public static func lint(_ file: SourceFile) -> [Diagnostic] { SigmaLint(file).diagnostics }

  /// Every rule of the files; filters and correlations may be about rules of another file.
  public static func read(_ files: [RuleFile]) -> [[RuleReading]] {
    var run = SigmaRun()
    for (index, file) in files.enumerated() { run.add(file, index) }
    return run.readings(ofFiles: files.count)
  }
}

import SourceText

/// The techniques and tactics of MITRE ATT&CK for enterprises, as the program carries them.
public struct AttackTable: Sendable {
  /// Name and tactics by id.
  private var techniques: [String: (name: String, tactics: [String])] = [:]
  /// Sigma's names of tactics, such as `credential-access`.
  private(set) var tactics: Set<String> = []

  /// The table that the program carries.
  public static let carried = AttackTable()

  private init() {
    for file in CarriedFiles.files(in: .attack) { read(file) }
  }

  private mutating func read(_ file: SourceFile) {
    for line in file.text.split(separator: "\n") where !line.hasPrefix("#") {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 3 else { continue }
      let own = cells[1].split(separator: ",").map(String.init)
      techniques[cells[0]] = (cells[2], own)
      tactics.formUnion(own)
    }
  }

  public func name(of technique: String) -> String? { techniques[technique]?.name }

  /// Whether the table says that there is no such technique.
  ///
  /// T0001 to T0999 are those for industrial control systems, and T14xx to T16xx may be those for mobile devices when
  /// they are not for enterprises: neither are in the table.
  func lacks(technique: String) -> Bool {
    guard techniques[technique] == nil, technique.hasPrefix("T"), let number = Int(technique.dropFirst().prefix(4))
    else { return false }
    let parent = String(technique.prefix(5))
    return number >= 1_000 && (techniques[parent] != nil || !(1_398...1_699).contains(number))
  }
}

/// The names of ATT&CK's tactics in Sentinel, which writes them in one word: `CredentialAccess`.
enum SentinelTactics {
  /// Identifier, Sigma's name and Sentinel's name.
  ///
  /// https://learn.microsoft.com/azure/sentinel/mitre-coverage
  private static let table: [(id: String, name: String, sentinel: String)] = [
    ("TA0043", "reconnaissance", "Reconnaissance"), ("TA0042", "resource-development", "ResourceDevelopment"),
    ("TA0001", "initial-access", "InitialAccess"), ("TA0002", "execution", "Execution"),
    ("TA0003", "persistence", "Persistence"), ("TA0004", "privilege-escalation", "PrivilegeEscalation"),
    ("TA0005", "defense-evasion", "DefenseEvasion"), ("TA0006", "credential-access", "CredentialAccess"),
    ("TA0007", "discovery", "Discovery"), ("TA0008", "lateral-movement", "LateralMovement"),
    ("TA0009", "collection", "Collection"), ("TA0011", "command-and-control", "CommandAndControl"),
    ("TA0010", "exfiltration", "Exfiltration"), ("TA0040", "impact", "Impact"),
    ("TA0107", "inhibit-response-function", "InhibitResponseFunction"),
    ("TA0106", "impair-process-control", "ImpairProcessControl"), ("", "pre-attack", "PreAttack"),
  ]

  /// The name that rules have for a tactic that Sentinel names; as it is where Sentinel names another.
  static func name(ofSentinel tactic: String) -> String {
    table.first { $0.sentinel.lowercased() == tactic.lowercased() }?.name ?? tactic
  }

  /// Sentinel's name of a tactic; nil where it has none.
  static func sentinel(_ tactic: String) -> String? {
    let wanted = tactic.lowercased().split(separator: "_").joined(separator: "-")
    return table.first { $0.id.lowercased() == wanted || $0.name == wanted || $0.sentinel.lowercased() == wanted }?
      .sentinel
  }
}

/// The tactics of MITRE ATT&CK for enterprises (https://attack.mitre.org/tactics/enterprise/).
enum AttackTactic {
  private static let identifiers = [
    "reconnaissance": "TA0043", "resource-development": "TA0042", "initial-access": "TA0001", "execution": "TA0002",
    "persistence": "TA0003", "privilege-escalation": "TA0004", "defense-evasion": "TA0005",
    "credential-access": "TA0006", "discovery": "TA0007", "lateral-movement": "TA0008", "collection": "TA0009",
    "command-and-control": "TA0011", "exfiltration": "TA0010", "impact": "TA0040",
  ]

  /// The id of a tactic that is named, whatever stands between its words; nil where no such tactic is known.
  static func identifier(of name: String) -> String? {
    identifiers[name.lowercased().split { $0 == "-" || $0 == "_" || $0 == " " }.joined(separator: "-")]
  }
}

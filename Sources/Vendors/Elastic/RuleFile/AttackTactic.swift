/// The tactics of MITRE ATT&CK for enterprises, whose names Kibana wants beside their ids.
///
/// <https://attack.mitre.org/tactics/enterprise/>
struct AttackTactic {
  var id: String
  var name: String

  static let all: [AttackTactic] = [
    AttackTactic(id: "TA0043", name: "Reconnaissance"),
    AttackTactic(id: "TA0042", name: "Resource Development"),
    AttackTactic(id: "TA0001", name: "Initial Access"),
    AttackTactic(id: "TA0002", name: "Execution"),
    AttackTactic(id: "TA0003", name: "Persistence"),
    AttackTactic(id: "TA0004", name: "Privilege Escalation"),
    AttackTactic(id: "TA0005", name: "Defense Evasion"),
    AttackTactic(id: "TA0006", name: "Credential Access"),
    AttackTactic(id: "TA0007", name: "Discovery"),
    AttackTactic(id: "TA0008", name: "Lateral Movement"),
    AttackTactic(id: "TA0009", name: "Collection"),
    AttackTactic(id: "TA0011", name: "Command and Control"),
    AttackTactic(id: "TA0010", name: "Exfiltration"),
    AttackTactic(id: "TA0040", name: "Impact"),
  ]

  /// The tactic of an id such as `TA0006`, or of a name such as `credential-access` or `credential_access`.
  static func named(_ text: String) -> AttackTactic? {
    let name = String(text.lowercased().map { $0 == "-" || $0 == "_" ? " " : $0 })
    return all.first { $0.id.lowercased() == name || $0.name.lowercased() == name }
  }
}

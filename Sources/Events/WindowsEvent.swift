import RuleIR

/// An event of the Windows event log as readers of EVTX files write it: its XML as objects.
///
/// Rules name the fields of `EventData` by themselves, and those of `System` beside them; where both have a name the
/// data's is meant. A name with blanks, as Defender has, is written without them in rules. Security's event of a new process has other names than Sysmon's for the same things, which rules
/// about processes take from Sysmon; it gets both
/// (https://learn.microsoft.com/windows/security/threat-protection/auditing/event-4688).
struct WindowsEvent {
  private let system: EventObject
  private let data: EventObject

  /// Nil where the object is no such event.
  init?(_ object: EventObject) {
    guard let event = object["Event"]?.object, let system = event["System"]?.object else { return nil }
    self.system = system
    let user = event["UserData"]?.object?.members.lazy.compactMap(\.value.object).first
    data = event["EventData"]?.object ?? user ?? EventObject()
  }

  /// The fields side by side.
  var object: EventObject {
    var flat = EventObject()
    for member in data.members where member.key != "#attributes" { flat[member.key] = Self.text(member.value) }
    for member in data.members where member.key.contains(" ") {
      let name = member.key.filter { $0 != " " }
      flat[name] = flat[name] ?? Self.text(member.value)
    }
    for (name, value) in systemFields where flat[name] == nil { flat[name] = value }
    if flat["Channel"]?.string == "Security", flat["EventID"]?.spelling == "4688" {
      flat["Image"] = flat["Image"] ?? flat["NewProcessName"]
      flat["ParentImage"] = flat["ParentImage"] ?? flat["ParentProcessName"]
    }
    return flat
  }

  private var systemFields: [(name: String, value: EventValue)] {
    var fields: [(name: String, value: EventValue)] = []
    for name in ["EventID", "Channel", "Computer", "Level", "Task", "Opcode", "Keywords", "Version", "EventRecordID"] {
      if let value = system[name] { fields.append((name, Self.text(value))) }
    }
    func attribute(_ element: String, _ name: String) -> EventValue? {
      system[element]?.object?["#attributes"]?.object?[name]
    }
    let attributes = [
      ("Provider_Name", "Provider", "Name"), ("Provider_Guid", "Provider", "Guid"),
      ("@timestamp", "TimeCreated", "SystemTime"), ("UserID", "Security", "UserID"),
    ]
    for (field, element, name) in attributes {
      if let value = attribute(element, name) { fields.append((field, value)) }
    }
    return fields
  }

  /// The text of an element that has attributes as well.
  private static func text(_ value: EventValue) -> EventValue { value.object?["#text"] ?? value }
}

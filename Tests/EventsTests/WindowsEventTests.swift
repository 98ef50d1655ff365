import Events
import RuleIR
import Testing

@Suite struct WindowsEventTests {
  private static let process = """
    {"Event": {"System": {"EventID": {"#text": 4688, "#attributes": {"Qualifiers": 0}}, "Channel": "Security", \
    "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}}, \
    "TimeCreated": {"#attributes": {"SystemTime": "2026-01-02T03:04:05Z"}}, "Security": null}, \
    "EventData": {"#attributes": {"Name": "x"}, "NewProcessName": "C:\\\\a.exe", "Level": "data", "Threat Name": "t"}}}
    """

  @Test func `the fields of data and system stand side by side, the data's first`() throws {
    guard case .object(let event)? = records(of: Self.process).first?.event else {
      Issue.record("no event was read")
      return
    }
    #expect(event["EventID"] == 4688)
    #expect(event["Channel"] == "Security")
    #expect(event["Provider_Name"] == "Microsoft-Windows-Security-Auditing")
    #expect(event["@timestamp"] == "2026-01-02T03:04:05Z")
    #expect(event["Level"] == "data")
    #expect(event["#attributes"] == nil)
    #expect(event["ThreatName"] == "t" && event["Threat Name"] == "t")
    // What Security calls NewProcessName, rules about processes call Image.
    #expect(event["NewProcessName"] == "C:\\a.exe")
    #expect(event["Image"] == "C:\\a.exe")
  }
}

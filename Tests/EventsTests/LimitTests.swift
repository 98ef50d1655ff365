import Events
import RuleIR
import SourceText
import Testing

@Suite struct LimitTests {
  @Test(arguments: [(255, true), (256, true), (257, false), (100_000, false)])
  func `an event nests at most 256 levels deep`(depth: Int, isRead: Bool) {
    let nested = String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
    let found = readings(of: "{\"id\":\(nested)}\n{\"id\":\"b\"}\n")
    #expect(found == [isRead ? "?@1" : "unreadable-event@1", "b@2"])
  }

  @Test(arguments: [(-1, true), (0, true), (1, false)]) func `an event has at most 8 MiB`(over: Int, isRead: Bool) {
    let size = (8 << 20) + over
    let line = "{\"id\":\"" + String(repeating: "a", count: size - 9) + "\"}"
    let found = readings(of: line + "\n{\"id\":\"b\"}\n")
    #expect(found.count == 2)
    #expect(found.first?.hasPrefix("unreadable-event@1") == !isRead)
    #expect(found.last == "b@2")
  }

  @Test func `a batch may be larger than an event`() {
    var limits = EventLimits()
    limits.eventBytes = 30
    let items = (0..<10).map { "{\"id\":\"\($0)\"}" }.joined(separator: ",")
    #expect(readings(of: "{\"items\":[\(items)]}\n", limits: limits).count == 10)
    limits.batchBytes = 100
    #expect(
      readings(of: "{\"items\":[\(items)]}\n{\"id\":\"b\"}\n", pieceSize: 16, limits: limits)
        == ["unreadable-event@1", "b@2"])
  }

  @Test(arguments: [(99_999, true), (100_000, true), (100_001, false)])
  func `a list has at most 100,000 elements`(count: Int, isRead: Bool) {
    let list = "[0" + String(repeating: ",0", count: count - 1) + "]"
    #expect(readings(of: "{\"id\":\(list)}\n{\"id\":\"b\"}\n") == [isRead ? "?@1" : "unreadable-event@1", "b@2"])
  }

  @Test func `a list of events may be of any length`() {
    let list = "[{}" + String(repeating: ",{}", count: 100_000) + "]"
    #expect(readings(of: list).count == 100_001)
  }
}

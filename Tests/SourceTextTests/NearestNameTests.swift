import SourceText
import Testing

@Suite struct NearestNameTests {
  private let known = ["contains", "startswith", "endswith", "re", "cidr", "cased", "all"]

  @Test(arguments: [
    ("contain", "contains"), ("Contains", "contains"), ("startwith", "startswith"), ("endsiwth", "endswith"),
    ("cdir", "cidr"), ("casde", "cased"), ("al", "all"), ("ends_with", "endswith"),
  ])
  func `a slip finds the name that was meant`(slip: String, name: String) {
    #expect(nearestName(to: slip, among: known) == name)
  }

  @Test(arguments: ["", "x", "windash", "regex", "base64offset"])
  func `what is far from all names finds none`(name: String) {
    #expect(nearestName(to: name, among: known) == nil)
  }

  @Test func `of names equally near the first is taken`() {
    #expect(nearestName(to: "bat", among: ["cat", "hat"]) == "cat")
    #expect(nearestName(to: "bat", among: []) == nil)
  }
}

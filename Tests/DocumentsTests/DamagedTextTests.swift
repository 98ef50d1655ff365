import Documents
import SourceText
import TestSupport
import Testing

/// Texts damaged at random: reading gives nodes that know their places, or a diagnostic with one, and never a trap.
@Suite struct DamagedTextTests {
  private static let yaml = """
    title: &t "Secrets \\"listed\\" \\u00e9"
    detection:
      selection: {verb: [get, 'li''st'], code: 403}
      other: &o
        - <<: {a: ~}
          b: |
            two
              lines
        - >-
          folded
          text

      again: *o
      condition: selection and not 1 of
        filter_*
    ---
    !!str second: document # here
    """

  private static let toml = """
    # why
    [rule]
    name = "a \\"b\\" \\u00e9"
    query = '''
    x:"é" and
      y:1
    '''
    more = \"\"\"a \\
      b\"\"\"
    [[rule.threat]]
    a.b = {c = [1, 2.5e3, 1979-05-27 07:32:00Z], d = true}
    """

  private static let json = """
    {"a": [1, -2.5e3, true, false, null], "b\\u00e9\\n": {"c": "é 😀", "d": []}}
    """

  private static let pieces =
    AwkwardTexts.pieces + ["\n  ", "\n\t", "- ", "? ", ": ", "'''", "---\n", "...\n", "<<: ", "[[", "]]"]

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `damaged YAML is read or refused`(seed: UInt64) {
    exercise(Self.yaml, seed: seed) { (file) in try YAMLReader.read(file) }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `damaged TOML is read or refused`(seed: UInt64) {
    exercise(Self.toml, seed: seed) { (file) in [try TOMLReader.read(file)] }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `damaged JSON is read or refused`(seed: UInt64) {
    exercise(Self.json, seed: seed) { (file) in [try JSONReader.read(Passage(file: file))] }
  }

  private func exercise(_ text: String, seed: UInt64, _ read: (SourceFile) throws -> [DocumentNode]) {
    var random = SeededRandom(seed: seed)
    var refused = 0
    for _ in 0..<400 {
      let file = SourceFile(name: "damaged", bytes: damaged(Array(text.utf8), using: &random))
      do {
        for node in try read(file) { #expect(node.placesAreRight, "\(file.text)") }
      } catch let diagnostic as Diagnostic {
        refused += 1
        #expect(diagnostic.primary != nil, "\(file.text)")
        #expect(!DiagnosticRenderer().render(diagnostic).isEmpty)
      } catch {
        Issue.record(error)
      }
    }
    #expect(refused > 0)
  }

  private func damaged(_ text: [UInt8], using random: inout SeededRandom) -> [UInt8] {
    var bytes = text
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...5, using: &random)))
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      default: bytes.insert(contentsOf: random.pick(Self.pieces).utf8, at: place)
      }
    }
    return bytes
  }
}

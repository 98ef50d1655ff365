import Documents
import SourceText
import Testing

@Suite struct YAMLReaderTests {
  @Test func `a rule is read with the text, kind and place of each scalar`() throws {
    let rule = try yaml(
      """
      title: Secrets listed
      detection:
        selection:
          verb: list
          code: 403
          stage:
            - ResponseComplete
            - 'Panic'
        condition: selection
      """)
    #expect(
      rule.outline
        == "{title: 'Secrets listed', detection: {selection: {verb: 'list', code: #403, stage: ['ResponseComplete', "
        + "'Panic']}, condition: 'selection'}}")
    let verb = try #require(rule["detection"]?["selection"]?.member("verb"))
    #expect(verb.key.range.description == "test.yml:4:5")
    #expect(verb.value.range.description == "test.yml:4:11")
    #expect(verb.value.range.text == "list")
  }

  @Test func `documents of one file come in order, without empty ones`() throws {
    let file = SourceFile(name: "test.yml", text: "---\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n")
    #expect(try YAMLReader.read(file).map(\.outline) == ["{a: #1}", "{b: #2}"])
  }
}

import SourceText
import Testing

@Suite struct EditTests {
  private static func edit(_ file: SourceFile, _ start: Int, _ end: Int, _ text: String) -> Edit {
    Edit(SourceRange(file: file, start: start, end: end), text)
  }

  @Test func `changes are made in the order of places, whatever their own`() {
    let file = SourceFile(name: "a", text: "one two three")
    let edits = [Self.edit(file, 8, 13, "3"), Self.edit(file, 0, 3, "first"), Self.edit(file, 7, 7, ",")]
    #expect(file.applying(edits).text == "first two, 3")
    #expect(file.applying([]).bytes == file.bytes)
  }

  @Test func `of two changes of the same bytes the first is made`() {
    let file = SourceFile(name: "a", text: "abcdef")
    #expect(file.applying([Self.edit(file, 2, 4, "Y"), Self.edit(file, 1, 3, "X")]).text == "aXdef")
  }

  @Test func `bytes that are no text stay as they are`() {
    let file = SourceFile(name: "a", bytes: [0xEF, 0xBB, 0xBF, 0x61, 13, 10, 0xFF])
    #expect(file.applying([Self.edit(file, 3, 4, "b")]).bytes == [0xEF, 0xBB, 0xBF, 0x62, 13, 10, 0xFF])
  }
}

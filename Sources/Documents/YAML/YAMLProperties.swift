/// The anchor and the tag before a node's content, and where the content starts.
struct YAMLProperties {
  private(set) var tag: Range<Int>?
  private(set) var contentStart: Int

  /// Looks at the bytes of a node; most have no properties.
  init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
    contentStart = start
    while contentStart < end {
      let byte = bytes[contentStart]
      guard byte == UInt8(ascii: "!") || byte == UInt8(ascii: "&") else { return }
      let first = contentStart
      while contentStart < end, !YAMLScalarPlaces.isSpace(bytes[contentStart]) { contentStart += 1 }
      if byte == UInt8(ascii: "!") { tag = first..<contentStart }
      skipSpaceAndComments(bytes, to: end)
    }
  }

  private mutating func skipSpaceAndComments(_ bytes: UnsafeBufferPointer<UInt8>, to end: Int) {
    while contentStart < end {
      if YAMLScalarPlaces.isSpace(bytes[contentStart]) {
        contentStart += 1
      } else if bytes[contentStart] == UInt8(ascii: "#") {
        while contentStart < end, bytes[contentStart] != 10, bytes[contentStart] != 13 { contentStart += 1 }
      } else {
        return
      }
    }
  }
}

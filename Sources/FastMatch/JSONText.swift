import RuleIR

/// Writes the insides of JSON strings as bytes, in the way of `EventValue.quoted`.
package enum JSONText {
  /// Appends a text with its escapes, without the quotes around it.
  package static func append(_ text: String, to output: inout [UInt8]) {
    var text = text
    text.withUTF8 { bytes in
      if let base = bytes.baseAddress { append(Slice(base, bytes.count), to: &output) }
    }
  }

  static func append(_ text: Slice, to output: inout [UInt8]) {
    let bytes = UnsafeBufferPointer(start: text.start, count: text.length)
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) {
      output.append(contentsOf: bytes)
    } else {
      output.append(contentsOf: EventValue.quoted(text.string).utf8.dropFirst().dropLast())
    }
  }
}

/// What YAML 1.2's core schema takes a plain scalar for.
///
/// <https://yaml.org/spec/1.2.2/#103-core-schema>
enum YAMLCoreSchema {
  /// The kind of a plain scalar.
  static func kind(of text: UnsafeBufferPointer<UInt8>) -> DocumentNode.Scalar.Kind {
    guard let first = text.first else { return .null }
    switch first {
    case UInt8(ascii: "~"): return text.count == 1 ? .null : .string
    case UInt8(ascii: "n"), UInt8(ascii: "N"): return isWord(text, "null") ? .null : .string
    case UInt8(ascii: "t"), UInt8(ascii: "T"): return isWord(text, "true") ? .boolean(true) : .string
    case UInt8(ascii: "f"), UInt8(ascii: "F"): return isWord(text, "false") ? .boolean(false) : .string
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      return isNumber(text) ? .number : .string
    default: return .string
    }
  }

  /// A word in small letters, in capitals, or with a first capital.
  private static func isWord(_ text: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
    guard text.count == word.utf8CodeUnitCount else { return false }
    let capital: UInt8 = 0x20
    let allCapitals = text[1] & capital == 0
    for index in 0..<text.count {
      let small = word.utf8Start[index]
      if index == 0 {
        guard text[0] == small || text[0] == small & ~capital else { return false }
        if allCapitals, text[0] == small { return false }
      } else {
        guard text[index] == (allCapitals ? small & ~capital : small) else { return false }
      }
    }
    return true
  }

  /// Integers in decimal, octal (`0o17`) and hexadecimal, decimal fractions, `.inf` and `.nan`.
  private static func isNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.count > 2, text[0] == UInt8(ascii: "0") {
      if text[1] == UInt8(ascii: "x") { return text[2...].allSatisfy(isHexadecimalDigit) }
      if text[1] == UInt8(ascii: "o") { return text[2...].allSatisfy { (0x30...0x37).contains($0) } }
    }
    let isSigned = text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-")
    let unsigned = isSigned ? 1 : 0
    let rest = UnsafeBufferPointer(rebasing: text[unsigned...])
    if rest.first == UInt8(ascii: "."), rest.count == 4 {
      let word = UnsafeBufferPointer(rebasing: rest[1...])
      if isWord(word, "inf") { return true }
      if !isSigned, word.elementsEqual("nan".utf8) || word.elementsEqual("NaN".utf8) || word.elementsEqual("NAN".utf8) {
        return true
      }
    }
    return isDecimal(rest)
  }

  private static func isDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = 0
    func digits() -> Int {
      let start = position
      while position < text.count, isDigit(text[position]) { position += 1 }
      return position - start
    }
    var count = digits()
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      count += digits()
    }
    guard count > 0 else { return false }
    guard position < text.count else { return true }
    guard text[position] | 0x20 == UInt8(ascii: "e") else { return false }
    position += 1
    if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
      position += 1
    }
    return digits() > 0 && position == text.count
  }
}

/// Whether a byte is one of `0` to `9`.
func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

/// Whether a byte is a digit of a hexadecimal number, in either case.
func isHexadecimalDigit(_ byte: UInt8) -> Bool {
  isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
}

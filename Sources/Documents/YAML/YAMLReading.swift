/// What a reader of YAML takes a plain scalar for.
///
/// YAML 1.1 readers (PyYAML, and with it most Sigma tools) and YAML 1.2 readers differ: `no`, `0777`, `12:30`.
enum YAMLReading: String {
  case text = "a text"
  case null = "null"
  case boolean = "a boolean"
  case decimal = "a decimal number"
  case octal = "an octal number"
  case hexadecimal = "a hexadecimal number"
  case binary = "a binary number"
  case sexagesimal = "a number to the base 60"
  case date = "a date"
  /// `=`, which stands for a mapping's own value.
  case defaultValue = "a default value"

  /// The reading by YAML 1.2's core schema.
  static func inCoreSchema(_ bytes: [UInt8]) -> YAMLReading {
    switch bytes.withUnsafeBufferPointer(YAMLCoreSchema.kind(of:)) {
    case .null: .null
    case .boolean: .boolean
    case .string: .text
    case .date: .date
    case .number: bytes.starts(with: "0x".utf8) ? .hexadecimal : bytes.starts(with: "0o".utf8) ? .octal : .decimal
    }
  }

  /// The reading by YAML 1.1's types.
  ///
  /// <https://yaml.org/type/>
  static func inOlderTypes(_ bytes: [UInt8]) -> YAMLReading {
    guard let first = bytes.first else { return .null }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      return number(bytes)
    case UInt8(ascii: "~") where bytes.count == 1: return .null
    case UInt8(ascii: "=") where bytes.count == 1: return .defaultValue
    default: return word(bytes)
    }
  }

  private static func word(_ bytes: [UInt8]) -> YAMLReading {
    guard bytes.count <= 5 else { return .text }
    let word = String(decoding: bytes, as: UTF8.self)
    let small = word.lowercased()
    let capitals = word.uppercased()
    guard word == small || word == capitals || word == capitals.prefix(1) + small.dropFirst() else { return .text }
    switch small {
    case "null": return .null
    case "y", "yes", "n", "no", "true", "false", "on", "off": return .boolean
    default: return .text
    }
  }

  private static func number(_ bytes: [UInt8]) -> YAMLReading {
    if isDate(bytes) { return .date }
    let isSigned = bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-")
    let text = bytes.dropFirst(isSigned ? 1 : 0)
    if text.starts(with: "0x".utf8) { return all(text.dropFirst(2), isHexadecimalDigit) ? .hexadecimal : .text }
    if text.starts(with: "0b".utf8) { return all(text.dropFirst(2)) { $0 == 0x30 || $0 == 0x31 } ? .binary : .text }
    if text.first == UInt8(ascii: "."),
      ["inf", "nan"].contains(String(decoding: text.dropFirst(), as: UTF8.self).lowercased())
    {
      return inCoreSchema(bytes)
    }
    if text.contains(UInt8(ascii: ":")) { return isSexagesimal(text) ? .sexagesimal : .text }
    if text.count > 1, text.first == UInt8(ascii: "0"), !text.contains(UInt8(ascii: ".")) {
      return all(text.dropFirst()) { (0x30...0x37).contains($0) } ? .octal : .text
    }
    return isDecimal(text) ? .decimal : .text
  }

  private static func all(_ digits: ArraySlice<UInt8>, _ isDigit: (UInt8) -> Bool) -> Bool {
    !digits.isEmpty && digits.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  /// Digits with underscores; a fraction; after one, an exponent with its sign.
  private static func isDecimal(_ text: ArraySlice<UInt8>) -> Bool {
    guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { return all(text, isDigit) }
    let whole = text[..<point]
    let tail = text[(point + 1)...]
    let fraction = tail.prefix { isDigit($0) || $0 == UInt8(ascii: "_") }
    guard whole.isEmpty || all(whole, isDigit), !(whole.isEmpty && fraction.isEmpty) else { return false }
    let exponent = tail.dropFirst(fraction.count)
    guard let mark = exponent.first else { return true }
    let power = exponent.dropFirst(2)
    return mark | 0x20 == UInt8(ascii: "e")
      && (exponent.dropFirst().first == UInt8(ascii: "+") || exponent.dropFirst().first == UInt8(ascii: "-"))
      && !power.isEmpty && power.allSatisfy(isDigit)
  }

  /// `12:30:45`: a number, then parts below sixty; the last may have a fraction.
  private static func isSexagesimal(_ text: ArraySlice<UInt8>) -> Bool {
    let halves = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard all(parts[0], isDigit), halves.count == 2 || parts[0].first != UInt8(ascii: "0") else { return false }
    let isFraction = halves.count == 1 || halves[1].allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") }
    return isFraction
      && parts.dropFirst().allSatisfy {
        $0.count == 1 ? $0.allSatisfy(isDigit) : $0.count == 2 && $0.allSatisfy(isDigit) && $0[$0.startIndex] < 0x36
      }
  }

  /// Whether the text starts as a date does: four digits, and one or two for month and day each.
  private static func isDate(_ bytes: [UInt8]) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[0].allSatisfy(isDigit), (1...2).contains(parts[1].count),
      parts[1].allSatisfy(isDigit)
    else { return false }
    let day = parts[2].prefix(while: isDigit)
    let rest = parts[2].dropFirst(day.count)
    guard (1...2).contains(day.count) else { return false }
    guard let separator = rest.first else { return day.count == 2 && parts[1].count == 2 }
    return [UInt8(ascii: "T"), UInt8(ascii: "t"), 0x20, 9].contains(separator)
  }
}

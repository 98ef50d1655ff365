/// The shapes of numbers and dates.
enum TOMLGrammar {
  /// An integer in any base, a decimal fraction, `inf` or `nan`.
  static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    if text.starts(with: "0x".utf8) { return isDigits(text.dropFirst(2), isHexadecimalDigit) }
    if text.starts(with: "0o".utf8) { return isDigits(text.dropFirst(2)) { (0x30...0x37).contains($0) } }
    if text.starts(with: "0b".utf8) { return isDigits(text.dropFirst(2)) { $0 == 0x30 || $0 == 0x31 } }
    var rest = text
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    if rest.elementsEqual("inf".utf8) || rest.elementsEqual("nan".utf8) { return true }
    return isDecimal(rest)
  }

  private static func isDecimal(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    let whole = takeDigits(&rest)
    guard isDigits(whole, isDigit), whole.count == 1 || whole.first != UInt8(ascii: "0") else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard isDigits(takeDigits(&rest), isDigit) else { return false }
    }
    guard let mark = rest.first else { return true }
    guard mark | 0x20 == UInt8(ascii: "e") else { return false }
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    return isDigits(takeDigits(&rest), isDigit) && rest.isEmpty
  }

  private static func takeDigits(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = text.prefix { isDigit($0) || $0 == UInt8(ascii: "_") }
    text = text.dropFirst(digits.count)
    return digits
  }

  /// Digits, each underscore between two of them.
  private static func isDigits(_ text: ArraySlice<UInt8>, _ isDigit: (UInt8) -> Bool) -> Bool {
    !text.isEmpty
      && text.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        .allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
  }

  /// A date, a time, or both with or without an offset.
  static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    if let year = number(&rest, digits: 4), take("-", &rest) {
      guard let month = number(&rest, digits: 2, 1...12), take("-", &rest),
        number(&rest, digits: 2, 1...length(ofMonth: month, year: year)) != nil
      else { return false }
      if rest.isEmpty { return true }
      guard take("T", &rest) || take("t", &rest) || take(" ", &rest), takeTime(&rest) else { return false }
      return rest.isEmpty || isOffset(rest)
    }
    rest = text
    return takeTime(&rest) && rest.isEmpty
  }

  private static func takeTime(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard number(&rest, digits: 2, 0...23) != nil, take(":", &rest), number(&rest, digits: 2, 0...59) != nil,
      take(":", &rest), number(&rest, digits: 2, 0...60) != nil
    else { return false }
    guard take(".", &rest) else { return true }
    let fraction = rest.prefix(while: isDigit)
    rest = rest.dropFirst(fraction.count)
    return !fraction.isEmpty
  }

  private static func isOffset(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    if take("Z", &rest) || take("z", &rest) { return rest.isEmpty }
    return (take("+", &rest) || take("-", &rest)) && number(&rest, digits: 2, 0...23) != nil && take(":", &rest)
      && number(&rest, digits: 2, 0...59) != nil && rest.isEmpty
  }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func number(
    _ rest: inout ArraySlice<UInt8>, digits: Int, _ range: ClosedRange<Int> = 0...9999
  ) -> Int? {
    let text = rest.prefix(digits)
    guard text.count == digits, text.allSatisfy(isDigit) else { return nil }
    let value = text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard range.contains(value) else { return nil }
    rest = rest.dropFirst(digits)
    return value
  }

  private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let byte = rest.first, UInt32(byte) == character.value else { return false }
    rest = rest.dropFirst()
    return true
  }
}

/// A walk over the text of a regular expression in Sigma's subset of PCRE.
///
/// It finds what is malformed and what no engine without backtracking has, and notes the constructs on which
/// flavours disagree. It never runs the expression.
///
///     regex  = branch { "|" branch } ;      branch = { piece } ;      piece = atom [ repeat [ "?" ] ] ;
///     repeat = "*" | "+" | "?" | "{" n [ "," [ m ] ] "}" ;
///     atom   = character | "." | "^" | "$" | escape | class | "(" [ "?" ( ":" | flags | name ) ] regex ")" ;
struct RegexSyntax {
  /// What is wrong, and at which bytes.
  struct Fault: Hashable {
    enum Kind { case malformed, unsupported }

    var kind: Kind
    var message: String
    var bytes: Range<Int>
  }

  /// Constructs that mean different things to different engines.
  enum Construct: Hashable {
    /// `\d \w \s \b`: ASCII here, Unicode for Python and Rust.
    case shorthand
    /// `$` may also stand before a last line end, for PCRE and Python.
    case endAnchor
    case dot
    case startAnchor
    /// Lucene's operators `~ & @ # < > "`, unescaped.
    case luceneOperator
    /// `(?:…)`, `(?i)` and whatever else has a question mark behind its parenthesis.
    case specialGroup
    /// A lazy repeat.
    case lazy
    /// An escaped letter.
    case letterEscape
  }

  /// The longest expression that is taken, in bytes.
  static let lengthLimit = 4_096
  static let repeatLimit = 1_000

  private let bytes: [UInt8]
  private var index = 0
  private var openGroups: [Int] = []
  private var repeatable = Repeatable.nothing
  private(set) var constructs: Set<Construct> = []
  private(set) var fault: Fault?
  /// The offsets of `$` where it is an anchor.
  private(set) var endAnchors: [Int] = []

  private enum Repeatable { case nothing, atom, repeated }

  init(_ text: String) {
    bytes = Array(text.utf8)
    guard bytes.count <= Self.lengthLimit else {
      fault = Fault(
        kind: .unsupported, message: "longer than \(Self.lengthLimit) bytes", bytes: Self.lengthLimit..<bytes.count)
      return
    }
    while index < bytes.count, fault == nil { step() }
    if fault == nil, let open = openGroups.last { fail("this group is not closed", open..<open + 1) }
  }

  private mutating func fail(_ message: String, _ range: Range<Int>, _ kind: Fault.Kind = .malformed) {
    guard fault == nil else { return }
    let start = min(range.lowerBound, bytes.count)
    fault = Fault(kind: kind, message: message, bytes: start..<min(max(start, range.upperBound), bytes.count))
  }

  private func byte(_ offset: Int = 0) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }

  private mutating func take(_ count: Int = 1) {
    index += count
    repeatable = .atom
  }

  private mutating func step() {
    switch bytes[index] {
    case UInt8(ascii: "\\"): escape()
    case UInt8(ascii: "["): characterClass()
    case UInt8(ascii: "("): open()
    case UInt8(ascii: ")"): close()
    case UInt8(ascii: "|"):
      index += 1
      repeatable = .nothing
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): repeatSign()
    case UInt8(ascii: "{"): braces()
    case UInt8(ascii: "."): note(.dot)
    case UInt8(ascii: "^"): note(.startAnchor)
    case UInt8(ascii: "$"):
      endAnchors.append(index)
      note(.endAnchor)
    case UInt8(ascii: "~"), UInt8(ascii: "&"), UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: "\""):
      note(.luceneOperator)
    case _: take()
    }
  }

  private mutating func note(_ construct: Construct) {
    constructs.insert(construct)
    take()
  }

  private mutating func escape() {
    let start = index
    guard let letter = byte(1) else { return fail("a backslash at the end escapes nothing", start..<start + 1) }
    switch letter {
    case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "k"), UInt8(ascii: "g"):
      fail("a back-reference", start..<start + 2, .unsupported)
    case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "s"),
      UInt8(ascii: "S"), UInt8(ascii: "b"), UInt8(ascii: "B"):
      constructs.formUnion([.shorthand, .letterEscape])
      take(2)
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "v"),
      UInt8(ascii: "a"), UInt8(ascii: "A"), UInt8(ascii: "z"), UInt8(ascii: "p"), UInt8(ascii: "P"):
      constructs.insert(.letterEscape)
      take(2)
    case UInt8(ascii: "x"): hexadecimal(start)
    case UInt8(ascii: "0"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      fail("the escape \\\(Character(Unicode.Scalar(letter)))", start..<start + 2, .unsupported)
    case _: take(2)
    }
  }

  /// `\x41` or `\x{1F600}`.
  private mutating func hexadecimal(_ start: Int) {
    constructs.insert(.letterEscape)
    var end = index + 2
    if byte(2) == UInt8(ascii: "{") {
      end += 1
      while end < bytes.count, Self.isHexDigit(bytes[end]) { end += 1 }
      guard end < bytes.count, bytes[end] == UInt8(ascii: "}"), end > index + 3, end < index + 10 else {
        return fail("\\x{…} holds one to six hexadecimal digits", start..<min(end + 1, bytes.count))
      }
      return take(end + 1 - index)
    }
    while end < bytes.count, end < index + 4, Self.isHexDigit(bytes[end]) { end += 1 }
    guard end == index + 4 else { return fail("\\x takes two hexadecimal digits", start..<end) }
    take(4)
  }

  private mutating func open() {
    let start = index
    openGroups.append(start)
    index += 1
    repeatable = .nothing
    guard byte() == UInt8(ascii: "?") else {
      if byte() == UInt8(ascii: "*") { fail("a backtracking verb", start..<start + 2, .unsupported) }
      return
    }
    index += 1
    let rest = String(decoding: bytes[index..<min(index + 3, bytes.count)], as: UTF8.self)
    let behind = rest.hasPrefix("<=") || rest.hasPrefix("<!")
    if behind || rest.hasPrefix("=") || rest.hasPrefix("!") {
      return fail("look-\(behind ? "behind" : "ahead")", start..<start + (behind ? 4 : 3), .unsupported)
    }
    if rest.hasPrefix(":") {
      constructs.insert(.specialGroup)
      index += 1
    } else if rest.hasPrefix("P<") || rest.hasPrefix("<") {
      name(start)
    } else {
      flags(start)
    }
  }

  private mutating func name(_ start: Int) {
    constructs.insert(.specialGroup)
    while let next = byte(), next != UInt8(ascii: ">") { index += next == UInt8(ascii: ")") ? bytes.count : 1 }
    guard byte() != nil else { return fail("the name of this group is not closed", start..<start + 3) }
    index += 1
  }

  /// `(?i)` or `(?i:`.
  private mutating func flags(_ start: Int) {
    constructs.insert(.specialGroup)
    var count = 0
    while let flag = byte(), "ims-".utf8.contains(flag) {
      index += 1
      count += 1
    }
    guard count > 0, byte() == UInt8(ascii: ":") || byte() == UInt8(ascii: ")") else {
      return fail("this kind of group", start..<min(index + 1, bytes.count), .unsupported)
    }
    if byte() == UInt8(ascii: ")") { openGroups.removeLast() }
    index += 1
  }

  private mutating func close() {
    guard !openGroups.isEmpty else { return fail("no group is open here", index..<index + 1) }
    openGroups.removeLast()
    take()
  }

  private mutating func repeatSign() {
    let sign = bytes[index]
    switch repeatable {
    case .nothing: fail("there is nothing to repeat", index..<index + 1)
    case .atom:
      index += 1
      repeatable = .repeated
    case .repeated where sign == UInt8(ascii: "?"):
      constructs.insert(.lazy)
      index += 1
      // Whatever follows repeats a repeat.
      if let next = byte(), "*+?".utf8.contains(next) { fail("there is nothing to repeat", index..<index + 1) }
    case .repeated where sign == UInt8(ascii: "+"):
      fail("a possessive repeat", index - 1..<index + 1, .unsupported)
    case .repeated: fail("a repeat of a repeat", index - 1..<index + 1)
    }
  }

  /// A counted repeat; braces of any other form stand for themselves.
  private mutating func braces() {
    let start = index
    var end = index + 1
    func digits() -> Int? {
      let from = end
      while end < bytes.count, (48...57).contains(bytes[end]) { end += 1 }
      return from == end ? nil : Int(String(decoding: bytes[from..<end], as: UTF8.self)) ?? Int.max
    }
    guard let least = digits() else { return take() }
    var most: Int? = least
    if end < bytes.count, bytes[end] == UInt8(ascii: ",") {
      end += 1
      most = digits()
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "}") else { return take() }
    guard repeatable == .atom else {
      return fail(
        repeatable == .nothing ? "there is nothing to repeat" : "a repeat of a repeat", start..<end + 1)
    }
    if let most, most < least { return fail("the repeat's bounds are in the wrong order", start..<end + 1) }
    if max(least, most ?? 0) > Self.repeatLimit {
      return fail("more than \(Self.repeatLimit) repeats", start..<end + 1, .unsupported)
    }
    index = end + 1
    repeatable = .repeated
  }

  private mutating func characterClass() {
    let start = index
    index += 1
    if byte() == UInt8(ascii: "^") { index += 1 }
    var isFirst = true
    var previous: UInt8?
    while let next = byte(), isFirst || next != UInt8(ascii: "]") {
      isFirst = false
      if next == UInt8(ascii: "["), byte(1) == UInt8(ascii: ":") {
        previous = nil
        posixClass()
      } else if next == UInt8(ascii: "-"), let low = previous, let high = byte(1), high != UInt8(ascii: "]") {
        if high != UInt8(ascii: "\\"), high != UInt8(ascii: "["), high < 0x80, low < 0x80, high < low {
          return fail("this range is in the wrong order", index - 1..<index + 2)
        }
        index += high == UInt8(ascii: "\\") ? 1 : 2
        previous = nil
      } else {
        previous = next == UInt8(ascii: "\\") ? nil : next
        if next == UInt8(ascii: "\\") { escape() } else { index += 1 }
      }
      if fault != nil { return }
    }
    guard byte() != nil else { return fail("this class is not closed", start..<start + 1) }
    take()
  }

  private mutating func posixClass() {
    let start = index
    index += 2
    while let next = byte(), next != UInt8(ascii: "]") { index += 1 }
    guard byte() != nil else { return fail("this class is not closed", start..<start + 2) }
    index += 1
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }
}

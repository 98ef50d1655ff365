import Glibc

/// One walk over the tokens of a document, which checks its grammar and keeps the values of wanted fields.
///
///     document = object ;
///     object   = "{" [ member { "," member } ] "}" ;    member = string ":" value ;
///     list     = "[" [ value { "," value } ] "]" ;
struct TokenWalk {
  let bytes: UnsafePointer<UInt8>
  let starts: UnsafePointer<UInt32>
  let tokens: Int
  let hasBackslash: Bool
  let table: KeyTable
  /// For each node the object in which its key was last seen: of two members with one key the first counts.
  let stamps: UnsafeMutablePointer<UInt32>
  var serial: UInt32
  let output: UnsafeMutablePointer<ScannedValue>
  let room: Int
  /// The field that takes every scalar.
  let collector: UInt32?
  /// The keys of objects met, where every scalar is taken: those of a member whose key comes again are taken too.
  let keys: RepeatedKeys
  private(set) var count = 0
  /// Whether some key may come twice in an object, so that more may have been taken than counts.
  private(set) var mayRepeat = false
  private var at = 0
  private var isFull = false
  private var marks: TopLevelMarks = []

  /// Deeper documents are left to the reader, which has the limit.
  private static let depth = 128

  init(
    bytes: UnsafePointer<UInt8>, starts: UnsafePointer<UInt32>, tokens: Int, hasBackslash: Bool, table: KeyTable,
    stamps: UnsafeMutablePointer<UInt32>, serial: UInt32, output: UnsafeMutablePointer<ScannedValue>, room: Int,
    collector: UInt32?, keys: RepeatedKeys
  ) {
    self.bytes = bytes
    self.starts = starts
    self.tokens = tokens
    self.hasBackslash = hasBackslash
    self.table = table
    self.stamps = stamps
    self.serial = serial
    self.output = output
    self.room = room
    self.collector = collector
    self.keys = keys
  }

  mutating func document(_ wrapping: FieldScanner.Wrapping) -> Bool {
    guard tokens > 1, byte == Byte.openBrace, object(0, 1), at == tokens, !isFull else { return false }
    switch wrapping {
    case .none: return true
    case .unknown: return marks.isPlain
    }
  }

  /// The first byte of the token; behind the last token, the byte behind the document.
  @inline(__always) private var byte: UInt8 { bytes[Int(starts[at])] }

  // MARK: - Wanted values

  private mutating func object(_ node: Int, _ depth: Int) -> Bool {
    guard depth < Self.depth else { return false }
    at += 1
    if byte == Byte.closeBrace {
      at += 1
      return true
    }
    serial += 1
    let own = serial
    while true {
      let start = Int(starts[at])
      let colon = Int(starts[at + 1])
      guard bytes[start] == Byte.quote, bytes[colon] == Byte.colon else { return false }
      var end = colon - 1
      while bytes[end] != Byte.quote { end -= 1 }
      let (key, length) = (bytes + (start + 1), end - start - 1)
      if hasBackslash, memchr(key, 0x5C, length) != nil { return false }
      at += 2
      let child = table.child(of: node, key, length)
      if depth == 1, !look(child, key, length) { return false }
      if child >= 0, stamps[child] != own {
        stamps[child] = own
        guard value(child, depth, isMember: true) else { return false }
      } else {
        if collector != nil, child >= 0 || keys.isRepeated(key, length, in: own) { mayRepeat = true }
        guard skip(depth) else { return false }
      }
      let separator = byte
      at += 1
      if separator == Byte.comma { continue }
      return separator == Byte.closeBrace
    }
  }

  /// Notes a key at the top; false where it, or its value, surely is of an envelope.
  private mutating func look(_ child: Int, _ key: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    guard child >= 0 else { return !(length > 17 && memcmp(key, "kubernetes.audit.", 17) == 0) }
    let mark = table.mark(child)
    if mark.isEmpty { return true }
    guard mark.contains(.message) else {
      marks.formUnion(mark)
      return true
    }
    let start = Int(starts[at])
    guard bytes[start] == Byte.quote else { return true }
    return ![Byte.openBrace, 0x20, 0x5C].contains(bytes[start + 1])
  }

  private mutating func value(_ node: Int, _ depth: Int, isMember: Bool) -> Bool {
    switch byte {
    case Byte.quote:
      keepString(node)
      at += 1
      return true
    case Byte.openBrace:
      let isEmpty = bytes[Int(starts[at + 1])] == Byte.closeBrace
      for field in table.fields(at: node) { keep(field, isEmpty ? .emptyObject : .object, at: 0, length: 0) }
      return table.hasChildren(node) ? object(node, depth + 1) : skip(depth)
    case Byte.openBracket:
      if isMember {
        for field in table.fields(at: node) { keep(field, .list, at: 0, length: 0) }
      }
      return elements(of: node, depth + 1)
    case _: return scalar(node, isMember: isMember)
    }
  }

  private mutating func elements(of node: Int, _ depth: Int) -> Bool {
    guard depth < Self.depth else { return false }
    at += 1
    if byte == Byte.closeBracket {
      at += 1
      return true
    }
    while true {
      guard value(node, depth, isMember: false) else { return false }
      let separator = byte
      at += 1
      if separator == Byte.comma { continue }
      return separator == Byte.closeBracket
    }
  }

  private mutating func keepString(_ node: Int) {
    let fields = table.fields(at: node)
    guard !fields.isEmpty || collector != nil else { return }
    let (start, length) = string()
    for field in fields { keep(field, .string, at: start, length: length) }
    if let collector { keep(collector, .string, at: start, length: length) }
  }

  /// The inside of the string that begins here; only blanks stand between its end and the next token.
  @inline(__always) private func string() -> (start: Int, length: Int) {
    let start = Int(starts[at]) + 1
    var end = Int(starts[at + 1]) - 1
    while bytes[end] != Byte.quote { end -= 1 }
    return (start, end - start)
  }

  private mutating func scalar(_ node: Int, isMember: Bool) -> Bool {
    guard let kind = scalarKind() else { return false }
    let start = Int(starts[at])
    let length = scalarLength
    if kind != .null {
      for field in table.fields(at: node) { keep(field, kind, at: start, length: length) }
      if let collector { keep(collector, kind, at: start, length: length) }
    } else if isMember {
      for field in table.fields(at: node) { keep(field, .null, at: start, length: length) }
    }
    at += 1
    return true
  }

  @inline(__always)
  private mutating func keep(_ field: UInt32, _ kind: ScannedValue.Kind, at start: Int, length: Int) {
    // A value that many fields want may leave no room for the rest.
    guard count < room else {
      isFull = true
      return
    }
    let hasEscape = kind == .string && hasEscape(start, length)
    output[count] = ScannedValue(
      start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: length), field: field, kind: kind,
      hasEscape: hasEscape)
    count += 1
  }

  @inline(__always) private func hasEscape(_ start: Int, _ length: Int) -> Bool {
    hasBackslash && memchr(bytes + start, 0x5C, length) != nil
  }

  // MARK: - Unwanted values

  private mutating func skip(_ depth: Int) -> Bool {
    switch byte {
    case Byte.quote:
      if let collector {
        let (start, length) = string()
        keep(collector, .string, at: start, length: length)
      }
      at += 1
      return true
    case Byte.openBrace: return skipObject(depth + 1)
    case Byte.openBracket: return skipList(depth + 1)
    case _:
      guard let kind = scalarKind() else { return false }
      if let collector, kind != .null { keep(collector, kind, at: Int(starts[at]), length: scalarLength) }
      at += 1
      return true
    }
  }

  private mutating func skipObject(_ depth: Int) -> Bool {
    guard depth < Self.depth else { return false }
    at += 1
    if byte == Byte.closeBrace {
      at += 1
      return true
    }
    if collector != nil { serial += 1 }
    let own = serial
    while true {
      guard byte == Byte.quote, bytes[Int(starts[at + 1])] == Byte.colon else { return false }
      if collector != nil {
        let (start, length) = string()
        if keys.isRepeated(bytes + start, length, in: own) || hasEscape(start, length) { mayRepeat = true }
      }
      at += 2
      guard skip(depth) else { return false }
      let separator = byte
      at += 1
      if separator == Byte.comma { continue }
      return separator == Byte.closeBrace
    }
  }

  private mutating func skipList(_ depth: Int) -> Bool {
    guard depth < Self.depth else { return false }
    at += 1
    if byte == Byte.closeBracket {
      at += 1
      return true
    }
    while true {
      guard skip(depth) else { return false }
      let separator = byte
      at += 1
      if separator == Byte.comma { continue }
      return separator == Byte.closeBracket
    }
  }

  // MARK: - Scalars

  /// The bytes up to the next token, without blanks.
  private var scalarLength: Int {
    let start = Int(starts[at])
    var end = Int(starts[at + 1])
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    return end - start
  }

  /// What a scalar that is no string is; nil where it is no JSON.
  private func scalarKind() -> ScannedValue.Kind? {
    let start = bytes + Int(starts[at])
    let length = scalarLength
    switch start[0] {
    case 0x74: return length == 4 && memcmp(start, "true", 4) == 0 ? .isTrue : nil
    case 0x66: return length == 5 && memcmp(start, "false", 5) == 0 ? .isFalse : nil
    case 0x6E: return length == 4 && memcmp(start, "null", 4) == 0 ? .null : nil
    case 0x2D, 0x30...0x39: return Self.isNumber(start, length) ? .number : nil
    case _: return nil
    }
  }

  /// Whether a text is `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?` as a whole.
  private static func isNumber(_ text: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    var at = text[0] == 0x2D ? 1 : 0
    func digits() -> Int {
      let start = at
      while at < length, text[at] &- 0x30 < 10 { at += 1 }
      return at - start
    }
    let first = at
    let whole = digits()
    guard whole > 0, whole == 1 || text[first] != 0x30 else { return false }
    if at < length, text[at] == 0x2E {
      at += 1
      guard digits() > 0 else { return false }
    }
    if at < length, text[at] | 0x20 == 0x65 {
      at += 1
      if at < length, text[at] == 0x2B || text[at] == 0x2D { at += 1 }
      guard digits() > 0 else { return false }
    }
    return at == length
  }
}

/// The bytes that JSON is made of.
private enum Byte {
  static let quote = UInt8(ascii: "\"")
  static let colon = UInt8(ascii: ":")
  static let comma = UInt8(ascii: ",")
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")
}

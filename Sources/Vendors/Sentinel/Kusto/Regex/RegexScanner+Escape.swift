import RuleIR

extension RegexScanner {
  /// An escape outside of a set.
  mutating func escape() throws(Refusal) -> RegexNode {
    guard let mark = peek() else { throw Refusal(reason: "it ends in a backslash") }
    position += 2
    switch mark {
    case "d", "w", "s": return .set("[\(classInside(mark))]")
    case "D", "W", "S": return .set("[^\(classInside(mark))]")
    case "b" where flavour != .lucene: return .boundary(isASCII ? "(?-u:\\b)" : "\\b")
    case "B" where flavour != .lucene: return .inside(isASCII ? "(?-u:\\B)" : "\\B")
    case "A" where flavour != .lucene: return .start("\\A")
    case "z" where flavour != .lucene && flavour != .python: return .end("\\z")
    case "Z" where flavour == .python: return .end("\\z")
    case _: return .literal(try scalar(of: mark))
    }
  }

  /// Whether `\d`, `\w` and `\s` mean ASCII alone; in Rust's crate and in Python they do not.
  var isASCII: Bool {
    switch flavour {
    case .sigma, .pcre, .lucene: true
    case .rust, .python: false
    }
  }

  /// What a class escape holds, as it stands inside a set.
  private func classInside(_ mark: Unicode.Scalar) -> String {
    guard isASCII else { return "\\" + String(mark).lowercased() }
    switch mark {
    case "d", "D": return "0-9"
    case "w", "W": return "0-9A-Za-z_"
    case _: return flavour == .lucene ? "\\t\\n\\r " : "\\t\\n\\x0B\\f\\r "
    }
  }

  /// The scalar that an escape stands for; the mark was stepped over.
  mutating func scalar(of mark: Unicode.Scalar) throws(Refusal) -> Unicode.Scalar {
    switch mark {
    case "n" where flavour != .lucene: return "\n"
    case "r" where flavour != .lucene: return "\r"
    case "t" where flavour != .lucene: return "\t"
    case "f" where flavour != .lucene: return "\u{C}"
    case "v" where flavour != .lucene && flavour != .pcre: return "\u{B}"
    case "a" where flavour != .lucene: return "\u{7}"
    case "x" where flavour != .lucene: return try hexadecimal()
    case "u" where flavour == .python || flavour == .rust: return try hexadecimal(digits: 4)
    case "0"..."9", "a"..."z", "A"..."Z": throw Refusal(reason: "'\\\(mark)' has no form in Kusto")
    case "<", ">": if flavour == .rust { throw Refusal(reason: "'\\\(mark)' has no form here") }
    case _: break
    }
    return mark
  }

  private mutating func hexadecimal() throws(Refusal) -> Unicode.Scalar {
    guard current == "{" else { return try hexadecimal(digits: 2) }
    guard let close = scalars[position...].firstIndex(of: "}") else { throw Refusal(reason: "'\\x{' is not closed") }
    let digits = String(String.UnicodeScalarView(scalars[(position + 1)..<close]))
    guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
      throw Refusal(reason: "'\\x{\(digits)}' is no character")
    }
    position = close + 1
    return scalar
  }

  private mutating func hexadecimal(digits count: Int) throws(Refusal) -> Unicode.Scalar {
    let digits = scalars[position...].prefix(count)
    guard digits.count == count, let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw Refusal(reason: "an escape lacks hexadecimal digits") }
    position += count
    return scalar
  }

  /// `[…]`, in which Rust's crate gives `[`, `&&`, `--` and `~~` a meaning that the other flavours do not.
  mutating func set() throws(Refusal) -> RegexNode {
    position += 1
    var text = skip("^") ? "[^" : "["
    var isFirst = true
    while let scalar = current, scalar != "]" || isFirst {
      isFirst = false
      if scalar == "[", peek() == ":" {
        text += try namedClass()
      } else if scalar == "[", flavour == .rust {
        throw Refusal(reason: "a set inside a set is not read")
      } else if scalar == "\\", let mark = peek(), "dwsDWS".unicodeScalars.contains(mark) {
        text += try classInSet(mark)
      } else {
        text += try member()
      }
    }
    guard skip("]") else { throw Refusal(reason: "a '[' is not closed") }
    return .set(text + "]")
  }

  private mutating func namedClass() throws(Refusal) -> String {
    guard let close = scalars[position...].firstIndex(of: "]"), close > position + 2, scalars[close - 1] == ":" else {
      throw Refusal(reason: "a named class is not closed")
    }
    let name = String(String.UnicodeScalarView(scalars[position...close]))
    position = close + 1
    return name
  }

  private mutating func classInSet(_ mark: Unicode.Scalar) throws(Refusal) -> String {
    position += 2
    guard mark.properties.isLowercase || !isASCII else { throw Refusal(reason: "'\\\(mark)' inside a set is not read") }
    return isASCII ? classInside(mark) : "\\\(mark)"
  }

  /// A scalar of a set, or a range of them.
  private mutating func member() throws(Refusal) -> String {
    let first = try setScalar()
    guard current == "-", let next = peek(), next != "]" else { return RegexNode.escaped(first) }
    if next == "\\", let mark = peek(2), "dwsDWS".unicodeScalars.contains(mark) {
      throw Refusal(reason: "a range of a set ends in a class")
    }
    position += 1
    let last = try setScalar()
    guard first.value <= last.value else { throw Refusal(reason: "the range '\(first)-\(last)' ends before it starts") }
    return RegexNode.escaped(first) + "-" + RegexNode.escaped(last)
  }

  private mutating func setScalar() throws(Refusal) -> Unicode.Scalar {
    guard let scalar = current else { throw Refusal(reason: "a '[' is not closed") }
    position += 1
    guard scalar == "\\" else {
      if flavour == .rust, scalar == "&" || scalar == "~" || scalar == "-", current == scalar {
        throw Refusal(reason: "set operators are not read")
      }
      return scalar
    }
    guard let mark = current else { throw Refusal(reason: "it ends in a backslash") }
    position += 1
    return mark == "b" ? "\u{8}" : try self.scalar(of: mark)
  }
}

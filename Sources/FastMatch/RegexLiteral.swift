import RuleIR

/// Texts that every match of a regular expression has.
enum RegexLiteral {
  /// The longest run of plain letters and digits that stands at the top of the expression, outside every group and
  /// alternative, and is neither optional nor repeated; nil where there is none or the syntax is beyond this.
  ///
  /// Only letters and digits are taken: they mean themselves in every flavour.
  static func required(by pattern: RegexPattern) -> String? {
    let bytes = Array(pattern.text.utf8)
    guard pattern.flavour != .lucene, bytes.allSatisfy({ $0 < 0x80 }), !bytes.contains(UInt8(ascii: "|")),
      !pattern.text.contains("(?"), !pattern.text.contains("\\Q")
    else { return nil }
    var best: [UInt8] = []
    var run: [UInt8] = []
    var depth = 0
    var at = 0
    func end() {
      if run.count > best.count { best = run }
      run = []
    }
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\\"):
        end()
        guard at < bytes.count else { return nil }
        // Escapes with letters and digits may have more behind them: `\x41`, `\p{L}`, `\07`.
        if isWord(bytes[at]), !"dDwWsSbBtnr".utf8.contains(bytes[at]) { return nil }
        at += 1
      case UInt8(ascii: "["):
        end()
        guard let close = classEnd(bytes, at) else { return nil }
        at = close
      case UInt8(ascii: "("):
        end()
        depth += 1
      case UInt8(ascii: ")"):
        run = []
        depth -= 1
      case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "{"):
        // The last letter may be left out, or come again.
        if !run.isEmpty { run.removeLast() }
        end()
        if byte == UInt8(ascii: "{") {
          while at < bytes.count, bytes[at - 1] != UInt8(ascii: "}") { at += 1 }
        }
      case _ where isWord(byte) && depth == 0: run.append(byte)
      case _: end()
      }
    }
    end()
    return best.count >= 3 ? String(decoding: best, as: UTF8.self) : nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  /// Behind the class that has just been opened; nil where a bracket inside makes that hard to tell.
  private static func classEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
    var at = start
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\"): at += 2
      case UInt8(ascii: "["): return nil
      case UInt8(ascii: "]"): return at == start || bytes[at - 1] == UInt8(ascii: "^") ? nil : at + 1
      case _: at += 1
      }
    }
    return nil
  }
}

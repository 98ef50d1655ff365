import Glibc
import RuleIR

/// Tests of bytes against bytes.
enum ByteTest {
  @inline(__always) static func equals(_ text: Slice, _ literal: Slice) -> Bool {
    text.length == literal.length && memcmp(text.start, literal.start, literal.length) == 0
  }

  @inline(__always) static func starts(_ text: Slice, with literal: Slice) -> Bool {
    text.length >= literal.length && memcmp(text.start, literal.start, literal.length) == 0
  }

  @inline(__always) static func ends(_ text: Slice, with literal: Slice) -> Bool {
    text.length >= literal.length
      && memcmp(text.start + (text.length - literal.length), literal.start, literal.length) == 0
  }

  /// Sixteen places at once: the literal's first and last byte must stand where they belong.
  static func contains(_ text: Slice, _ literal: Slice) -> Bool {
    guard literal.length > 0 else { return true }
    guard text.length >= literal.length else { return false }
    let last = literal.length - 1
    let places = text.length - last
    let heads = SIMD16<UInt8>(repeating: literal.start[0])
    let tails = SIMD16<UInt8>(repeating: literal.start[last])
    let raw = UnsafeRawPointer(text.start)
    var at = 0
    while at &+ 16 <= places {
      let found =
        (raw + at).loadUnaligned(as: SIMD16<UInt8>.self) .== heads
        .& ((raw + (at &+ last)).loadUnaligned(as: SIMD16<UInt8>.self) .== tails)
      if any(found), holds(text, literal, at..<(at &+ 16)) { return true }
      at &+= 16
    }
    return holds(text, literal, at..<places)
  }

  @inline(never)
  private static func holds(_ text: Slice, _ literal: Slice, _ places: Range<Int>) -> Bool {
    for at in places where text.start[at] == literal.start[0] {
      if memcmp(text.start + at, literal.start, literal.length) == 0 { return true }
    }
    return false
  }
}

/// A pattern with wildcards inside, on UTF-8.
struct ByteGlob: Sendable {
  private enum Symbol: Equatable {
    case byte(UInt8)
    /// One scalar, whatever its bytes.
    case scalar
    case run
  }

  private let symbols: [Symbol]

  init(_ pattern: TextPattern, _ textCase: TextCase) {
    symbols = pattern.parts.flatMap { part -> [Symbol] in
      switch part {
      case .literal(let text): textCase.key(text).utf8.map(Symbol.byte)
      case .anyScalar: [.scalar]
      case .anyRun: [.run]
      }
    }
  }

  /// The usual walk with one point to come back to, the last `*`; it never stops inside a scalar.
  func matches(_ text: Slice) -> Bool {
    symbols.withUnsafeBufferPointer { pattern in
      var (at, symbol) = (0, 0)
      var retry: (at: Int, symbol: Int)?
      while at < text.length {
        if symbol < pattern.count {
          switch pattern[symbol] {
          case .run:
            retry = (at, symbol)
            symbol += 1
            continue
          case .scalar:
            at += Self.scalarLength(text, at)
            symbol += 1
            continue
          case .byte(let byte) where byte == text.start[at]:
            at += 1
            symbol += 1
            continue
          case .byte: break
          }
        }
        guard let last = retry else { return false }
        at = last.at + Self.scalarLength(text, last.at)
        retry = (at, last.symbol)
        symbol = last.symbol + 1
      }
      return pattern[symbol...].allSatisfy { $0 == .run }
    }
  }

  private static func scalarLength(_ text: Slice, _ at: Int) -> Int {
    var length = 1
    while at + length < text.length, text.start[at + length] & 0xC0 == 0x80 { length += 1 }
    return length
  }
}

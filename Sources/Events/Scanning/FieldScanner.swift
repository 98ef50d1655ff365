import CSimdJSON
import Glibc

/// Reads the wanted fields of an event from its text, and checks the rest of the text without keeping it.
///
/// simdjson finds where tokens start; one walk over the tokens checks them all. A document that is in any way unusual
/// (an envelope, a key with an escape, half a surrogate pair, very deep or long, no JSON) is left to `EventReader`: the
/// walk takes nothing that the reader would refuse, and sees in it what the reader sees.
package final class FieldScanner {
  /// The layout of the wanted fields, which scanners of several threads share.
  package struct Layout: Sendable {
    let table: KeyTable
    let collectsAll: Bool
    package let fieldCount: Int

    /// - Parameters:
    ///   - paths: The keys of each field, numbered in their order.
    ///   - collectsAll: Whether every scalar is wanted too, as values of one more field behind the others.
    package init(paths: [[String]], collectsAll: Bool) {
      var tree = KeyTree()
      for (index, path) in paths.enumerated() { tree.add(path, field: UInt32(index)) }
      for entry in TopLevelMarks.keys { tree.add([entry.key], marking: ()) }
      var marks: [Int: TopLevelMarks] = [:]
      for entry in TopLevelMarks.keys {
        if let node = tree.node(at: [entry.key]) { marks[node] = entry.mark }
      }
      table = KeyTable(tree, marks: marks)
      self.collectsAll = collectsAll
      fieldCount = paths.count + (collectsAll ? 1 : 0)
    }
  }

  /// How a text is taken.
  package enum Wrapping {
    /// As a line of a log, which may have an envelope.
    case unknown
    /// As the event itself.
    case none
  }

  package let layout: Layout
  private let marker: OpaquePointer
  private let stamps: UnsafeMutablePointer<UInt32>
  private var serial: UInt32 = 0
  private let keys = RepeatedKeys()
  private var storage: UnsafeMutablePointer<ScannedValue>
  private var capacity = 1 << 12
  /// How many values the last text had.
  package private(set) var count = 0
  /// Whether some key of the last text may come twice, so that the field of all scalars may have some that do not count.
  package private(set) var mayRepeat = false

  package init(_ layout: Layout) {
    self.layout = layout
    guard let marker = csimdjson_marker_new() else { preconditionFailure("a scanner needs memory") }
    self.marker = marker
    stamps = .allocate(capacity: layout.table.count)
    stamps.initialize(repeating: 0, count: layout.table.count)
    storage = .allocate(capacity: capacity)
  }

  deinit {
    csimdjson_marker_free(marker)
    stamps.deallocate()
    storage.deallocate()
    keys.free()
  }

  /// The values of the last text in their order there, valid until the next scan.
  package var values: UnsafePointer<ScannedValue> { UnsafePointer(storage) }

  /// Scans one document; false where it is left to `EventReader`.
  ///
  /// At least 16 bytes behind the text must be readable, and the first of them must not be a bracket or quote.
  package func scan(_ bytes: UnsafePointer<UInt8>, length: Int, _ wrapping: Wrapping = .unknown) -> Bool {
    count = 0
    guard length > 1, length <= EventLimits().eventBytes else { return false }
    let marks = csimdjson_mark(marker, bytes, length)
    guard let starts = marks.starts, marks.count < EventLimits().listElements else { return false }
    let hasBackslash = memchr(bytes, 0x5C, length) != nil
    if hasBackslash, !EscapeCheck.passes(bytes, length) { return false }
    // Each token makes one value at the most, for each field that ends there.
    reserve(marks.count)
    if serial > UInt32.max - UInt32(marks.count) - 1 {
      stamps.update(repeating: 0, count: layout.table.count)
      keys.forget()
      serial = 0
    }
    var walk = TokenWalk(
      bytes: bytes, starts: starts, tokens: marks.count, hasBackslash: hasBackslash, table: layout.table,
      stamps: stamps, serial: serial, output: storage, room: capacity,
      collector: layout.collectsAll ? UInt32(layout.fieldCount - 1) : nil, keys: keys)
    let isRead = walk.document(wrapping)
    serial = walk.serial
    count = walk.count
    mayRepeat = walk.mayRepeat
    return isRead
  }

  private func reserve(_ tokens: Int) {
    guard capacity < tokens * 2 + 64 else { return }
    storage.deallocate()
    capacity = tokens * 4 + 64
    storage = .allocate(capacity: capacity)
  }
}

/// The escapes of a text.
enum EscapeCheck {
  /// Whether every backslash begins an escape that stands for whole characters.
  static func passes(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    var at = 0
    while let found = memchr(bytes + at, 0x5C, length - at) {
      at = UnsafeRawPointer(found) - UnsafeRawPointer(bytes) + 1
      guard at < length else { return false }
      switch bytes[at] {
      case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: at += 1
      case 0x75:
        guard at + 4 < length, let unit = JSONEscapes.unit(bytes + at + 1) else { return false }
        // Pairs of surrogates are left to the reader, which also repairs halves.
        if (0xD800..<0xE000).contains(unit) { return false }
        at += 5
      case _: return false
      }
    }
    return true
  }
}

/// JSON's escapes, on raw bytes.
package enum JSONEscapes {
  static func unit(_ digits: UnsafePointer<UInt8>) -> UInt32? {
    var unit: UInt32 = 0
    for index in 0..<4 {
      let byte = digits[index]
      switch byte {
      case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: unit = unit << 4 | UInt32(byte - 0x57)
      case _: return nil
      }
    }
    return unit
  }

  /// Writes a string without its escapes, which must be sound, and returns its length, never more than it was.
  ///
  /// Eight bytes behind the string must be readable, and behind the output writable.
  package static func undo(
    _ text: UnsafePointer<UInt8>, _ length: Int, into output: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var (at, written) = (0, 0)
    let (source, target) = (UnsafeRawPointer(text), UnsafeMutableRawPointer(output))
    while at < length {
      let word = (source + at).loadUnaligned(as: UInt64.self)
      (target + written).storeBytes(of: word, as: UInt64.self)
      // The lowest bit that is set here is of the first backslash.
      let others = word ^ 0x5C5C_5C5C_5C5C_5C5C
      let found = (others &- 0x0101_0101_0101_0101) & ~others & 0x8080_8080_8080_8080
      let plain = min(found.trailingZeroBitCount >> 3, length - at)
      at += plain
      written += plain
      guard at < length, plain < 8 else { continue }
      let escaped = text[at + 1]
      at += 2
      switch escaped {
      case 0x62: output[written] = 8
      case 0x66: output[written] = 12
      case 0x6E: output[written] = 10
      case 0x72: output[written] = 13
      case 0x74: output[written] = 9
      case 0x75:
        written += put(unit(text + at) ?? 0xFFFD, at: output + written) - 1
        at += 4
      case _: output[written] = escaped
      }
      written += 1
    }
    return written
  }

  /// Writes a scalar of the basic plane in UTF-8 and returns its length.
  private static func put(_ unit: UInt32, at output: UnsafeMutablePointer<UInt8>) -> Int {
    switch unit {
    case ..<0x80:
      output[0] = UInt8(unit)
      return 1
    case ..<0x800:
      output[0] = UInt8(0xC0 | unit >> 6)
      output[1] = UInt8(0x80 | unit & 0x3F)
      return 2
    case _:
      output[0] = UInt8(0xE0 | unit >> 12)
      output[1] = UInt8(0x80 | unit >> 6 & 0x3F)
      output[2] = UInt8(0x80 | unit & 0x3F)
      return 3
    }
  }
}

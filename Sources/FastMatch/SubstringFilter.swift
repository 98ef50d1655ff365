import Glibc

/// Finds which of many texts stand somewhere in a value, in one pass over it.
///
/// Of each text four bytes in a row are chosen, the least usual ones. A table of bits says of each place of the value
/// whether such four bytes may begin there; only then texts are compared.
struct SubstringFilter: Sendable {
  struct Entry {
    var text: Run
    /// Where in the text the chosen bytes stand.
    var offset: Int32
    var targets: Run
  }

  private let bits: Flat<UInt64>
  /// How far a hash is shifted to be a place in the table, whose size goes by the number of texts.
  private let shift: UInt32
  private let buckets: Flat<Run>
  private let grams: WordTable
  private let entries: Flat<Entry>
  /// Texts of fewer than four bytes, which are looked for one by one.
  private let short: Flat<Entry>

  /// - Parameter usual: How often four bytes come in the events that are to be expected; nil where that is not known.
  init(_ texts: [(text: Run, targets: Run)], pool: [UInt8], usual: GramCounts? = nil) {
    var byGram: [UInt32: [Entry]] = [:]
    var short: [Entry] = []
    for (text, targets) in texts {
      guard text.count >= 4 else {
        short.append(Entry(text: text, offset: 0, targets: targets))
        continue
      }
      let bytes = pool[text.range]
      // A place that few texts share, with letters that few values have.
      let costs = (0...(bytes.count - 4)).map { offset in
        let gram = Self.gram(bytes, offset)
        return Self.usualness(bytes, offset) + 6 * (byGram[gram]?.count ?? 0) + 4 * (usual?.count(gram) ?? 0)
      }
      let offset = costs.indices.min { costs[$0] < costs[$1] } ?? 0
      byGram[Self.gram(bytes, offset), default: []].append(
        Entry(text: text, offset: Int32(offset), targets: targets))
    }
    let width = UInt32(min(16, max(8, (byGram.count * 32).bitWidth - (byGram.count * 32).leadingZeroBitCount)))
    shift = 32 - width
    var bits = [UInt64](repeating: 0, count: 1 << Int(width - 6))
    var entries: [Entry] = []
    var buckets: [Run] = []
    var words: [(UInt64, Int32)] = []
    for (gram, list) in byGram.sorted(by: { $0.key < $1.key }) {
      let bit = Self.bit(gram, shift)
      bits[bit >> 6] |= 1 &<< UInt64(bit & 63)
      words.append((UInt64(gram), Int32(buckets.count)))
      buckets.append(Run(appending: list, to: &entries))
    }
    self.bits = Flat(bits)
    self.buckets = Flat(buckets)
    self.entries = Flat(entries)
    self.short = Flat(short)
    grams = WordTable(words)
  }

  func free() {
    bits.free()
    buckets.free()
    grams.free()
    entries.free()
    short.free()
  }

  /// Calls for every text that stands in the value, until it is told that this is enough; the value and 8 bytes behind it
  /// must be readable.
  @inline(__always)
  func scan(_ value: Slice, pool: UnsafePointer<UInt8>, _ isEnough: (Run) -> Bool) {
    let bits = bits.base
    if value.length >= 4 {
      let raw = UnsafeRawPointer(value.start)
      let last = value.length &- 4
      var at = 0
      while at <= last {
        let gram = (raw + at).loadUnaligned(as: UInt32.self)
        let bit = Self.bit(gram, shift)
        if bits[bit >> 6] & (1 &<< UInt64(bit & 63)) != 0 {
          let bucket = grams.value(UInt64(gram))
          if bucket >= 0 {
            for index in buckets[Int(bucket)].range where stands(entries.base + index, at, value, pool) {
              if isEnough(entries[index].targets) { return }
            }
          }
        }
        at &+= 1
      }
    }
    for index in 0..<short.count {
      let entry = short[index]
      if ByteTest.contains(value, Slice(pool + Int(entry.text.start), Int(entry.text.count))), isEnough(entry.targets) {
        return
      }
    }
  }

  @inline(__always)
  private func stands(
    _ entry: UnsafeMutablePointer<Entry>, _ at: Int, _ value: Slice, _ pool: UnsafePointer<UInt8>
  ) -> Bool {
    let start = at &- Int(entry.pointee.offset)
    let length = Int(entry.pointee.text.count)
    guard start >= 0, start &+ length <= value.length else { return false }
    let text = pool + Int(entry.pointee.text.start)
    let place = value.start + start
    return place[0] == text[0] && place[length &- 1] == text[length &- 1] && memcmp(place, text, length) == 0
  }

  @inline(__always) private static func bit(_ gram: UInt32, _ shift: UInt32) -> Int {
    Int((gram &* 0x9E37_79B1) &>> shift)
  }

  fileprivate static func gram(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> UInt32 {
    let start = bytes.startIndex + offset
    return (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(bytes[start + $1]) }
  }

  /// The more of its letters are frequent ones, the more places have the four bytes.
  private static func usualness(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> Int {
    let start = bytes.startIndex + offset
    return (0..<4).reduce(0) { sum, index in
      switch bytes[start + index] {
      case UInt8(ascii: "e"), UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "i"), UInt8(ascii: "o"): sum + 6
      case UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "n"), UInt8(ascii: "r"): sum + 5
      case UInt8(ascii: "a"), UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "m"), UInt8(ascii: "w"): sum + 4
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: " "), UInt8(ascii: "-"): sum + 3
      case _: sum + 2
      }
    }
  }
}

/// Finds which of many texts a value begins with, or ends with, by the bytes at its edge.
struct EdgeFilter: Sendable {
  enum Edge { case start, end }

  private let edge: Edge
  /// For each number of bytes at the edge the texts of which as many were taken.
  private let tables: Flat<(length: Int, table: ByteTable)>
  private let buckets: Flat<Run>
  private let entries: Flat<SubstringFilter.Entry>

  private static let lengths = [16, 12, 8, 6, 4, 2, 1]

  init(_ texts: [(text: Run, targets: Run)], pool: [UInt8], at edge: Edge) {
    var groups: [Int: [[UInt8]: [SubstringFilter.Entry]]] = [:]
    for (text, targets) in texts {
      let bytes = pool[text.range]
      let length = Self.lengths.first { $0 <= bytes.count } ?? 1
      let key = edge == .start ? bytes.prefix(length) : bytes.suffix(length)
      groups[length, default: [:]][Array(key), default: []].append(
        SubstringFilter.Entry(text: text, offset: 0, targets: targets))
    }
    var tables: [(Int, ByteTable)] = []
    var buckets: [Run] = []
    var entries: [SubstringFilter.Entry] = []
    for length in Self.lengths {
      guard let group = groups[length] else { continue }
      var keys: [(text: [UInt8], value: Int32)] = []
      for (key, list) in group.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        keys.append((key, Int32(buckets.count)))
        buckets.append(Run(appending: list, to: &entries))
      }
      tables.append((length, ByteTable(keys)))
    }
    self.edge = edge
    self.tables = Flat(tables)
    self.buckets = Flat(buckets)
    self.entries = Flat(entries)
  }

  func free() {
    for index in 0..<tables.count { tables[index].table.free() }
    tables.free()
    buckets.free()
    entries.free()
  }

  @inline(__always)
  func scan(_ value: Slice, pool: UnsafePointer<UInt8>, _ isEnough: (Run) -> Bool) {
    for number in 0..<tables.count {
      let (length, table) = tables[number]
      if length > value.length { continue }
      let start = edge == .start ? value.start : value.start + (value.length - length)
      let bucket = table.value(Slice(start, length))
      if bucket < 0 { continue }
      for index in buckets[Int(bucket)].range {
        let entry = entries[index]
        let text = Slice(pool + Int(entry.text.start), Int(entry.text.count))
        switch edge {
        case .start: if ByteTest.starts(value, with: text), isEnough(entry.targets) { return }
        case .end: if ByteTest.ends(value, with: text), isEnough(entry.targets) { return }
        }
      }
    }
  }
}

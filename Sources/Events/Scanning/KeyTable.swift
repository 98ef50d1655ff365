import Glibc

/// A key tree laid out flat for lookups by the bytes of a text.
///
/// It never changes, so threads share it.
final class KeyTable: @unchecked Sendable {
  private struct Node {
    var firstSlot: Int32
    var mask: Int32
    var firstField: Int32
    var fieldCount: Int32
    var hasChildren: Bool
    var mark: TopLevelMarks
  }

  private struct Slot {
    var key: UnsafePointer<UInt8>
    var length: Int32
    /// -1 where the slot is empty.
    var node: Int32
  }

  private let nodes: UnsafeMutableBufferPointer<Node>
  private let slots: UnsafeMutableBufferPointer<Slot>
  private let fields: UnsafeMutableBufferPointer<UInt32>
  private let keys: UnsafeMutableBufferPointer<UInt8>

  var count: Int { nodes.count }

  init(_ tree: KeyTree, marks: [Int: TopLevelMarks]) {
    let sizes = tree.nodes.map { $0.children.isEmpty ? 1 : $0.children.count.roundedUpToPowerOfTwo * 2 }
    nodes = .allocate(capacity: tree.nodes.count)
    slots = .allocate(capacity: sizes.reduce(0, +))
    fields = .allocate(capacity: tree.nodes.reduce(1) { $0 + $1.fields.count })
    // Keys are read in words of eight bytes.
    keys = .allocate(capacity: tree.nodes.reduce(16) { $0 + $1.children.reduce(0) { $0 + $1.key.count + 8 } })
    keys.initialize(repeating: 0)
    fields.initialize(repeating: 0)
    slots.initialize(repeating: Slot(key: UnsafePointer(keys.baseAddress.unsafelyUnwrapped), length: -1, node: -1))
    var (slot, field, key) = (0, 0, 0)
    for (index, node) in tree.nodes.enumerated() {
      nodes.initializeElement(
        at: index,
        to: Node(
          firstSlot: Int32(slot), mask: Int32(sizes[index] - 1), firstField: Int32(field),
          fieldCount: Int32(node.fields.count), hasChildren: !node.children.isEmpty, mark: marks[index] ?? []))
      for number in node.fields {
        fields[field] = number
        field += 1
      }
      for child in node.children {
        let place = keys.baseAddress.unsafelyUnwrapped + key
        for (offset, byte) in child.key.enumerated() { place[offset] = byte }
        key += child.key.count + 8
        var at = Int(truncatingIfNeeded: Self.hash(UnsafePointer(place), child.key.count)) & (sizes[index] - 1)
        while slots[slot + at].node >= 0 { at = (at + 1) & (sizes[index] - 1) }
        slots[slot + at] = Slot(key: UnsafePointer(place), length: Int32(child.key.count), node: Int32(child.node))
      }
      slot += sizes[index]
    }
  }

  deinit {
    nodes.deallocate()
    slots.deallocate()
    fields.deallocate()
    keys.deallocate()
  }

  @inline(__always) func hasChildren(_ node: Int) -> Bool { nodes[node].hasChildren }
  @inline(__always) func mark(_ node: Int) -> TopLevelMarks { nodes[node].mark }

  /// The fields that end at a node.
  @inline(__always) func fields(at node: Int) -> UnsafeBufferPointer<UInt32> {
    let node = nodes[node]
    return UnsafeBufferPointer(
      start: UnsafePointer(fields.baseAddress.unsafelyUnwrapped + Int(node.firstField)), count: Int(node.fieldCount))
  }

  /// The node to which a key leads, -1 where it leads nowhere; eight bytes behind the key must be readable.
  @inline(__always) func child(of node: Int, _ key: UnsafePointer<UInt8>, _ length: Int) -> Int {
    let node = nodes[node]
    guard node.hasChildren else { return -1 }
    var at = Int32(truncatingIfNeeded: Self.hash(key, length)) & node.mask
    while true {
      let slot = slots[Int(node.firstSlot &+ at)]
      if slot.node < 0 { return -1 }
      if Int(slot.length) == length, memcmp(slot.key, key, length) == 0 { return Int(slot.node) }
      at = (at &+ 1) & node.mask
    }
  }

  /// Eight bytes behind the key must be readable.
  @inline(__always) static func hash(_ key: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    let raw = UnsafeRawPointer(key)
    var first = raw.loadUnaligned(as: UInt64.self)
    var last: UInt64 = 0
    if length < 8 {
      first &= (1 << UInt64(length * 8)) &- 1
    } else {
      last = (raw + (length - 8)).loadUnaligned(as: UInt64.self)
    }
    let mixed = (first &+ UInt64(length)) &* 0x9E37_79B9_7F4A_7C15 ^ last &* 0xC2B2_AE3D_27D4_EB4F
    return mixed ^ (mixed >> 32) ^ (mixed >> 47)
  }
}

extension Int {
  /// The least power of two that is no smaller.
  package var roundedUpToPowerOfTwo: Int {
    self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
  }
}

/// Keys at the top of a document that say what it is.
struct TopLevelMarks: OptionSet {
  let rawValue: UInt8
  static let auditID = TopLevelMarks(rawValue: 1)
  static let stageOrVerb = TopLevelMarks(rawValue: 2)
  static let kind = TopLevelMarks(rawValue: 4)
  /// A batch, even where it has the keys of an audit event.
  static let batch = TopLevelMarks(rawValue: 8)
  static let envelope = TopLevelMarks(rawValue: 16)
  /// An envelope where its text is a JSON object.
  static let message = TopLevelMarks(rawValue: 32)

  static let keys: [(key: String, mark: TopLevelMarks)] =
    [("auditID", .auditID), ("stage", .stageOrVerb), ("verb", .stageOrVerb), ("kind", .kind)]
    + ["items", "records", "messageType", "hits"].map { ($0, .batch) }
    + ["message", "@message"].map { ($0, .message) }
    + [
      "kubernetes", "kubernetes.audit", "protoPayload", "properties", "log_s", "AuditId", "_source", "result", "_raw",
      "event", "Event",
    ].map { ($0, .envelope) }

  /// Whether a document with these keys is surely the event itself, with nothing around it.
  var isPlain: Bool {
    if isSuperset(of: [.auditID, .stageOrVerb]) { return !contains(.batch) }
    return isDisjoint(with: [.stageOrVerb, .kind, .batch, .envelope])
  }
}

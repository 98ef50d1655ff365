/// Which fields predicates need, and events have, each as a bit, so that one look tells most predicates that cannot hold.
final class FieldBits: Sendable {
  /// Of each field its bit; fields that few predicates need share bits.
  let ofField: Flat<UInt64>
  /// Of each predicate the bits of all fields that it needs.
  let needed: Flat<UInt64>

  init(_ required: [Set<UInt32>], fieldCount: Int) {
    var counts = [Int](repeating: 0, count: fieldCount)
    for fields in required { for field in fields { counts[Int(field)] += 1 } }
    var bits = [UInt64](repeating: 0, count: fieldCount)
    let order = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
    for (rank, field) in order.enumerated() { bits[field] = 1 << UInt64(rank < 48 ? rank : 48 + rank % 16) }
    ofField = Flat(bits)
    needed = Flat(required.map { fields in fields.reduce(0) { $0 | bits[Int($1)] } })
  }

  deinit {
    ofField.free()
    needed.free()
  }
}

/// Values side by side in memory of their own, read without checks.
///
/// Who makes one frees it; elements are never changed once it is made.
struct Flat<Element>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    base = .allocate(capacity: max(1, elements.count))
    for (index, element) in elements.enumerated() { (base + index).initialize(to: element) }
  }

  @inline(__always) subscript(index: Int) -> Element { base[index] }

  func free() {
    base.deinitialize(count: count)
    base.deallocate()
  }
}

/// A run of places in an array.
struct Run {
  var start: Int32
  var count: Int32

  static let empty = Run(start: 0, count: 0)

  init(start: Int32, count: Int32) {
    self.start = start
    self.count = count
  }

  /// The run that some new elements at the end of an array make.
  init<Element>(appending elements: some Collection<Element>, to array: inout [Element]) {
    self.init(start: Int32(array.count), count: Int32(elements.count))
    array += elements
  }

  var isEmpty: Bool { count == 0 }
  @inline(__always) var range: Range<Int> { Int(start)..<(Int(start) + Int(count)) }
}

/// Bytes at a place in memory.
struct Slice {
  var start: UnsafePointer<UInt8>
  var length: Int

  @inline(__always) init(_ start: UnsafePointer<UInt8>, _ length: Int) {
    self.start = start
    self.length = length
  }

  var string: String { String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self) }
}

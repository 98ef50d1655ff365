import FastMatch
import Glibc

/// Work on many things at once, on all cores; what comes out is in order.
enum Parallel {
  /// - Parameter portion: What a thread takes at a time.
  static func map<Result: Sendable>(_ count: Int, portion: Int = 8, _ work: @escaping @Sendable (Int) -> Result)
    -> [Result]
  {
    let threads = min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), 16, (count + portion - 1) / portion)
    guard threads > 1 else { return (0..<count).map(work) }
    let results = Results<Result>(count, portion: portion)
    // This thread works too, so that all is done even where the system has no more threads.
    let workers = (1..<threads).map { _ in Worker { results.fill(with: work) } }
    results.fill(with: work)
    for worker in workers { worker.join() }
    return results.all
  }

  /// Results, each written by the one thread that took its place.
  private final class Results<Result: Sendable>: @unchecked Sendable {
    private let count: Int
    private let portion: Int
    private let slots: UnsafeMutableBufferPointer<Result?>
    private let monitor = Monitor()
    private var next = 0

    init(_ count: Int, portion: Int) {
      self.count = count
      self.portion = portion
      slots = .allocate(capacity: count)
      slots.initialize(repeating: nil)
    }

    deinit {
      slots.deinitialize()
      slots.deallocate()
    }

    func fill(with work: (Int) -> Result) {
      while let range = take() {
        for index in range { slots[index] = work(index) }
      }
    }

    private func take() -> Range<Int>? {
      monitor.locked {
        guard next < count else { return nil }
        let start = next
        next = min(count, start + portion)
        return start..<next
      }
    }

    /// Every result, once no thread works any more.
    var all: [Result] { slots.compactMap(\.self) }
  }
}

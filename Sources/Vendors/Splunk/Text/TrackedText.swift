import SourceText

/// A text put together from pieces of other texts, each byte of which knows where it comes from.
///
/// What macro expansion works on: definitions, arguments and the rule's own text stand side by side in it.
struct TrackedText: Sendable {
  /// A use of a macro.
  final class Call: Sendable {
    let key: MacroKey
    /// The place of the outermost call in the rule's own text.
    let place: SourceRange
    /// The call whose definition holds this one.
    let parent: Call?

    init(_ key: MacroKey, at place: SourceRange, in parent: Call?) {
      self.key = key
      self.place = place
      self.parent = parent
    }

    /// This call and those around it, innermost first.
    var chain: [Call] { [self] + (parent?.chain ?? []) }
  }

  /// Bytes that come from one place.
  struct Run: Sendable {
    enum Source: Sendable {
      /// Bytes that lie in a passage as they do here.
      case passage(Passage, offset: Int)
      /// Bytes that stand in no text; all of them have this place.
      case place(SourceRange)
    }

    /// The offset of the first byte here.
    var start: Int
    var source: Source
    /// The macro in whose definition the bytes stand; nil in the rule's own text.
    var call: Call?
  }

  private(set) var bytes: [UInt8] = []
  private(set) var runs: [Run] = []

  init() {}

  init(_ passage: Passage, in call: Call? = nil) {
    bytes = passage.bytes
    runs = [Run(start: 0, source: .passage(passage, offset: 0), call: call)]
  }

  /// A text of the program's own, all of it standing at one place.
  init(_ text: String, at place: SourceRange, in call: Call? = nil) {
    bytes = Array(text.utf8)
    runs = [Run(start: 0, source: .place(place), call: call)]
  }

  /// The run that holds a byte; nil in an empty text.
  func run(at offset: Int) -> Run? {
    guard !runs.isEmpty else { return nil }
    var low = 0
    var high = runs.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if runs[middle].start <= offset { low = middle } else { high = middle }
    }
    return runs[low]
  }

  mutating func append(_ other: TrackedText, _ range: Range<Int>) {
    guard !range.isEmpty, var first = other.run(at: range.lowerBound) else { return }
    let shift = bytes.count - range.lowerBound
    first.advance(to: range.lowerBound)
    first.start += shift
    runs.append(first)
    for var run in other.runs where run.start > range.lowerBound && run.start < range.upperBound {
      run.start += shift
      runs.append(run)
    }
    bytes += other.bytes[range]
  }

  mutating func append(_ other: TrackedText) { append(other, 0..<other.bytes.count) }
}

extension TrackedText.Run {
  /// Makes the run start at a later byte of it.
  fileprivate mutating func advance(to offset: Int) {
    if case .passage(let passage, let first) = source { source = .passage(passage, offset: first + offset - start) }
    start = offset
  }
}

extension TrackedText {
  /// Where bytes stand: in the rule or a macro's definition, and the call in the rule that brought them.
  struct Place: Sendable {
    var range: SourceRange
    /// The call in the rule's own text, where the bytes come from a definition.
    var call: Call?
  }

  func place(of range: Range<Int>) -> Place? {
    guard let first = run(at: range.lowerBound), let last = run(at: max(range.lowerBound, range.upperBound - 1))
    else { return nil }
    let start = first.range(at: range.lowerBound)
    let end = last.range(at: max(range.lowerBound, range.upperBound - 1))
    if first.call === last.call, start.file === end.file, start.start <= end.start {
      let whole = range.isEmpty ? SourceRange(file: start.file, start: start.start, end: start.start) : nil
      return Place(range: whole ?? start.extended(to: end), call: first.call)
    }
    // Over the edge of a definition: the place is in the rule itself.
    let outer = (first.call?.place ?? start, last.call?.place ?? end)
    return Place(range: outer.0.file === outer.1.file ? outer.0.extended(to: outer.1) : outer.0, call: nil)
  }
}

extension TrackedText.Run {
  /// The place of one byte.
  fileprivate func range(at offset: Int) -> SourceRange {
    switch source {
    case .place(let place): return place
    case .passage(let passage, let first):
      let local = min(first + offset - start, passage.bytes.count)
      return passage.range(of: local..<min(local + 1, passage.bytes.count))
    }
  }
}

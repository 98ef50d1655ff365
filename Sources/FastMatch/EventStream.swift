package import Events

/// Reads a source on several threads, and gives what comes of it in the source's order.
///
/// Threads take chunks in turn and read them at the same time. Each chunk is read as if nothing were open before it;
/// where the one before left a document open after all, the chunk is read again, so that one thread and many say the
/// same.
package final class EventStream<Output: Sendable>: @unchecked Sendable {
  // Unchecked: all that changes is changed with the monitor's lock held.
  /// What comes of a chunk.
  package struct Batch {
    package var counts: LineCounts
    package var entries: [Entry]
  }

  package enum Entry {
    case output(Output)
    case failure(EventFailure)
  }

  package enum Continuation { case goOn, stop }

  private struct Work {
    var chunk: TextChunk
    var result: LineReader.Result?
    var entries: [Entry]
  }

  private var program: MatchProgram
  /// Lines by which the program is tuned once it is worth it; nil once that has begun.
  private var sample: [[UInt8]]? = []
  private let name: String
  private let limits: EventLimits
  private let expected: ExpectedEnvelope?
  private let render: @Sendable (LineReader.Finding) -> Output
  private let monitor = Monitor()
  private var reader: ChunkReader
  private var taken = 0
  private var given = 0
  private var done: [Int: Work] = [:]
  /// Chunks whose memory may be used again.
  private var spare: [TextChunk] = []
  private var stretch: LineReader.Stretch?
  /// Whether chunks are surely read again, so that reading them ahead is of no use.
  private var isBroken = false
  private var isStopped = false
  private var unreadableInARow = 0
  private var hasDocument = false
  /// The chunk from which on a source is taken to be long.
  private static var tuningStart: Int { 6 }
  /// How many chunks may be read ahead of the one that is given next.
  private let ahead: Int

  /// - Parameters:
  ///   - expected: The envelope that every event is in; nil to recognise it.
  ///   - render: Makes of an event with an answer what is given; called on any thread.
  package init(
    _ program: MatchProgram, _ source: any ByteSource, name: String, limits: EventLimits = EventLimits(),
    expecting expected: ExpectedEnvelope? = nil, threads: Int,
    render: @escaping @Sendable (LineReader.Finding) -> Output
  ) {
    self.program = program
    self.name = name
    self.limits = limits
    self.expected = expected
    self.render = render
    ahead = threads * 2
    reader = ChunkReader(source, limits: limits)
  }

  /// Reads the source to its end, or until it is told to stop.
  ///
  /// - Parameter give: Takes what comes of each chunk, in order, never twice at a time, on any of the threads.
  package func run(threads: Int, _ give: @escaping (Batch) -> Continuation) {
    // The closure is called with the lock held, by one thread at a time.
    nonisolated(unsafe) let give = give
    let others = (1..<max(1, threads)).map { _ in Worker { self.work(give) } }
    work(give)
    for other in others { other.join() }
    finish(give)
  }

  private func work(_ give: (Batch) -> Continuation) {
    var lines = LineReader(monitor.locked { program }, name: name, expecting: expected)
    while let (chunk, isAhead) = take() {
      tune(chunk)
      let latest = monitor.locked { program }
      if latest !== lines.program { lines = LineReader(latest, name: name, expecting: expected) }
      var work = Work(chunk: chunk, result: nil, entries: [])
      if isAhead { read(&work, lines, after: nil) }
      monitor.locked {
        done[chunk.index] = work
        hand(lines, give)
        monitor.wakeAll()
      }
    }
  }

  /// Takes lines of the first chunk for a sample; in a long source one thread tunes the program to them.
  private func tune(_ chunk: TextChunk) {
    let current = monitor.locked { program }
    guard current.isWorthTuning else { return }
    if chunk.index == 0 {
      let sample = chunk.sample
      monitor.locked { self.sample = sample }
    }
    guard chunk.index >= Self.tuningStart,
      let sample = monitor.locked({
        defer { self.sample = nil }
        return self.sample
      })
    else { return }
    let tuned = current.tuned(to: sample)
    monitor.locked { program = tuned }
  }

  private func take() -> (TextChunk, isAhead: Bool)? {
    monitor.locked {
      while taken - given >= ahead, !isStopped { monitor.wait() }
      guard !isStopped, let chunk = reader.next(reusing: spare.popLast()) else { return nil }
      taken += 1
      return (chunk, !isBroken)
    }
  }

  private func read(_ work: inout Work, _ lines: LineReader, after stretch: LineReader.Stretch?) {
    var entries: [Entry] = []
    let result = lines.read(work.chunk, after: stretch) { entries.append(.output(render($0))) }
    work.result = result
    work.entries = entries
  }

  /// Gives all chunks that are next.
  private func hand(_ lines: LineReader, _ give: (Batch) -> Continuation) {
    while !isStopped, var work = done.removeValue(forKey: given) {
      if work.result == nil || stretch != nil { read(&work, lines, after: stretch) }
      guard let result = work.result else { return }
      stretch = result.stretch
      isBroken = stretch != nil
      given += 1
      pass(result, work.entries, give)
      spare.append(work.chunk)
    }
  }

  /// What lines gave, failures in their place among the outputs.
  static func batch(_ result: LineReader.Result, _ outputs: [Output]) -> Batch {
    var entries: [Entry] = []
    var at = 0
    for failure in result.failures {
      entries += outputs[at..<max(at, min(failure.position, outputs.count))].map(Entry.output)
      at = max(at, min(failure.position, outputs.count))
      entries.append(.failure(failure.failure))
    }
    return Batch(counts: result.counts, entries: entries + outputs[at...].map(Entry.output))
  }

  private func pass(_ result: LineReader.Result, _ outputs: [Entry], _ give: (Batch) -> Continuation) {
    var entries: [Entry] = []
    var at = 0
    for failure in result.failures {
      entries += outputs[at..<max(at, min(failure.position, outputs.count))]
      at = max(at, min(failure.position, outputs.count))
      entries.append(.failure(failure.failure))
      if let final = judge(failure) {
        entries.append(.failure(final))
        isStopped = true
        _ = give(Batch(counts: result.counts, entries: entries))
        return
      }
    }
    entries += outputs[at...]
    if result.counts.events > 0 { hasDocument = true }
    if give(Batch(counts: result.counts, entries: entries)) == .stop { isStopped = true }
  }

  /// Gives the source up where it holds no events at all.
  private func judge(_ failure: LineReader.Failure) -> EventFailure? {
    if failure.isBehindDocument { hasDocument = true }
    unreadableInARow += 1
    guard !hasDocument, unreadableInARow >= limits.unreadableStart else { return nil }
    return .notEvents(after: unreadableInARow, at: failure.failure.place)
  }

  private func finish(_ give: (Batch) -> Continuation) {
    guard !isStopped else { return }
    let lines = LineReader(program, name: name, expecting: expected)
    if let open = stretch {
      var entries: [Entry] = []
      let result = lines.end(open) { entries.append(.output(render($0))) }
      pass(result, entries, give)
    }
    guard let broken = reader.interruption else { return }
    let place = EventPlace(source: name, line: reader.end.line, offset: reader.end.offset)
    var counts = LineCounts()
    counts.unreadable = 1
    _ = give(
      Batch(counts: counts, entries: [.failure(EventFailure(broken.code, broken.reason, at: place, isFinal: true))]))
  }
}

extension TextChunk {
  /// Its first thousand lines, each with bytes behind it that may be read.
  var sample: [[UInt8]] {
    UnsafeBufferPointer(start: bytes, count: count).split(separator: 10, maxSplits: 1_000).prefix(1_000).map {
      Array($0) + [UInt8](repeating: 0, count: Self.padding)
    }
  }
}

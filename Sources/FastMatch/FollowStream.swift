package import Events

/// Reads a log that grows, and gives what comes of it as it comes.
package final class FollowStream<Output: Sendable> {
  package typealias Batch = EventStream<Output>.Batch

  package enum Step {
    case batch(Batch)
    /// Something that may have cost events, as a sentence without its end.
    case loss(String)
    /// There is nothing more for now.
    case quiet
  }

  private let log: FollowedLog
  private var program: MatchProgram
  private var lines: LineReader
  private let expected: ExpectedEnvelope?
  private var isTuned = false
  private var stretch: LineReader.Stretch?
  private let render: (LineReader.Finding) -> Output

  package init(
    _ program: MatchProgram, _ log: FollowedLog, expecting expected: ExpectedEnvelope? = nil,
    render: @escaping (LineReader.Finding) -> Output
  ) {
    self.expected = expected
    self.program = program
    self.log = log
    self.render = render
    lines = LineReader(program, name: log.path, expecting: expected)
  }

  /// The log, by its path.
  package var path: String { log.path }

  /// Where a later run goes on; nil while a document is open that began in an earlier line.
  package var position: LogPosition? { stretch == nil ? log.position : nil }

  package func next() -> Step {
    switch log.next() {
    case .quiet: return .quiet
    case .loss(let reason): return .loss(reason)
    case .text(let chunk): return .batch(read(chunk))
    case .end(let chunk):
      var batch = chunk.map { read($0) } ?? Batch(counts: LineCounts(), entries: [])
      // Nothing goes on from one file into the next.
      if let open = stretch {
        var outputs: [Output] = []
        let result = lines.end(open) { outputs.append(render($0)) }
        stretch = nil
        let last = EventStream<Output>.batch(result, outputs)
        batch.counts += last.counts
        batch.entries += last.entries
      }
      return .batch(batch)
    }
  }

  private func read(_ chunk: TextChunk) -> Batch {
    tune(chunk)
    var outputs: [Output] = []
    let result = lines.read(chunk, after: stretch) { outputs.append(render($0)) }
    stretch = result.stretch
    return EventStream<Output>.batch(result, outputs)
  }

  /// Fits the program to the log once there is enough of it.
  private func tune(_ chunk: TextChunk) {
    guard !isTuned, program.isWorthTuning, chunk.lineCount >= 500 else { return }
    isTuned = true
    program = program.tuned(to: chunk.sample)
    lines = LineReader(program, name: log.path, expecting: expected)
  }
}

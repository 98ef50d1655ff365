import Events
import FastMatch
import Glibc
import SourceText

/// Reads logs from where the last run stopped, to their end or on and on, and keeps the state at good moments.
struct LogReading {
  let run: MatchRun
  let output: HitOutput
  let state: StateFile?
  let letters: DeadLetters
  let common: CommonOptions
  private var streams: [FollowStream<MatchRun.Rendered>] = []
  private var lastKept = 0
  /// How many stretches of the logs were read since the state was kept.
  private var unkept = 0
  /// Whether the state says at all which files the logs were.
  private var isBegun = false
  private(set) var losses = 0

  /// The state is kept when so many stretches, of a mebibyte at the most, were read since the last time, or so many
  /// milliseconds passed.
  private static let stretches = 64
  private static let pause = 1_000

  init(
    _ paths: [String], _ run: MatchRun, _ output: HitOutput, _ state: StateFile?, _ letters: DeadLetters,
    _ common: CommonOptions, expecting expected: ExpectedEnvelope?
  ) throws {
    self.run = run
    self.output = output
    self.state = state
    self.letters = letters
    self.common = common
    streams = try paths.map { run.follow(FollowedLog($0, from: try state?.position(in: $0)), expecting: expected) }
  }

  /// - Parameter endless: Whether to wait for more at the end of the logs, until the program is told to stop.
  mutating func read(endless: Bool) throws {
    lastKept = Self.now
    while !Interruption.isWanted {
      var isQuiet = true
      for stream in streams {
        switch stream.next() {
        case .quiet: continue
        case .loss(let reason):
          losses += 1
          common.report([Diagnostic(.truncatedInput, reason, severity: .warning)])
        case .batch(let batch):
          unkept += 1
          run.take(batch) { letters.add($0) }
        }
        isQuiet = false
      }
      if isQuiet, !endless { break }
      if !isBegun || Self.now - lastKept > Self.pause || unkept >= Self.stretches { try keep() }
      if isQuiet {
        output.flush()
        usleep(50_000)
      }
    }
    try keep()
  }

  private mutating func keep() throws {
    lastKept = Self.now
    guard unkept > 0 || !isBegun else { return output.flush() }
    var positions: [(String, LogPosition)] = []
    for stream in streams {
      // Where a document is not whole yet, this is no good moment; what came since the last one is read again.
      guard let position = stream.position else { return output.flush() }
      positions.append((stream.path, position))
    }
    try keep(positions)
    unkept = 0
    isBegun = true
  }

  /// Keeps all that rules remember, with how far logs were read.
  func keep(_ positions: [(String, LogPosition)]) throws {
    guard let state else { return output.flush() }
    var changes = StateFile.Changes()
    changes.positions = positions
    changes.memories = run.changedMemories()
    changes.outputs = [output.settle(), letters.settle()].compactMap(\.self)
    changes.seen = run.changedSeen()
    try state.keep(changes)
  }

  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
  }
}

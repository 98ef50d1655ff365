import Glibc

/// How the program ends.
enum ExitStatus: Int32, Comparable {
  case done = 0
  /// Done, with something to report at the level asked for.
  case findings = 1
  /// Done for the rest, but some input could not be read.
  case unreadable = 2
  /// Nothing done.
  case nothingDone = 3
  /// A fault of the program itself.
  case fault = 70

  static func < (lhs: ExitStatus, rhs: ExitStatus) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Ends a command early.
struct Stop: Error {
  var code: ExitStatus
  var message: String?

  init(_ code: ExitStatus, _ message: String? = nil) {
    self.code = code
    self.message = message
  }
}

/// Ends the program with everything written.
func exitNow(_ status: ExitStatus) -> Never { exitNow(code: status.rawValue) }

/// The same with a code that says which signal the program was told to stop by.
func exitNow(code: Int32) -> Never {
  Console.output.flush()
  Console.error.flush()
  exit(code)
}

/// A reader that has gone away (`| head`) ends the program quietly: writing then fails, and the program stops with 0.
func ignoreBrokenPipes() {
  signal(SIGPIPE, SIG_IGN)
}

import Glibc

/// Being told to stop, from outside.
enum Interruption {
  nonisolated(unsafe) private static var received: sig_atomic_t = 0

  /// Makes the program end at the next good moment when it is told to stop, instead of at once.
  static func heed() {
    var numbers = sigset_t()
    sigemptyset(&numbers)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { Interruption.received = sig_atomic_t($0) }
      sigaddset(&numbers, number)
    }
    // Who started the program may have left them blocked.
    pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
  }

  static var isWanted: Bool { received != 0 }

  /// The exit code that says so.
  static var status: Int32 { 128 + Int32(received) }
}

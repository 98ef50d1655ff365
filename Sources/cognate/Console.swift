import Glibc
import SourceText

/// Where the program writes: data to one stream, all else to the other.
final class Console {
  nonisolated(unsafe) static let output = Console(descriptor: 1)
  nonisolated(unsafe) static let error = Console(descriptor: 2)

  private let descriptor: Int32
  private var pending: [UInt8] = []

  private init(descriptor: Int32) { self.descriptor = descriptor }

  func line(_ text: String) {
    write(text.hasSuffix("\n") ? text : text + "\n")
  }

  func write(_ text: String) { write(text.utf8) }

  func write(_ bytes: some Collection<UInt8>) {
    pending += bytes
    if pending.count > 1 << 16 { flush() }
  }

  func flush() {
    var start = 0
    while start < pending.count {
      let written = pending.withUnsafeBytes { bytes in
        bytes.baseAddress.map { Glibc.write(descriptor, $0 + start, pending.count - start) } ?? 0
      }
      if written < 0 {
        if errno == EINTR { continue }
        // The reader has gone: nobody is left to be told.
        if errno == EPIPE { exit(0) }
        tell(errno)
        exit(ExitStatus.nothingDone.rawValue)
      }
      start += written
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Says that the data could not be written, behind what there was to say of it; where it is the messages that cannot
  /// be written, nothing can be said.
  private func tell(_ fault: Int32) {
    guard descriptor == 1 else { return }
    Console.error.line("error: standard output cannot be written: \(String(cString: strerror(fault)))")
    Console.error.flush()
  }

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Whether colour is wanted: asked for, or a terminal and not forbidden by `NO_COLOR`.
  func style(_ choice: ColourChoice) -> DiagnosticRenderer.Style {
    switch choice {
    case .always: .coloured
    case .never: .plain
    case .auto:
      if getenv("NO_COLOR") != nil {
        .plain
      } else if getenv("FORCE_COLOR") != nil || isTerminal {
        .coloured
      } else {
        .plain
      }
    }
  }
}

/// When to colour.
enum ColourChoice: String, CaseIterable {
  case auto, always, never
}

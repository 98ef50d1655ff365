import Glibc
import SourceText

/// Asks git about the files of a folder; it never writes.
struct Git {
  /// The folder in which git is asked, and to which names are relative.
  let folder: String

  /// - Throws: What git says where it fails.
  func run(_ arguments: String...) throws -> [UInt8] {
    let outcome = try Self.spawn(["git", "-C", folder.isEmpty ? "." : folder] + arguments)
    guard outcome.status == 0 else {
      let words =
        String(decoding: outcome.errors, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? "it failed"
      throw Stop(.nothingDone, "git: \(visible(String(words)))")
    }
    return outcome.output
  }

  /// Names that git gives with a zero byte behind each.
  func names(_ arguments: [String]) throws -> [String] {
    let outcome = try Self.spawn(["git", "-C", folder.isEmpty ? "." : folder] + arguments)
    guard outcome.status == 0 else { throw Stop(.nothingDone, "'\(visible(folder))' is in no git repository") }
    return outcome.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The hash of a commit by any of its names.
  func commit(_ name: String) throws -> String {
    // A name that starts with a dash would be an option.
    guard !name.hasPrefix("-"), !name.isEmpty else { throw Stop(.nothingDone, "'\(visible(name))' is no revision") }
    let outcome = try Self.spawn(
      ["git", "-C", folder.isEmpty ? "." : folder, "rev-parse", "--verify", "--quiet", name + "^{commit}"])
    guard outcome.status == 0 else {
      throw Stop(.nothingDone, "'\(visible(name))' is no revision of a git repository at '\(visible(folder))'")
    }
    return String(decoding: outcome.output, as: UTF8.self).filter { !$0.isWhitespace }
  }

  /// The bytes of a file as it was; nil where it was not there.
  func contents(of name: String, at commit: String) throws -> [UInt8]? {
    let outcome = try Self.spawn(
      ["git", "-C", folder.isEmpty ? "." : folder, "cat-file", "blob", "\(commit):./\(name)"])
    return outcome.status == 0 ? outcome.output : nil
  }

  // MARK: - The process

  private struct Outcome {
    var status: Int32
    var output: [UInt8]
    var errors: [UInt8]
  }

  private static func spawn(_ arguments: [String]) throws -> Outcome {
    var (out, err) = ([Int32](repeating: 0, count: 2), [Int32](repeating: 0, count: 2))
    guard pipe(&out) == 0 else { throw failure }
    guard pipe(&err) == 0 else { throw failure }
    defer {
      close(out[0])
      close(err[0])
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, out[1], 1)
    posix_spawn_file_actions_adddup2(&actions, err[1], 2)
    for descriptor in out + err { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var process = pid_t()
    let status = posix_spawnp(&process, "git", &actions, nil, &pointers, environ)
    close(out[1])
    close(err[1])
    guard status == 0 else { throw Stop(.nothingDone, "git cannot be run: \(String(cString: strerror(status)))") }
    // What git says of a failure is short, and waits in its pipe.
    let output = drain(out[0])
    let errors = drain(err[0])
    var code: Int32 = 0
    while waitpid(process, &code, 0) < 0, errno == EINTR {}
    return Outcome(status: code & 0x7F == 0 ? code >> 8 & 0xFF : 128, output: output, errors: errors)
  }

  private static var failure: Stop { Stop(.nothingDone, "git cannot be run: \(String(cString: strerror(errno)))") }

  private static func drain(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}

import Glibc
import SourceText

/// Files named on the command line.
enum InputFiles {
  /// The largest rule file, in bytes.
  static let ruleFileLimit = 1 << 20

  /// The files that paths name: a file, a folder (walked in the order of names), a glob, or `@FILE` with a path a line.
  ///
  /// - Throws: A path that is not there, which is a mistake of the command line.
  static func expand(_ paths: [String]) throws -> [String] {
    var files: [String] = []
    for path in paths {
      if path == "-" {
        files.append(path)
      } else if path.hasPrefix("@") {
        let list = try contents(of: String(path.dropFirst()))
        let lines = String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        files += try expand(lines.filter { !$0.isEmpty })
      } else if kind(of: path) == .folder {
        files += walk(path)
      } else if kind(of: path) != .absent {
        files.append(path)
      } else {
        let matches = globbed(path)
        guard !matches.isEmpty else { throw Stop(.nothingDone, "there is no file or folder '\(visible(path))'") }
        // A link that leads nowhere, or round to itself, is found by its own name: reading it tells what is wrong.
        files += try matches.flatMap { kind(of: $0) == .absent ? [$0] : try expand([$0]) }
      }
    }
    return files
  }

  /// The logs that paths name; one that is to be followed need not be there yet.
  static func logs(_ paths: [String]) throws -> [String] {
    try paths.flatMap { path in
      let isName = !path.contains { "*?[".contains($0) } && !path.hasPrefix("@")
      return isName && kind(of: path) == .absent ? [path] : try expand([path])
    }
  }

  /// Whether a path is a file in plain text, to which more lines may come.
  static func isGrowing(_ path: String) -> Bool {
    guard path != "-", kind(of: path) == .file else { return false }
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var head = [UInt8](repeating: 0, count: 4)
    let count = Glibc.read(descriptor, &head, 4)
    let isGzip = count >= 2 && head.starts(with: [0x1F, 0x8B])
    return !isGzip && !(count == 4 && head == [0x28, 0xB5, 0x2F, 0xFD])
  }

  enum Kind { case file, folder, other, absent }

  static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .absent }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case _: return .other
    }
  }

  /// Every regular file below a folder; names that start with a dot are left out, links to folders are not followed.
  private static func walk(_ folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.flatMap { name -> [String] in
      var status = stat()
      guard lstat(base + name, &status) == 0 else { return [] }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: return walk(base + name)
      case S_IFREG: return [base + name]
      case S_IFLNK: return kind(of: base + name) == .file ? [base + name] : []
      case _: return []
      }
    }
  }

  private static func globbed(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
  }

  /// The whole of a file; standard input for `-`.
  ///
  /// - Throws: The reason why it cannot be read. A pipe or a device is refused, so that reading never waits.
  static func contents(of path: String, limit: Int = .max) throws(Diagnostic) -> [UInt8] {
    if path == "-" { return read(0, limit: limit) }
    let place = SourceFile(name: path, bytes: []).wholeRange
    switch kind(of: path) {
    case .file: break
    case .folder: throw Diagnostic(.unreadableFile, "'\(path)' is a folder", at: place)
    case .other: throw Diagnostic(.unreadableFile, "'\(path)' is no regular file", at: place)
    case .absent: throw Diagnostic(.unreadableFile, "'\(path)' is not there", at: place)
    }
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw Diagnostic(.unreadableFile, "'\(path)' cannot be opened: \(String(cString: strerror(errno)))", at: place)
    }
    defer { close(descriptor) }
    var status = stat()
    fstat(descriptor, &status)
    if Int(status.st_size) > limit {
      throw Diagnostic(.fileTooLarge, "'\(path)' is larger than \(limit) bytes", at: place)
    }
    return read(descriptor, limit: limit, expecting: Int(status.st_size))
  }

  /// - Parameter size: How many bytes there most likely are.
  private static func read(_ descriptor: Int32, limit: Int, expecting size: Int = 1 << 16) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      // One byte more than there are tells the end without another piece.
      let piece = [UInt8](unsafeUninitializedCapacity: bytes.isEmpty ? size + 1 : 1 << 16) { buffer, count in
        repeat { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
        count = max(0, count)
      }
      if piece.isEmpty { break }
      bytes = bytes.isEmpty ? piece : bytes + piece
      if bytes.count == size { break }
    }
    return bytes
  }

  /// A text file as the readers take it.
  static func source(_ path: String) throws(Diagnostic) -> SourceFile {
    SourceFile(name: path == "-" ? "<stdin>" : path, bytes: try contents(of: path, limit: ruleFileLimit))
  }
}

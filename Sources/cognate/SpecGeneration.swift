import Glibc
import SourceText
import Translation

/// Writes a spec of generated cases for each rule file.
struct SpecGeneration {
  /// A folder, or `-` for standard output.
  let target: String
  private(set) var specCount = 0
  private(set) var caseCount = 0
  private(set) var gaps: [String] = []
  private var names: Set<String> = []

  init(_ rules: [LoadedRule], into target: String, by translator: Translator) throws {
    self.target = target
    var files: [String] = []
    var byFile: [String: [LoadedRule]] = [:]
    for rule in rules where rule.neutral != nil {
      if byFile[rule.path] == nil { files.append(rule.path) }
      byFile[rule.path, default: []].append(rule)
    }
    for file in files {
      let way = target == "-" ? file : FilePath.way(from: target, to: file)
      let spec = GeneratedSpec(byFile[file, default: []], at: way, by: translator)
      gaps += spec.gaps
      guard let text = spec.text else { continue }
      specCount += 1
      caseCount += spec.caseCount
      try OutputFiles.write(text, to: target == "-" ? "-" : "\(target)/\(freshName(for: file))")
    }
  }

  private mutating func freshName(for file: String) -> String {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    let stem = OutputFiles.safeName(last.split(separator: ".").first.map(String.init) ?? last)
    var name = stem
    var number = 1
    while !names.insert(name).inserted {
      number += 1
      name = "\(stem)-\(number)"
    }
    return name + ".generated.test.yml"
  }
}

/// Paths as texts.
enum FilePath {
  /// The way from a folder to a file, by `..` where they part.
  static func way(from folder: String, to file: String) -> String {
    let (start, end) = (steps(of: folder), steps(of: file))
    let common = zip(start, end).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: start.count - common) + end[common...]).joined(separator: "/")
  }

  /// The steps of a path from the root, those of the working folder before a relative one.
  private static func steps(of path: String) -> [String] {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    var whole = path
    if !path.hasPrefix("/"), let current = getcwd(&buffer, buffer.count) {
      whole = String(cString: current) + "/" + path
    }
    return whole.split(separator: "/").map(String.init).reduce(into: []) { steps, step in
      if step == ".." { _ = steps.popLast() } else if step != "." { steps.append(step) }
    }
  }
}

import RuleIR

extension FieldPath {
  /// A flat name as importers build it: one key for each run between `{}` or `[*]`; nil where it is empty.
  init?(flat name: String) {
    var steps: [FieldPath.Step] = []
    var rest = name.unicodeScalars[...]
    var key = String.UnicodeScalarView()
    func closeKey() {
      if !key.isEmpty { steps.append(.key(String(key))) }
      key = String.UnicodeScalarView()
    }
    while let scalar = rest.first {
      let isMark = rest.starts(with: "{}".unicodeScalars) || rest.starts(with: "[*]".unicodeScalars)
      if isMark {
        closeKey()
        steps.append(.each)
        rest = rest.dropFirst(scalar == "{" ? 2 : 3)
        if rest.first == "." { rest = rest.dropFirst() }
      } else {
        key.append(scalar)
        rest = rest.dropFirst()
      }
    }
    closeKey()
    guard let first = steps.first, first != .each else { return nil }
    self.init(steps)
  }

  /// The rest of the path behind another, or nil where it does not lead through it.
  ///
  /// A dotted key counts as the keys that its dots part, and `[*]` as nothing.
  func removing(prefix: FieldPath) -> FieldPath? {
    var mine = steps[...]
    var theirs = prefix.steps[...]
    while let wanted = theirs.first {
      if wanted == .each {
        theirs.removeFirst()
        continue
      }
      guard let step = mine.first else { return nil }
      mine.removeFirst()
      if step == wanted {
        theirs.removeFirst()
      } else if case .key(let key) = step, case .key(let other) = wanted {
        if let rest = key.behind(other) {
          mine = [.key(rest)] + mine
          theirs.removeFirst()
        } else if let rest = other.behind(key) {
          theirs = [.key(rest)] + theirs.dropFirst()
        } else {
          return nil
        }
      } else if step != .each {
        return nil
      }
    }
    return FieldPath(Array(mine.drop { $0 == .each }))
  }

  /// The path without its `[*]`.
  var withoutEach: FieldPath { FieldPath(steps.filter { $0 != .each }) }
}

extension String {
  /// What stands behind a first part and a dot.
  func behind(_ part: String) -> String? {
    guard utf8.count > part.utf8.count + 1, utf8.starts(with: part.utf8) else { return nil }
    let rest = utf8.dropFirst(part.utf8.count)
    guard rest.first == UInt8(ascii: ".") else { return nil }
    return String(rest.dropFirst())
  }
}

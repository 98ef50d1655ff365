import Events
import Matcher
import RuleIR

/// What the tests say of the last event.
extension MatchSession {
  func holds(_ number: Int) -> Verdict {
    let node = tests.nodes[number]
    switch node.kind {
    case .leaf: return holds(leaf: Int(node.operand))
    case .not: return holds(Int(node.operand)).opposite
    case .all:
      var verdict = Verdict.isTrue
      for at in node.children.range {
        switch holds(Int(tests.children[at])) {
        case .isFalse: return .isFalse
        case .isTrue: break
        case .failed: verdict = .failed
        }
      }
      return verdict
    case .any:
      var verdict = Verdict.isFalse
      for at in node.children.range {
        switch holds(Int(tests.children[at])) {
        case .isTrue: return .isTrue
        case .isFalse: break
        case .failed: verdict = .failed
        }
      }
      return verdict
    }
  }

  func holds(leaf number: Int) -> Verdict {
    if leafStamps[number] == epoch { return leafVerdicts[number] }
    let verdict = ask(tests.leaves[number])
    leafStamps[number] = epoch
    leafVerdicts[number] = verdict
    return verdict
  }

  func ask(_ leaf: Leaf) -> Verdict {
    if leaf.kind == .tree { return interpret(Int(leaf.aid)) }
    let verdict = look(leaf)
    guard leaf.confirmer >= 0, verdict != .isFalse, scanner.mayRepeat else { return verdict }
    // A value under a key that comes twice may have been met too: the interpreter has the last word.
    return interpret(Int(leaf.confirmer))
  }

  func look(_ leaf: Leaf) -> Verdict {
    var value = memory.pointee.first(of: leaf.field)
    if leaf.kind == .key { return Verdict(value >= 0) }
    if leaf.kind == .present { return Verdict(memory.pointee.presentCount(of: leaf.field, upTo: 1) == 1) }
    if leaf.kind == .single {
      switch memory.pointee.presentCount(of: leaf.field, upTo: 2) {
      case 0: return .isFalse
      case 1: return .isTrue
      case _: return interpret(Int(leaf.aid))
      }
    }
    var verdict = Verdict.isFalse
    while value >= 0 {
      switch passes(leaf, value) {
      case .none: break
      case .some(.failed): verdict = .failed
      case .some(let passes): if (passes == .isTrue) != leaf.wantsFailure { return .isTrue }
      }
      value = memory.pointee.next(value)
    }
    return verdict
  }

  func interpret(_ number: Int) -> Verdict {
    do throws(EvaluationFailure) {
      return Verdict(try tests.trees.base[number].matches(value))
    } catch {
      return .failed
    }
  }

  /// Whether a value passes; nil where what is looked at has no value.
  @inline(__always) func passes(_ leaf: Leaf, _ value: Int) -> Verdict? {
    switch memory.pointee.values[value].kind {
    case .null, .list, .emptyObject: return nil
    case .object: return leaf.takesSpelling ? nil : .isFalse
    case .string: return passes(leaf, text: value)
    case .number:
      if leaf.takesSpelling { return passes(leaf, text: value) }
      switch leaf.kind {
      case .literals: return Verdict(tests.sets.base[Int(leaf.aid)].contains(number: memory.pointee.raw(value)))
      case .value: return Verdict(tests.conditions.base[Int(leaf.aid)].passes(number: memory.pointee.raw(value)))
      case .key, .present, .single, .equals, .starts, .ends, .contains, .anything, .glob, .texts, .regex, .tree:
        return .isFalse
      }
    case .isTrue, .isFalse:
      if leaf.takesSpelling { return passes(leaf, text: value) }
      let flag = memory.pointee.values[value].kind == .isTrue
      switch leaf.kind {
      case .literals:
        let set = tests.sets[Int(leaf.aid)]
        return Verdict(flag ? set.containsTrue() : set.containsFalse())
      case .value: return Verdict(tests.conditions.base[Int(leaf.aid)].passes(flag))
      case .key, .present, .single, .equals, .starts, .ends, .contains, .anything, .glob, .texts, .regex, .tree:
        return .isFalse
      }
    }
  }

  func passes(_ leaf: Leaf, text value: Int) -> Verdict {
    let literal = Slice(UnsafePointer(tests.pool.base + Int(leaf.literal.start)), Int(leaf.literal.count))
    let isText = leaf.isFolded ? memory.pointee.folded(value) : memory.pointee.raw(value)
    switch leaf.kind {
    case .equals: return Verdict(ByteTest.equals(isText, literal))
    case .starts: return Verdict(ByteTest.starts(isText, with: literal))
    case .ends: return Verdict(ByteTest.ends(isText, with: literal))
    case .contains: return Verdict(ByteTest.contains(isText, literal))
    case .anything: return .isTrue
    case .glob: return Verdict(tests.globs.base[Int(leaf.aid)].matches(isText))
    case .literals:
      return Verdict(
        tests.sets.base[Int(leaf.aid)].contains(text: memory.pointee.raw(value)) { memory.pointee.folded(value) })
    case .texts: return Verdict(textSet(Int(leaf.aid)).pointee.matches(isText))
    case .regex:
      let raw = memory.pointee.raw(value)
      let text = UnsafeBufferPointer(start: raw.start, count: raw.length)
      return tests.regexes.base[Int(leaf.aid)].matches(text).map { Verdict($0) } ?? .failed
    case .value: return Verdict(tests.conditions.base[Int(leaf.aid)].passes(text: memory.pointee.raw(value)))
    case .key, .present, .single, .tree: return .isFalse
    }
  }
}

/// What is said of an event.
enum Verdict: UInt8 {
  case isFalse, isTrue, failed

  @inline(__always) init(_ flag: Bool) { self = flag ? .isTrue : .isFalse }

  var opposite: Verdict {
    switch self {
    case .isFalse: .isTrue
    case .isTrue: .isFalse
    case .failed: .failed
    }
  }
}

package import Events
import Glibc
package import Matcher
package import RuleIR

/// Asks a program's predicates of one event after another; a thread has its own.
package final class MatchSession {
  /// What a predicate says of an event: true, or nothing that can be relied on.
  package struct Answer: Sendable {
    /// The predicate's number in the program.
    package var predicate: Int
    /// Why there is no verdict; nil where the predicate is true.
    package var failure: EvaluationFailure?
  }

  package let program: MatchProgram
  private let scanner: FieldScanner
  private let parser = EventParser()
  private let memory: UnsafeMutablePointer<EventMemory>
  /// For each leaf and predicate the event for which it was last asked.
  private let leafStamps: UnsafeMutablePointer<UInt32>
  private let leafVerdicts: UnsafeMutablePointer<Verdict>
  private let targetStamps: UnsafeMutablePointer<UInt32>
  private var epoch: UInt32 = 0
  private let candidates: UnsafeMutablePointer<Int32>
  private var candidateCount = 0
  /// The event as a tree, once a test has asked for it.
  private var tree: EventValue?
  private var text: Slice
  /// Whether the values of the last event are at hand.
  private var isScanned = false

  package init(_ program: MatchProgram) {
    self.program = program
    scanner = FieldScanner(program.layout)
    memory = .allocate(capacity: 1)
    memory.initialize(to: EventMemory(fieldCount: program.layout.fieldCount + 1))
    leafStamps = .allocate(capacity: program.leaves.count + 1)
    leafStamps.initialize(repeating: 0, count: program.leaves.count + 1)
    leafVerdicts = .allocate(capacity: program.leaves.count + 1)
    leafVerdicts.initialize(repeating: .isFalse, count: program.leaves.count + 1)
    targetStamps = .allocate(capacity: program.roots.count + 1)
    targetStamps.initialize(repeating: 0, count: program.roots.count + 1)
    candidates = .allocate(capacity: program.roots.count + 1)
    text = Slice(UnsafePointer(candidates).withMemoryRebound(to: UInt8.self, capacity: 1) { $0 }, 0)
  }

  deinit {
    memory.pointee.free()
    memory.deallocate()
    leafStamps.deallocate()
    leafVerdicts.deallocate()
    targetStamps.deallocate()
    candidates.deallocate()
  }

  /// The predicates that are true of an event, or failed on it, in their order; nil where the text is left to
  /// `EventReader`.
  ///
  /// At least 16 bytes behind the text must be readable, and the first of them must be no bracket and no quote.
  package func match(
    _ bytes: UnsafePointer<UInt8>, length: Int, _ wrapping: FieldScanner.Wrapping = .unknown
  ) -> [Answer]? {
    guard scanner.scan(bytes, length: length, wrapping) else { return nil }
    tree = nil
    text = Slice(bytes, length)
    return answers()
  }

  /// The predicates that are true of an event that is a tree already.
  package func match(_ value: EventValue) -> [Answer] {
    var json = Array(value.json.utf8)
    let length = json.count
    json += [UInt8](repeating: 0, count: 64)
    let answers = json.withUnsafeBufferPointer { bytes -> [Answer]? in
      guard let base = bytes.baseAddress, scanner.scan(base, length: length, .none) else { return nil }
      tree = value
      text = Slice(base, length)
      return self.answers()
    }
    return answers ?? slowly(value)
  }

  /// What is shown of the last event: a scalar as it is spelled, or nothing.
  package func spelling(ofShown number: Int) -> String {
    guard isScanned else { return value.spelling(at: program.shown[number].keys[...]) }
    let found = memory.pointee.first(of: program.shown[number].field)
    guard found >= 0, memory.pointee.next(found) < 0 else { return "" }
    switch memory.pointee.values[found].kind {
    case .string, .number, .isTrue, .isFalse: return memory.pointee.raw(found).string
    case .null, .list, .object, .emptyObject: return ""
    }
  }

  /// The tree interpreter's answers, for what the scanner does not take.
  private func slowly(_ value: EventValue) -> [Answer] {
    isScanned = false
    tree = value
    return program.predicates.indices.compactMap { number in
      do throws(EvaluationFailure) {
        return try TreeMatcher(program.predicates[number]).matches(value) ? Answer(predicate: number) : nil
      } catch {
        return Answer(predicate: number, failure: error)
      }
    }
  }

  // MARK: - Candidates

  private func answers() -> [Answer] {
    isScanned = true
    if epoch == .max { startOver() }
    epoch += 1
    candidateCount = 0
    memory.pointee.begin(text, scanner.values, count: scanner.count)
    for index in 0..<scanner.count { call(index) }
    for index in 0..<program.unconditional.count { call(program.unconditional[index]) }
    var answers: [Answer] = []
    for index in 0..<candidateCount {
      let number = Int(candidates[index])
      switch holds(Int(program.roots[number])) {
      case .isFalse: break
      case .isTrue: answers.append(Answer(predicate: number))
      case .failed: answers.append(Answer(predicate: number, failure: failure(of: number)))
      }
    }
    if answers.count > 1 { answers.sort { $0.predicate < $1.predicate } }
    return answers
  }

  private func startOver() {
    leafStamps.update(repeating: 0, count: program.leaves.count + 1)
    targetStamps.update(repeating: 0, count: program.roots.count + 1)
    memory.pointee.startOver()
    epoch = 0
  }

  /// Why a predicate has no verdict, in the interpreter's words.
  private func failure(of number: Int) -> EvaluationFailure {
    do throws(EvaluationFailure) {
      _ = try TreeMatcher(program.predicates[number]).matches(value)
      return EvaluationFailure(reason: "a limit was reached", origin: Origin())
    } catch {
      return error
    }
  }

  @inline(__always) private func call(_ target: Int32) {
    guard targetStamps[Int(target)] != epoch else { return }
    targetStamps[Int(target)] = epoch
    candidates[candidateCount] = target
    candidateCount &+= 1
  }

  @inline(__always) private func call(_ run: Run) {
    for at in run.range { call(program.index.targets[at]) }
  }

  /// Links a value to its field and calls the predicates that wait for it.
  private func call(_ value: Int) {
    let scanned = memory.pointee.values[value]
    let isFirst = memory.pointee.link(value, scanned.field)
    let index = program.index.fields.base + Int(scanned.field)
    if isFirst, !index.pointee.key.isEmpty { call(index.pointee.key) }
    switch scanned.kind {
    case .string: call(text: value, index)
    case .number:
      if scanned.field == program.everywhere {
        call(text: value, index)
      } else if index.pointee.integers != nil {
        call(number: memory.pointee.raw(value), index)
      }
    case .isTrue, .isFalse:
      // A literal without a type is also compared with the word for a boolean.
      if index.pointee.looksAtText { call(text: value, index) }
    case .null, .list, .object, .emptyObject: break
    }
  }

  private func call(number text: Slice, _ index: UnsafeMutablePointer<FieldIndex>) {
    guard let number = PlainInteger.read(text) else { return call(index.pointee.oddNumbers) }
    guard let run = index.pointee.integers?.value(UInt64(bitPattern: Int64(number))), run >= 0 else { return }
    call(program.index.runs[Int(run)])
  }

  private func call(text value: Int, _ index: UnsafeMutablePointer<FieldIndex>) {
    if index.pointee.looksAtText {
      let folded = memory.pointee.folded(value)
      let pool = UnsafePointer(program.index.pool.base)
      if let equals = index.pointee.equals {
        let run = equals.value(folded)
        if run >= 0 { call(program.index.runs[Int(run)]) }
      }
      if let ends = index.pointee.ends { ends.scan(folded, pool: pool) { call($0) } }
      if let starts = index.pointee.starts { starts.scan(folded, pool: pool) { call($0) } }
      if let contains = index.pointee.contains { contains.scan(folded, pool: pool) { call($0) } }
    }
    // A text may spell the number that is waited for.
    guard index.pointee.integers != nil else { return }
    let raw = memory.pointee.raw(value)
    if raw.length > 0, raw.start[0] < 0x3A, raw.start[0] > 0x2A { call(number: raw, index) }
  }

  // MARK: - Verdicts

  private func holds(_ number: Int) -> Verdict {
    let node = program.nodes[number]
    switch node.kind {
    case .leaf: return holds(leaf: Int(node.operand))
    case .not: return holds(Int(node.operand)).opposite
    case .all:
      var verdict = Verdict.isTrue
      for at in node.children.range {
        switch holds(Int(program.children[at])) {
        case .isFalse: return .isFalse
        case .isTrue: break
        case .failed: verdict = .failed
        }
      }
      return verdict
    case .any:
      var verdict = Verdict.isFalse
      for at in node.children.range {
        switch holds(Int(program.children[at])) {
        case .isTrue: return .isTrue
        case .isFalse: break
        case .failed: verdict = .failed
        }
      }
      return verdict
    }
  }

  private func holds(leaf number: Int) -> Verdict {
    if leafStamps[number] == epoch { return leafVerdicts[number] }
    let verdict = ask(program.leaves[number])
    leafStamps[number] = epoch
    leafVerdicts[number] = verdict
    return verdict
  }

  private func ask(_ leaf: Leaf) -> Verdict {
    if leaf.kind == .tree { return interpret(Int(leaf.aid)) }
    guard leaf.confirmer >= 0 else { return look(leaf) }
    // A value under a key that comes twice may have been met too: the interpreter has the last word.
    let verdict = look(leaf)
    return verdict == .isFalse ? .isFalse : interpret(Int(leaf.confirmer))
  }

  private func look(_ leaf: Leaf) -> Verdict {
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

  private func interpret(_ number: Int) -> Verdict {
    do throws(EvaluationFailure) {
      return Verdict(try program.trees[number].matches(value))
    } catch {
      return .failed
    }
  }

  /// The last event as a tree.
  package var value: EventValue {
    if let tree { return tree }
    let parsed = try? parser.parse(UnsafeBufferPointer(start: text.start, count: text.length))
    let value = parsed?.value ?? .null
    tree = value
    return value
  }

  /// Whether a value passes; nil where what is looked at has no value.
  @inline(__always) private func passes(_ leaf: Leaf, _ value: Int) -> Verdict? {
    switch memory.pointee.values[value].kind {
    case .null, .list, .emptyObject: return nil
    case .object: return leaf.takesSpelling ? nil : .isFalse
    case .string: return passes(leaf, text: value)
    case .number:
      if leaf.takesSpelling { return passes(leaf, text: value) }
      switch leaf.kind {
      case .literals: return Verdict(program.sets[Int(leaf.aid)].contains(number: memory.pointee.raw(value)))
      case .value: return Verdict(program.conditions[Int(leaf.aid)].passes(number: memory.pointee.raw(value)))
      case .key, .present, .single, .equals, .starts, .ends, .contains, .anything, .glob, .texts, .regex, .tree:
        return .isFalse
      }
    case .isTrue, .isFalse:
      if leaf.takesSpelling { return passes(leaf, text: value) }
      let flag = memory.pointee.values[value].kind == .isTrue
      switch leaf.kind {
      case .literals:
        let set = program.sets[Int(leaf.aid)]
        return Verdict(flag ? set.containsTrue() : set.containsFalse())
      case .value: return Verdict(program.conditions[Int(leaf.aid)].passes(flag))
      case .key, .present, .single, .equals, .starts, .ends, .contains, .anything, .glob, .texts, .regex, .tree:
        return .isFalse
      }
    }
  }

  private func passes(_ leaf: Leaf, text value: Int) -> Verdict {
    let literal = Slice(UnsafePointer(program.pool.base + Int(leaf.literal.start)), Int(leaf.literal.count))
    let isText = leaf.isFolded ? memory.pointee.folded(value) : memory.pointee.raw(value)
    switch leaf.kind {
    case .equals: return Verdict(ByteTest.equals(isText, literal))
    case .starts: return Verdict(ByteTest.starts(isText, with: literal))
    case .ends: return Verdict(ByteTest.ends(isText, with: literal))
    case .contains: return Verdict(ByteTest.contains(isText, literal))
    case .anything: return .isTrue
    case .glob: return Verdict(program.globs[Int(leaf.aid)].matches(isText))
    case .literals:
      return Verdict(
        program.sets[Int(leaf.aid)].contains(text: memory.pointee.raw(value)) { memory.pointee.folded(value) })
    case .texts: return Verdict(program.textSets[Int(leaf.aid)].matches(isText))
    case .regex:
      let raw = memory.pointee.raw(value)
      let text = UnsafeBufferPointer(start: raw.start, count: raw.length)
      return program.regexes[Int(leaf.aid)].matches(text).map { Verdict($0) } ?? .failed
    case .value: return Verdict(program.conditions[Int(leaf.aid)].passes(text: memory.pointee.raw(value)))
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

extension EventValue {
  /// The scalar that lies along some keys, as it is spelled; empty where there is none.
  fileprivate func spelling(at keys: ArraySlice<String>) -> String {
    guard let first = keys.first else { return spelling ?? "" }
    guard case .object(let object) = self, let inner = object[first] else { return "" }
    return inner.spelling(at: keys.dropFirst())
  }
}

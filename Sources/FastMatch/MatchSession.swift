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
  /// The program's tests, at hand without a look at the program.
  let tests: ProgramTests
  private let groups: Flat<IndexedGroup>
  private let fieldBits: Flat<UInt64>
  /// Of each target the bits of the fields that it needs.
  private let needed: Flat<UInt64>
  /// The bits of the fields that the event has.
  private var present: UInt64 = 0
  private let everywhere: UInt32
  let scanner: FieldScanner
  private let parser = EventParser()
  let memory: UnsafeMutablePointer<EventMemory>
  /// For each leaf and predicate the event for which it was last asked.
  let leafStamps: UnsafeMutablePointer<UInt32>
  let leafVerdicts: UnsafeMutablePointer<Verdict>
  /// Made when they are first asked: of the many that rules have, most events need few.
  private let textSets: UnsafeMutablePointer<TextSet>
  private let hasTextSet: UnsafeMutablePointer<Bool>
  private let targetStamps: UnsafeMutablePointer<UInt32>
  private let targetCount: Int
  private(set) var epoch: UInt32 = 0
  private let candidates: UnsafeMutablePointer<Int32>
  private var candidateCount = 0
  /// The event as a tree, once a test has asked for it.
  private var tree: EventValue?
  private var text: Slice
  /// Whether the values of the last event are at hand.
  private var isScanned = false

  package convenience init(_ program: MatchProgram) {
    self.init(program, targets: program.predicates.count, needing: program.bits.needed)
  }

  /// - Parameters:
  ///   - targets: How many different numbers an index may call.
  ///   - needed: Of each of them the bits of the fields that it needs.
  init(_ program: MatchProgram, targets: Int, needing needed: Flat<UInt64>) {
    self.program = program
    self.needed = needed
    fieldBits = program.bits.ofField
    tests = program.owner.tests
    groups = program.groups
    everywhere = program.everywhere
    scanner = FieldScanner(program.layout)
    memory = .allocate(capacity: 1)
    memory.initialize(to: EventMemory(fieldCount: program.layout.fieldCount + 1))
    leafStamps = .allocate(capacity: tests.leaves.count + 1)
    leafStamps.initialize(repeating: 0, count: tests.leaves.count + 1)
    leafVerdicts = .allocate(capacity: tests.leaves.count + 1)
    leafVerdicts.initialize(repeating: .isFalse, count: tests.leaves.count + 1)
    textSets = .allocate(capacity: tests.textSets.count + 1)
    hasTextSet = .allocate(capacity: tests.textSets.count + 1)
    hasTextSet.initialize(repeating: false, count: tests.textSets.count + 1)
    targetCount = targets + 1
    targetStamps = .allocate(capacity: targetCount)
    targetStamps.initialize(repeating: 0, count: targetCount)
    candidates = .allocate(capacity: targetCount)
    text = Slice(UnsafePointer(candidates).withMemoryRebound(to: UInt8.self, capacity: 1) { $0 }, 0)
  }

  deinit {
    memory.pointee.free()
    memory.deallocate()
    leafStamps.deallocate()
    leafVerdicts.deallocate()
    for index in 0..<tests.textSets.count where hasTextSet[index] { textSets[index].free() }
    textSets.deallocate()
    hasTextSet.deallocate()
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
    guard !program.interprets, scanner.scan(bytes, length: length, wrapping) else { return nil }
    tree = nil
    text = Slice(bytes, length)
    return answers()
  }

  /// The predicates that are true of an event that is a tree already.
  package func match(_ value: EventValue) -> [Answer] {
    if program.interprets { return slowly(value) }
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

  /// Appends what is shown of the last event as the inside of a JSON string.
  package func append(shown number: Int, to output: inout [UInt8]) {
    guard isScanned else { return JSONText.append(value.spelling(at: program.shown[number].keys[...]), to: &output) }
    let found = memory.pointee.first(of: program.shown[number].field)
    guard found >= 0, memory.pointee.next(found) < 0 else { return }
    switch memory.pointee.values[found].kind {
    case .string, .number, .isTrue, .isFalse: JSONText.append(memory.pointee.raw(found), to: &output)
    case .null, .list, .object, .emptyObject: break
    }
  }

  /// The tree interpreter's answers, for what the scanner does not take.
  private func slowly(_ value: EventValue) -> [Answer] {
    isScanned = false
    tree = value
    return interpreters.enumerated().compactMap { number, interpreter in
      do throws(EvaluationFailure) {
        return try interpreter?.matches(value) ?? false ? Answer(predicate: number) : nil
      } catch {
        return Answer(predicate: number, failure: error)
      }
    }
  }

  /// For all predicates that can be run.
  private lazy var interpreters = program.predicates.enumerated().map { number, predicate in
    program.refusals[number] == nil ? try? TreeMatcher(predicate) : nil
  }

  // MARK: - Candidates

  private func answers() -> [Answer] {
    begin()
    for number in 0..<groups.count {
      let group = groups.base + number
      guard isOpen(group.pointee.gates) else { continue }
      for index in 0..<scanner.count { call(index, group.pointee.index) }
      for index in 0..<group.pointee.unconditional.count { call(group.pointee.unconditional[index]) }
    }
    if candidateCount == 0 { return [] }
    var answers: [Answer] = []
    for index in 0..<candidateCount {
      let number = Int(candidates[index])
      switch holds(Int(tests.roots[number])) {
      case .isFalse: break
      case .isTrue: answers.append(Answer(predicate: number))
      case .failed: answers.append(Answer(predicate: number, failure: failure(of: number)))
      }
    }
    if answers.count > 1 { answers.sort { $0.predicate < $1.predicate } }
    return answers
  }

  /// Visits all that an index calls for by an event; false where the text is left to `EventReader`.
  func visit(_ index: WitnessIndex, _ bytes: UnsafePointer<UInt8>, length: Int, _ visit: (Int32) -> Void) -> Bool {
    guard scanner.scan(bytes, length: length) else { return false }
    tree = nil
    text = Slice(bytes, length)
    begin()
    for value in 0..<scanner.count { call(value, index) }
    for number in 0..<candidateCount { visit(candidates[number]) }
    return true
  }

  /// Visits the texts of the last event that an index looks at, folded.
  func eachFolded(of index: WitnessIndex, _ visit: (Slice) -> Void) {
    for value in 0..<scanner.count where scanner.values[value].kind == .string {
      let slot = index.slots[Int(scanner.values[value].field)]
      if slot >= 0, index.fields[Int(slot)].looksAtText { visit(memory.pointee.folded(value)) }
    }
  }

  /// Takes the values of the next event.
  private func begin() {
    isScanned = true
    if epoch == .max { startOver() }
    epoch += 1
    candidateCount = 0
    memory.pointee.begin(text, scanner.values, count: scanner.count)
    var bits: UInt64 = 0
    for index in 0..<scanner.count {
      let field = scanner.values[index].field
      memory.pointee.link(index, field)
      bits |= fieldBits[Int(field)]
    }
    present = bits
  }

  /// Whether an event satisfies the conditions of a group.
  @inline(__always) private func isOpen(_ gates: Run) -> Bool {
    for at in gates.range where holds(Int(tests.gates[at])) == .isFalse { return false }
    return true
  }

  @inline(__always) func textSet(_ number: Int) -> UnsafeMutablePointer<TextSet> {
    if !hasTextSet[number] {
      (textSets + number).initialize(to: TextSet(tests.textSets[number], usual: program.usual))
      hasTextSet[number] = true
    }
    return textSets + number
  }

  private func startOver() {
    leafStamps.update(repeating: 0, count: tests.leaves.count + 1)
    targetStamps.update(repeating: 0, count: targetCount)
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
    guard needed[Int(target)] & ~present == 0, targetStamps[Int(target)] != epoch else { return }
    targetStamps[Int(target)] = epoch
    candidates[candidateCount] = target
    candidateCount &+= 1
  }

  @inline(__always) private func call(_ run: Run, _ targets: Flat<Int32>) {
    for at in run.range { call(targets[at]) }
  }

  /// Calls the predicates that wait for a value.
  @inline(__always) private func call(_ value: Int, _ index: WitnessIndex) {
    let scanned = memory.pointee.values[value]
    let slot = index.slots[Int(scanned.field)]
    if slot >= 0 { call(value, scanned, index, index.fields.base + Int(slot)) }
  }

  private func call(
    _ value: Int, _ scanned: ScannedValue, _ index: WitnessIndex, _ field: UnsafeMutablePointer<FieldIndex>
  ) {
    // The first value of its field calls for those that wait for the field alone.
    if !field.pointee.key.isEmpty, memory.pointee.next(value) < 0 { call(field.pointee.key, index.targets) }
    switch scanned.kind {
    case .string: call(text: value, index, field)
    case .number:
      if scanned.field == everywhere {
        call(text: value, index, field)
      } else if field.pointee.integers != nil {
        call(number: memory.pointee.raw(value), index, field)
      }
    case .isTrue, .isFalse:
      // A literal without a type is also compared with the word for a boolean.
      if field.pointee.looksAtText { call(text: value, index, field) }
    case .null, .list, .object, .emptyObject: break
    }
  }

  private func call(number text: Slice, _ index: WitnessIndex, _ field: UnsafeMutablePointer<FieldIndex>) {
    guard let number = PlainInteger.read(text) else { return call(field.pointee.oddNumbers, index.targets) }
    guard let run = field.pointee.integers?.value(UInt64(bitPattern: Int64(number))), run >= 0 else { return }
    call(index.runs[Int(run)], index.targets)
  }

  private func call(text value: Int, _ index: WitnessIndex, _ field: UnsafeMutablePointer<FieldIndex>) {
    if field.pointee.looksAtText {
      let folded = memory.pointee.folded(value)
      let pool = UnsafePointer(index.pool.base)
      if let equals = field.pointee.equals {
        let run = equals.value(folded)
        if run >= 0 { call(index.runs[Int(run)], index.targets) }
      }
      if let ends = field.pointee.ends {
        ends.scan(folded, pool: pool) {
          call($0, index.targets)
          return false
        }
      }
      if let starts = field.pointee.starts {
        starts.scan(folded, pool: pool) {
          call($0, index.targets)
          return false
        }
      }
      if let contains = field.pointee.contains {
        contains.scan(folded, pool: pool) {
          call($0, index.targets)
          return false
        }
      }
    }
    // A text may spell the number that is waited for.
    guard field.pointee.integers != nil else { return }
    let raw = memory.pointee.raw(value)
    if raw.length > 0, raw.start[0] < 0x3A, raw.start[0] > 0x2A { call(number: raw, index, field) }
  }

  /// The last event as a tree.
  package var value: EventValue {
    if let tree { return tree }
    let parsed = try? parser.parse(UnsafeBufferPointer(start: text.start, count: text.length))
    let value = parsed?.value ?? .null
    tree = value
    return value
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

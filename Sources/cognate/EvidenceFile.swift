import CCrypto
import LanguageSupport
import RuleIR
import SourceText
import Translation

/// What `convert --evidence` writes: of every rule what became of it, and on which grounds.
struct EvidenceFile {
  private let translator: Translator
  private let events: [(place: String, event: EventValue)]
  private var records: [EventValue] = []

  init(translator: Translator, events: [(place: String, event: EventValue)]) {
    self.translator = translator
    self.events = events
  }

  mutating func add(_ result: ConvertedRule, file: String?) {
    var record = EventObject()
    record["title"] = .string(result.rule.title)
    if let id = result.rule.neutral?.metadata.id { record["id"] = .string(id) }
    record["source"] = .object(source(result.rule))
    record["target"] = .object(target(result, file))
    record["verdict"] = .string(result.verdict.rawValue)
    record["assurance"] = assurance(result.assurance)
    record["mapping"] = result.rule.mapping.map { .string($0) } ?? EventValue.null
    record["fields"] = .list(translator.mappedNames(of: result).map(field))
    record["losses"] = .list(result.losses.map(loss))
    record["problems"] = .list(
      result.diagnostics.filter { $0.severity == .error }.map {
        ["code": .string($0.code.rawValue), "message": .string($0.message)]
      })
    let recorded = events.compactMap { translator.trial(of: result, on: $0.event, from: $0.place) }
    record["trials"] = .list((translator.trials(of: result) + recorded).map(trial))
    record["eventsTried"] = .number(Number(result.readBack == nil ? 0 : events.count))
    records.append(.object(record))
  }

  /// The whole, as one line of JSON.
  func text(command: [String], version: String) -> String {
    let root: EventValue = [
      "schema": "cognate.evidence/1", "program": .string("cognate \(version)"),
      "command": .list(command.map { .string($0) }), "rules": .list(records),
    ]
    return root.json + "\n"
  }

  private func source(_ rule: LoadedRule) -> EventObject {
    var object: EventObject = ["path": .string(rule.path), "form": .string(rule.form)]
    object["line"] = .number(Number(rule.range.line))
    object["sha256"] = .string(Self.sha256(rule.range.file.bytes))
    return object
  }

  private func target(_ result: ConvertedRule, _ file: String?) -> EventObject {
    var object: EventObject = ["form": .string(result.target)]
    if let file { object["path"] = .string(file) }
    guard let written = result.written else { return object }
    object["sha256"] = .string(Self.sha256(Array(written.text.utf8)))
    if !written.companions.isEmpty {
      object["companions"] = .list(
        written.companions.map {
          [
            "extension": .string($0.fileExtension), "sha256": .string(Self.sha256(Array($0.text.utf8))),
          ]
        })
    }
    return object
  }

  private func assurance(_ assurance: ConvertedRule.Assurance) -> EventValue {
    switch assurance {
    case .proved: ["kind": "proved"]
    case .tested(let count): ["kind": "tested", "events": .number(Number(count))]
    case .unproved(let reason): ["kind": "unproved", "reason": .string(reason)]
    case .none: ["kind": "none"]
    }
  }

  private func field(_ name: MappedName) -> EventValue {
    [
      "rule": .string(name.rule), "event": name.event.map { .string($0) } ?? .null,
      "output": name.output.map { .string($0) } ?? .null,
    ]
  }

  private func loss(_ loss: Loss) -> EventValue {
    var object: EventObject = ["feature": .string(loss.feature.rawValue), "drift": .string(loss.drift.rawValue)]
    object["reason"] = .string(loss.reason)
    if let range = loss.origin.range { object["at"] = .string("\(range)") }
    return .object(object)
  }

  private func trial(_ trial: Trial) -> EventValue {
    var object: EventObject = ["event": .string(trial.source)]
    if let event = trial.event { object["content"] = event }
    object["rule"] = .boolean(trial.rule)
    object["output"] = .boolean(trial.output)
    return .object(object)
  }

  /// The digest of bytes in hexadecimal digits, as `sha256sum` shows it.
  static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = SHA256(bytes, bytes.count, &digest)
    return digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}

import Coverage
import RuleIR
import SourceText

extension Catalogue {
  /// A rule: what it says of itself, what it means, how it was written, and what it covers.
  func rulePage(_ index: Int) -> CataloguePage {
    let rule = material.rules[index]
    var content = ruleLines[index]
    content["form"] = .string(rule.form)
    content["place"] = .string("\(rule.range.file.name):\(rule.range.line)")
    content["in-matrix"] = .boolean(entryOfRule[index] != nil)
    content["other-events"] = .boolean(rule.source != nil && entryOfRule[index] == nil && !rule.isInMatrix)
    content["partly"] = .boolean(rule.judged != nil)
    content["refused"] = .boolean(rule.source == nil)
    if let shown = rule.shown {
      add(shown.metadata, to: &content)
      add(shown.body, of: rule, to: &content)
    }
    if let entry = entryOfRule[index] { add(entry: entry, to: &content) }
    content["translations"] = .list(rule.translations.map(Self.value))
    content["translated"] = .boolean(!rule.translations.isEmpty)
    content["notices"] = .list(rule.diagnostics.prefix(20).map(Self.value))
    return CataloguePage(rulePages[index], "rule", title: rule.title, content)
  }

  private func add(_ metadata: RuleMetadata, to content: inout EventObject) {
    content["paragraphs"] = .texts(metadata.description.paragraphs)
    for (key, value) in [("id", metadata.id), ("status", metadata.status), ("date", metadata.date)] {
      content[key] = .string(value ?? "")
    }
    content["modified"] = .string(metadata.modified ?? "")
    content["license"] = .string(metadata.license ?? "")
    content["authors"] = .string(metadata.authors.joined(separator: ", "))
    content["false-positives"] = .texts(metadata.falsePositives)
    content["references"] = .list(
      metadata.references.map { text in
        ["text": .string(text), "link": .boolean(text.hasPrefix("https://") || text.hasPrefix("http://"))]
      })
    content["tags"] = .texts(metadata.tags)
    content["named-techniques"] = .list(
      metadata.attack.techniques.map { id in
        [
          "id": .string(id), "href": .string(techniquePages[id] ?? ""),
          "name": .string(material.techniqueName(id) ?? ""),
        ]
      })
  }

  private func add(_ body: RuleBody, of rule: CatalogueRule, to content: inout EventObject) {
    let excerpt = QueryExcerpt(body, of: rule)
    if !excerpt.lines.isEmpty {
      content["query"] = [
        "file": .string(excerpt.fileName), "lines": .list(excerpt.lines),
        "other-file": .boolean(excerpt.fileName != rule.range.file.name),
      ]
    } else if case .unmodelled(let rest) = body {
      content["text"] = .string(rest.text)
    }
    content["meaning"] = .list(MeaningLines.lines(of: body, linkedTo: excerpt.anchors))
    if case .unmodelled(let rest) = body { content["unmodelled"] = .string(rest.reason) }
  }

  /// What only a rule of the matrix has: operations, indicators, firings.
  private func add(entry: Int, to content: inout EventObject) {
    let covered = rows.filter { $0.firmness[entry] != .never }
    let sorted = covered.sorted { $0.firmness[entry].rank > $1.firmness[entry].rank }
    let isIncidental = covered.allSatisfy { $0.firmness[entry] == .incidentally }
    content["operations"] = .list(sorted.map { operationLine($0, entry) })
    content["operation-count"] = .count(covered.count)
    content["incidental"] = .boolean(isIncidental && !covered.isEmpty)
    for (key, value) in indicatorTables(of: entry) { content[key] = value }
    guard let observation = material.matrices.first?.observation else { return }
    content["observed"] = true
    content["fired-count"] = .count(observation.total[entry])
    content["firings"] = .list(
      observation.examples[entry].map { ["place": .string($0.place), "summary": .string($0.summary)] })
    content["firings-more"] = .boolean(observation.examples[entry].count < observation.total[entry])
  }

  private func operationLine(_ row: Row, _ entry: Int) -> EventValue {
    var line: EventObject = [
      "id": .string(row.operation.id), "href": .string(row.page), "title": .string(row.operation.title),
      "firmness": row.firmness[entry].value,
    ]
    if let condition = row.conditions[entry] { line["when"] = .string(condition) }
    if let observation = observation(row) { line["fired"] = .count(observation.fired[row.index][entry]) }
    return .object(line)
  }

  private static func value(_ translation: CatalogueRule.Translation) -> EventValue {
    let word = translation.text == nil ? "refused" : translation.drift?.rawValue ?? "exact"
    return [
      "target": .string(translation.target), "word": .string(word), "text": .string(translation.text ?? ""),
      "written": .boolean(translation.text != nil), "notes": .texts(translation.notes),
    ]
  }

  static func value(_ diagnostic: Diagnostic) -> EventValue {
    [
      "code": .string(diagnostic.code.rawValue), "message": .string(diagnostic.message),
      "severity": .string("\(diagnostic.severity)"),
      "place": .string(diagnostic.primary.map { "line \($0.range.line)" } ?? ""),
      "notes": .texts(diagnostic.notes),
    ]
  }
}

extension String {
  /// The text between empty lines.
  fileprivate var paragraphs: [String] {
    var paragraphs: [String] = []
    var isOpen = false
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if text.isEmpty {
        isOpen = false
      } else if isOpen {
        paragraphs[paragraphs.count - 1] += " " + text
      } else {
        paragraphs.append(text)
        isOpen = true
      }
    }
    return paragraphs
  }
}

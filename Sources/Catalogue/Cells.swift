import Coverage
import RuleIR

extension Firmness {
  /// The shape that stands beside the word, so that neither colour nor word is needed alone.
  var shape: String {
    switch self {
    case .always: "●"
    case .sometimes: "◐"
    case .incidentally: "○"
    case .unknown: "?"
    case .never: "–"
    }
  }

  /// Firmer is greater.
  var rank: Int {
    switch self {
    case .never: 0
    case .unknown: 1
    case .incidentally: 2
    case .sometimes: 3
    case .always: 4
    }
  }

  var value: EventValue { ["word": .string(word), "shape": .string(shape)] }
}

extension Catalogue {
  /// One cell of the matrix: how many of a vendor's rules cover the operation, firmest first.
  func cell(_ row: Row, _ vendor: String) -> EventValue {
    let found = zip(entries, row.firmness).filter { material.rules[$0.0].vendor == vendor && $0.1 != .never }.map(\.1)
    let counts = found.grouped(by: \.rank).sorted { $0.key > $1.key }
    let words = counts.map { "\($0.elements.count) \($0.elements[0].word)" }
    return [
      "vendor": .string(vendor), "href": .string(row.page + "#v-" + PageNames.plain(vendor)),
      "strongest": .string(counts.first?.elements[0].word ?? "never"), "rank": .count(counts.first?.key ?? 0),
      "order": .count((counts.first?.key ?? 0) * 1_000 + (counts.first?.elements.count ?? 0)),
      "any": .boolean(!counts.isEmpty), "label": .string(words.joined(separator: ", ")),
      "counts": .list(
        counts.map { group in
          var value: EventObject = ["n": .count(group.elements.count)]
          value["word"] = .string(group.elements[0].word)
          value["shape"] = .string(group.elements[0].shape)
          return .object(value)
        }),
    ]
  }

  /// An operation as a line of a matrix.
  func line(_ row: Row) -> EventValue {
    var line: EventObject = [
      "id": .string(row.operation.id), "title": .string(row.operation.title), "href": .string(row.page),
      "resource": .string(row.resource), "resource-href": .string(resourcePages[row.resource] ?? ""),
      "description": .string(row.operation.description), "gap": .boolean(row.covering.isEmpty),
      "cells": .list(vendors.map { cell(row, $0) }),
    ]
    let covering = row.covering.map(rule)
    line["vendors"] = .string(
      vendors.filter { vendor in covering.contains { $0.vendor == vendor } }.joined(separator: " "))
    line["levels"] = .string(Set(covering.compactMap { $0.level?.rawValue }).sorted().joined(separator: " "))
    line["techniques"] = .string(Set(covering.flatMap(\.techniques)).sorted().joined(separator: " "))
    line["firmness"] = .string(Set(row.firmness.map(\.word)).sorted().joined(separator: " "))
    if let observation = observation(row) {
      let seen = observation.seen[row.index]
      line["observed"] = true
      line["seen"] = .count(seen)
      line["fired"] = .count(observation.fired[row.index].filter { $0 > 0 }.count)
      line["blind"] = .boolean(seen > 0 && row.covering.isEmpty)
    }
    return .object(line)
  }

  /// A rule as a line of a list.
  func line(ofRule index: Int) -> EventObject {
    let rule = material.rules[index]
    var line: EventObject = [
      "title": .string(rule.title), "href": .string(rulePages[index]), "vendor": .string(rule.vendor),
      "path": .string(rule.path), "level": .string(rule.level?.rawValue ?? ""),
      "level-rank": .count(rule.level.flatMap { RuleMetadata.Level.allCases.firstIndex(of: $0) }.map { $0 + 1 } ?? 0),
      "summary": .string(rule.shown?.metadata.description.firstSentence ?? ""),
    ]
    line["technique-words"] = .string(rule.techniques.joined(separator: " "))
    line["techniques"] = .list(
      rule.techniques.map { ["id": .string($0), "href": .string(techniquePages[$0] ?? "")] })
    return line
  }

  /// The choices that a list of rules can be narrowed by.
  func choices(_ rules: [Int]) -> EventValue {
    let found = rules.map { material.rules[$0] }
    let levels = RuleMetadata.Level.allCases.reversed().filter { level in found.contains { $0.level == level } }
    return [
      "vendors": .texts(material.vendors.filter { vendor in found.contains { $0.vendor == vendor } }),
      "levels": .texts(levels.map(\.rawValue)), "techniques": .texts(Set(found.flatMap(\.techniques)).sorted()),
    ]
  }
}

extension String {
  /// Up to the end of the first sentence or paragraph.
  var firstSentence: String {
    var text = ""
    for word in split(whereSeparator: \.isWhitespace) {
      text += (text.isEmpty ? "" : " ") + word
      if word.last == "." && word.count > 3 || text.utf8.count > 240 { break }
    }
    return text
  }
}

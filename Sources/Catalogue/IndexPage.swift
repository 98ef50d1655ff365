import Coverage
import RuleIR

extension Catalogue {
  /// The matrix, the charts, and where nobody looks.
  var indexPage: CataloguePage {
    let gaps = rows.filter(\.covering.isEmpty)
    let isObserved = rows.contains { observation($0) != nil }
    var content: EventObject = [
      "heading": .string(material.matrices.map(\.operations.title).joined(separator: "; ")),
      "header": .texts(vendors), "operations": .list(lines), "observed": .boolean(isObserved),
      "choices": choices(entries), "heat": heatMap, "severity": severityChart, "shared": sharedChart,
    ]
    let others = material.rules.filter { $0.shown != nil && !$0.isInMatrix }.count
    let lost = material.rules.indices.filter { reason($0) != nil }.count
    content["figures"] = .list([
      figure(rows.count - gaps.count, "of \(rows.count) operations watched", "#matrix"),
      figure(gaps.count, gaps.count == 1 ? "watched by no rule" : "watched by no rule", "#gaps"),
      figure(entries.count, "rules in the matrix", "rules.html"),
      figure(others, "rules over other events", "rules.html"),
      figure(lost, "rules not understood in full", "backlog.html"),
    ])
    content["with"] = ["with-firmness": true, "with-watched": true]
    content["gaps"] = .list(gaps.map { lines[$0.position] })
    content["resources"] = .list(
      resources.map { resource in
        [
          "name": .string(resource.key), "href": .string(resourcePages[resource.key] ?? ""),
          "count": .count(resource.elements.count),
          "watched": .count(resource.elements.filter { !$0.covering.isEmpty }.count),
        ]
      })
    return CataloguePage("index.html", "index", title: "Coverage", content)
  }

  private func figure(_ count: Int, _ words: String, _ href: String) -> EventValue {
    ["n": .count(count), "words": .string(words), "href": .string(href)]
  }

  // MARK: - Charts

  /// A line a vendor, a cell an operation, those of one resource together.
  private var heatMap: EventValue {
    let (left, cell, height, gap, top) = (78, 13, 22, 6, 4)
    var cells: [EventValue] = []
    var labels: [EventValue] = []
    var x = left
    for resource in resources {
      labels.append([
        "x": .count(x + 4), "text": .string(resource.key.shortened(to: 24)),
        "href": .string(resourcePages[resource.key] ?? ""),
      ])
      for row in resource.elements {
        for (line, vendor) in vendors.enumerated() {
          cells.append(heatCell(row, vendor, x: x, y: top + line * (height + 3), width: cell - 2, height: height))
        }
        x += cell
      }
      x += gap
    }
    let bottom = top + vendors.count * (height + 3)
    let names = vendors.enumerated().map { index, vendor -> EventValue in
      ["x": .count(left - 8), "y": .count(top + index * (height + 3) + height / 2 + 4), "text": .string(vendor)]
    }
    return [
      "width": .count(x + 60), "height": .count(bottom + 118), "label-y": .count(bottom + 10), "cells": .list(cells),
      "labels": .list(labels), "names": .list(names),
    ]
  }

  private func heatCell(_ row: Row, _ vendor: String, x: Int, y: Int, width: Int, height: Int) -> EventValue {
    guard case .object(var cell) = cell(row, vendor) else { return .null }
    let label = cell["label"]?.spelling ?? ""
    cell["title"] = .string("\(row.operation.id), \(vendor): \(label.isEmpty ? "no rule" : label)")
    cell["x"] = .count(x)
    cell["y"] = .count(y)
    cell["w"] = .count(width)
    cell["h"] = .count(height)
    // The part of the cell that is filled says the same as its colour.
    let strongest = cell["strongest"]?.spelling ?? ""
    cell["fill-y"] = .count(strongest == "sometimes" ? y + height / 2 : y)
    cell["fill-h"] = .count(strongest == "sometimes" ? height - height / 2 : height)
    cell["is-full"] = .boolean(strongest == "always" || strongest == "sometimes")
    cell["is-dot"] = .boolean(strongest == "incidentally")
    cell["is-unknown"] = .boolean(strongest == "unknown")
    cell["cx"] = .count(x + width / 2)
    cell["cy"] = .count(y + height / 2)
    return .object(cell)
  }

  /// How many rules of the matrix each vendor has, by severity.
  private var severityChart: EventValue {
    let levels: [RuleMetadata.Level?] = RuleMetadata.Level.allCases.reversed() + [nil]
    let rows = vendors.map { vendor in (vendor, entries.map { material.rules[$0] }.filter { $0.vendor == vendor }) }
    let most = max(1, rows.map(\.1.count).max() ?? 1)
    let bars = rows.enumerated().map { index, row -> EventValue in
      var x = 78
      var parts: [EventValue] = []
      for level in levels {
        let count = row.1.filter { $0.level == level }.count
        guard count > 0 else { continue }
        let width = max(4, count * 420 / most)
        let word = level?.rawValue ?? "no level"
        parts.append([
          "x": .count(x), "w": .count(width - 1), "word": .string(level?.rawValue ?? "none"),
          "title": .string("\(row.0), \(word): \(count)"), "n": .string(width > 22 ? String(count) : ""),
          "tx": .count(x + width / 2),
        ])
        x += width
      }
      return [
        "y": .count(index * 30 + 4), "ty": .count(index * 30 + 20), "name": .string(row.0), "parts": .list(parts),
        "end": .count(x + 6), "total": .count(row.1.count),
      ]
    }
    let key = levels.map {
      ["word": .string($0?.rawValue ?? "none"), "text": .string($0?.rawValue ?? "no level")] as EventValue
    }
    let table = rows.map { row -> EventValue in
      [
        "name": .string(row.0),
        "counts": .list(levels.map { level in .count(row.1.filter { $0.level == level }.count) }),
      ]
    }
    return [
      "height": .count(rows.count * 30 + 8), "bars": .list(bars), "key": .list(key), "table": .list(table),
    ]
  }

  /// How many indicators are looked for by exactly which vendors, those of several together.
  private var sharedChart: EventValue {
    let sets = collection.vendorsByIndicator.map { found in vendors.filter(found.contains) }
    let groups = sets.grouped { $0.joined(separator: " + ") }.filter { $0.elements[0].count > 1 }.sorted { one, other in
      one.elements.count != other.elements.count ? one.elements.count > other.elements.count : one.key < other.key
    }
    let most = max(1, groups.first?.elements.count ?? 1)
    let shown = groups.prefix(12)
    let bars = shown.enumerated().map { index, group -> EventValue in
      let dots = vendors.enumerated().map { column, vendor -> EventValue in
        ["cx": .count(14 + column * 22), "on": .boolean(group.elements[0].contains(vendor))]
      }
      let left = vendors.count * 22 + 16
      return [
        "y": .count(index * 24 + 4), "cy": .count(index * 24 + 13), "ty": .count(index * 24 + 18), "x": .count(left),
        "w": .count(max(3, group.elements.count * 300 / most)), "n": .count(group.elements.count),
        "end": .count(left + max(3, group.elements.count * 300 / most) + 6), "name": .string(group.key),
        "dots": .list(dots),
      ]
    }
    let top = vendors.enumerated().map { index, vendor -> EventValue in
      ["x": .count(14 + index * 22), "text": .string(vendor)]
    }
    return [
      "any": .boolean(!shown.isEmpty), "height": .count(shown.count * 24 + 8), "bars": .list(bars), "top": .list(top),
      "width": .count(vendors.count * 22 + 380),
    ]
  }
}

extension String {
  /// The first of what stands between commas, cut where it is long.
  fileprivate func shortened(to limit: Int) -> String {
    let first = split(separator: ",").first.map(String.init) ?? self
    if first.count > limit { return first.prefix(limit - 1) + "…" }
    return first == self ? self : first + " …"
  }
}

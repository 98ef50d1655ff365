import Foundation
import Testing

/// Holds `coverage --format json` to the schema that stands in `schemas/`.
@Suite struct CoverageSchemaTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func value(_ data: Data) throws -> Any { try JSONSerialization.jsonObject(with: data) }

  private static var schema: [String: Any] {
    let data = try? Data(contentsOf: root.appendingPathComponent("schemas/coverage.schema.json"))
    return data.flatMap { try? value($0) } as? [String: Any] ?? [:]
  }

  @Test func `the matrix is as its schema says`() throws {
    let paths = ["vendor-rules", "samples/secrets/operations.ndjson"].map { Self.root.appendingPathComponent($0).path }
    for operations in ["kubernetes-secrets", "kubernetes"] {
      let outcome = try Program.run(
        "coverage", paths[0], "--events", paths[1], "--operations", operations, "--format", "json")
      let matrix = try Self.value(Data(outcome.output.utf8))
      #expect(Self.faults(matrix, Self.schema, at: "$") == [])
    }
  }

  @Test func `the schema refuses what is none`() {
    let broken: [[String: Any]] = [
      [:], ["schema": "cognate.coverage/2"],
      [
        "schema": "cognate.coverage/1", "operations": "x", "matrix": [["id": 1]], "indicators": [Any](),
        "exclusions": [Any](),
      ],
    ]
    for value in broken { #expect(!Self.faults(value, Self.schema, at: "$").isEmpty) }
  }

  /// What of a value is not as the schema says: the part of JSON Schema that the file uses.
  private static func faults(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
    if let reference = schema["$ref"] as? String {
      let name = String(reference.dropFirst("#/$defs/".count))
      let definition = (Self.schema["$defs"] as? [String: Any])?[name] as? [String: Any]
      return definition.map { faults(value, $0, at: place) } ?? ["\(place): no \(reference)"]
    }
    var found: [String] = []
    let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] } ?? []
    if !types.isEmpty, !types.contains(where: { isType(value, $0) }) { found.append("\(place): no \(types)") }
    if let constant = schema["const"] as? String, constant != value as? String {
      found.append("\(place): no \(constant)")
    }
    if let values = schema["enum"] as? [Any], !values.contains(where: { ($0 as? NSObject) == (value as? NSObject) }) {
      found.append("\(place): \(value)")
    }
    if let object = value as? [String: Any] {
      let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
      for key in schema["required"] as? [String] ?? [] where object[key] == nil { found.append("\(place): no \(key)") }
      for (key, inner) in object {
        if let known = properties[key] {
          found += faults(inner, known, at: "\(place).\(key)")
        } else {
          found.append("\(place): the schema does not name \(key)")
        }
      }
    }
    if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (index, inner) in list.enumerated() { found += faults(inner, items, at: "\(place)[\(index)]") }
    }
    return found
  }

  private static func isType(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": value is Bool
    case "integer": value is Int
    case "null": value is NSNull
    case _: false
    }
  }
}

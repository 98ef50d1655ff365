import RuleIR

/// Whether a test of text could pass on the spelling of a number or a boolean, which Splunk does not tell from text.
enum ScalarSpelling {
  static func mayEqual(_ text: String) -> Bool {
    Number(text) != nil || text.lowercased() == "true" || text.lowercased() == "false"
  }

  static func mayMatch(_ pattern: TextPattern) -> Bool {
    guard pattern.hasWildcard else { return mayEqual(pattern.literals.joined()) }
    let isNumeric = pattern.literals.allSatisfy { $0.unicodeScalars.allSatisfy { numeric.contains($0) } }
    let isBoolean = ["true", "false"].contains { word in
      pattern.literals.allSatisfy { literal in
        literal.isEmpty || word.contains(literal.lowercased())
      }
    }
    return isNumeric || isBoolean
  }

  /// Whether a regular expression could; true where that is not plain to see.
  static func mayMatch(regex text: String) -> Bool {
    var scan = RegexDemand(Array(text.unicodeScalars), within: shared)
    return !scan.demandsOther()
  }

  /// Whether a regular expression could match in a text; true where that is not plain to see.
  static func mayMatch(regex: String, in text: String) -> Bool {
    let letters = text.unicodeScalars.flatMap { scalar in
      [scalar] + Array(scalar.properties.lowercaseMapping.unicodeScalars)
        + Array(scalar.properties.uppercaseMapping.unicodeScalars)
    }
    var scan = RegexDemand(Array(regex.unicodeScalars), within: Set(letters))
    return !scan.demandsOther()
  }

  private static let numeric = Set("0123456789+-.eE".unicodeScalars)
  private static let shared = Set("0123456789+-.eEtrufalsTRUFALS".unicodeScalars)
}

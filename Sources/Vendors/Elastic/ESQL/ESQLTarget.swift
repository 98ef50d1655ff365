import RuleIR
import SourceText

/// A field as the query names it, with what is known of it at this place.
struct ESQLTarget {
  /// Ready for the query: the column, or what functions make of it.
  var name: String
  /// What is null exactly where the value is, several values aside.
  var nullName: String
  var type: TargetSchema.FieldType?
  var mayBeList: Bool
  var mayBeAbsent: Bool
  var isAnalysed: Bool
  /// What the name itself loses, for the positive form.
  var losses: [Loss]

  /// A value made from the column, null where the column is.
  func mapped(_ function: String) -> ESQLTarget {
    var target = self
    target.name = "\(function)(\(name))"
    return target
  }

  /// A value made from the column by a conversion, null also where it fails.
  func converted(_ function: String) -> ESQLTarget {
    var target = mapped(function)
    target.nullName = target.name
    target.mayBeAbsent = true
    return target
  }
}

extension Derivation {
  fileprivate var takesParts: Bool {
    steps.contains { step in
      if case .captured = step { true } else { false }
    }
  }
}

extension ESQLTarget {
  /// A column that a command made of this one, null also where it makes nothing of the text.
  func derived(_ name: String, _ derivation: Derivation, at origin: Origin) -> ESQLTarget {
    let type: TargetSchema.FieldType = derivation.yieldsNumber ? .number : .text
    var target = self
    (target.name, target.nullName, target.type) = (name, name, type)
    (target.mayBeList, target.mayBeAbsent, target.isAnalysed) = (false, true, false)
    if mayBeList {
      // `GROK` takes a part from each of several values, and a comparison with all of these is null.
      target.losses.append(
        Loss(
          .derivedValue, derivation.takesParts ? .both : .narrower,
          because: "what is made of several values passes no plain operator", at: origin))
    }
    return target
  }
}

extension ESQLPrinter {
  /// The column of a path.
  func column(of path: FieldPath, _ feature: Feature, at origin: Origin) throws(Diagnostic) -> ESQLTarget {
    var keys: [String] = []
    var losses: [Loss] = []
    for step in path.steps {
      switch step {
      case .key(let key): keys.append(key)
      // A value alone and a list of one are the same in Elasticsearch.
      case .each: break
      case .index:
        losses.append(Loss(.listIndex, .broader, because: "the order of a list is not stored", at: origin))
      case .keyPattern(let pattern): keys.append("\(pattern)")
      }
    }
    let name = keys.joined(separator: ".")
    guard !name.isEmpty else { throw never(feature, "a field without a name has no column", at: origin) }
    let column = schema.columns[path]
    let spelled = ESQLSpelling.name(name)
    return ESQLTarget(
      name: spelled, nullName: spelled, type: column?.type,
      mayBeList: known[path] != .single && (schema.mayBeList(path) || !losses.isEmpty),
      mayBeAbsent: known[path] == nil, isAnalysed: column?.isAnalysed ?? false, losses: losses)
  }
}

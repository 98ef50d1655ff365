import RuleIR

extension Unicode.Scalar {
  /// The scalar, and all others that fold alike, in the order of their numbers but for itself.
  var caseVariants: [Unicode.Scalar] {
    if isASCII, value & 0x5F != 0x4B, value & 0x5F != 0x53 {
      guard let other = otherASCIICase else { return [self] }
      return [self, other]
    }
    guard isASCII || properties.changesWhenCaseMapped else { return [self] }
    return [self] + (CaseTable.variants[simplyFolded] ?? []).filter { $0 != self }
  }

  /// Whether another scalar folds alike.
  var hasCaseVariants: Bool {
    if isASCII { return otherASCIICase != nil }
    guard properties.changesWhenCaseMapped else { return false }
    return (CaseTable.variants[simplyFolded]?.count ?? 0) > 1
  }

  private var otherASCIICase: Unicode.Scalar? {
    switch value {
    case 65...90, 97...122: Unicode.Scalar(UInt8(value) ^ 0x20)
    case _: nil
    }
  }
}

/// Which scalars fold alike, for all of Unicode.
private enum CaseTable {
  /// By their folding; those that fold to themselves alone are left out.
  static let variants: [Unicode.Scalar: [Unicode.Scalar]] = {
    var found: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    // No scalar with a case lies higher.
    for value in UInt32(0x41)...0x1E943 {
      guard let scalar = Unicode.Scalar(value), scalar.isASCII || scalar.properties.changesWhenCaseMapped else {
        continue
      }
      found[scalar.simplyFolded, default: []].append(scalar)
    }
    for (folded, own) in found where !own.contains(folded) { found[folded] = own + [folded] }
    return found.filter { $0.value.count > 1 }
  }()
}

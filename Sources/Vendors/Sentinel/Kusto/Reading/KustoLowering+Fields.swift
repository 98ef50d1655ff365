import RuleIR
import SourceText

extension KustoLowering {
  /// A field against another.
  ///
  /// Two missing texts are equal, and a missing one starts, ends and is contained in every text.
  mutating func fields(
    _ left: KustoSubject, _ operation: KustoComparison, _ right: KustoSubject
  ) throws(KustoGap) -> ThreeValued {
    if left.reading == .number || right.reading == .number { return try numbers(left, operation, right) }
    guard left.isText, right.isText else { throw gap("a comparison of something computed", left) }
    let positive: ThreeValued
    switch operation.relation {
    case .equals:
      let bothEmpty = Predicate.all([isEmpty(left.path, left.range), isEmpty(right.path, right.range)])
      positive = .total(.any([relation(.equals, left, operation, right), bothEmpty]))
    case .startsWith: positive = .total(orEmpty(relation(.startsWith, left, operation, right), right))
    case .endsWith: positive = .total(orEmpty(relation(.endsWith, left, operation, right), right))
    case .contains: positive = .total(orEmpty(relation(.contains, left, operation, right), right))
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return try numbers(left, operation, right)
    case .isIn, .term, .termPrefix, .termSuffix, .anyTerm, .allTerms, .regex, .between:
      throw gap("'\(operation.spelling)' between two columns", left)
    }
    return operation.isNegated ? .not(positive) : positive
  }

  private func orEmpty(_ test: Predicate, _ other: KustoSubject) -> Predicate {
    .any([test, isEmpty(other.path, other.range)])
  }

  private func relation(
    _ relation: FieldRelation, _ left: KustoSubject, _ operation: KustoComparison, _ right: KustoSubject
  ) -> Predicate {
    let folds =
      left.reading == .lowered && right.reading == .lowered || left.reading == .raised && right.reading == .raised
    return field(left, .field(relation, right.path, operation.isSensitive && !folds ? .sensitive : .insensitive))
  }

  private mutating func numbers(
    _ left: KustoSubject, _ operation: KustoComparison, _ right: KustoSubject
  ) throws(KustoGap) -> ThreeValued {
    let order: Order
    switch operation.relation {
    case .less: order = .less
    case .lessOrEqual: order = .lessOrEqual
    case .greater: order = .greater
    case .greaterOrEqual: order = .greaterOrEqual
    case .equals, .isIn, .contains, .startsWith, .endsWith, .term, .termPrefix, .termSuffix, .anyTerm, .allTerms,
      .regex, .between:
      throw gap("a comparison of two computed numbers", left)
    }
    let test = field(left, .field(.order(order), right.path, .sensitive))
    guard left.reading == .number || right.reading == .number else {
      return .test(test, defined: .any([test, field(left, .field(.order(order.opposite), right.path, .sensitive))]))
    }
    notes.append(
      Diagnostic(
        .assumedMeaning, "only numbers are compared, not texts that spell some", severity: .info,
        at: passage.range(of: left.range), label: "both fields are taken to hold numbers"))
    let defined = Predicate.all([isNumber(left), isNumber(right)])
    return .test(test, defined: defined)
  }

  private func isNumber(_ subject: KustoSubject) -> Predicate {
    let zero = Literal.number(Number(0), .strict)
    return .any([field(subject, .order(.less, zero)), field(subject, .order(.greaterOrEqual, zero))])
  }
}

extension KustoSubject {
  fileprivate var isText: Bool {
    switch reading {
    case .plain, .text, .lowered, .raised: true
    case .number, .boolean, .length, .count, .datePart, .type, .order, .position: false
    }
  }
}

/// A construct that is valid Kusto and that the rule model does not hold.
struct KustoGap: Error, Hashable {
  /// A short noun phrase, such as `the function 'extract'`; rules are counted by it.
  var reason: String
  /// Bytes of the passage.
  var range: Range<Int>
}

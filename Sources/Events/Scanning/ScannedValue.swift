/// A value of a wanted field, as it stands in the text of an event.
package struct ScannedValue {
  package enum Kind: UInt8 {
    /// A string, its quotes left out; escapes are still in it where `hasEscape` says so.
    case string
    case number
    case isTrue, isFalse
    /// The key is there without a value.
    case null
    /// The key is there, and holds a list; the values in it follow.
    case list
    case object, emptyObject
  }

  package var start: UInt32
  package var length: UInt32
  package var field: UInt32
  package var kind: Kind
  package var hasEscape: Bool
}

public import SourceText

/// Bytes that come piece by piece.
public protocol ByteSource {
  /// The next piece, never empty; nil at the end.
  ///
  /// - Throws: Why there is no more, though the end was not reached.
  mutating func next() throws(ByteFailure) -> [UInt8]?
}

/// Why a source of bytes broke off.
public struct ByteFailure: Error, Hashable, Sendable {
  public var code: DiagnosticCode
  public var reason: String

  public init(_ code: DiagnosticCode, _ reason: String) {
    self.code = code
    self.reason = reason
  }
}

/// Bytes that are at hand.
public struct BytesSource: ByteSource {
  private var rest: ArraySlice<UInt8>
  private let pieceSize: Int

  public init(_ bytes: [UInt8], pieceSize: Int = 1 << 18) {
    rest = bytes[...]
    self.pieceSize = max(1, pieceSize)
  }

  public mutating func next() throws(ByteFailure) -> [UInt8]? {
    guard !rest.isEmpty else { return nil }
    defer { rest = rest.dropFirst(pieceSize) }
    return Array(rest.prefix(pieceSize))
  }
}

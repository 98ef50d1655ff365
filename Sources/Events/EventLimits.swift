/// How much of anything is read.
public struct EventLimits: Sendable {
  /// The bytes of one event: etcd objects reach 1.5 MiB, and a RequestResponse event carries two.
  public var eventBytes = 8 << 20
  /// The bytes of a batch of events in one document; kube-apiserver cuts its batches at 10 MiB.
  public var batchBytes = 64 << 20
  public var depth = 256
  public var listElements = 100_000
  /// How many times larger than its gzip form a text may be, beyond the first `unpackedFreely` bytes.
  public var unpackingRatio = 200
  public var unpackedFreely = 64 << 20
  /// Unreadable lines in a row, with no event before them, after which the source is taken for something else.
  public var unreadableStart = 20

  public init() {}
}

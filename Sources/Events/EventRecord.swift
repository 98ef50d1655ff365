public import RuleIR
public import SourceText

/// One event as it was read.
public struct EventRecord: Sendable {
  /// The plain event, whatever it was wrapped in.
  public var event: EventValue
  public var place: EventPlace
  public var envelope: Envelope
  /// What had to be put right, or passed over, to read it.
  public var remarks: Set<EventRemark>

  public init(
    event: EventValue, place: EventPlace, envelope: Envelope = .plain, remarks: Set<EventRemark> = []
  ) {
    self.event = event
    self.place = place
    self.envelope = envelope
    self.remarks = remarks
  }
}

/// Where an event stood.
public struct EventPlace: Hashable, Sendable, CustomStringConvertible {
  /// The file's name, or `<stdin>`.
  public var source: String
  /// The line on which it starts, counted from one.
  public var line: Int
  /// The byte at which it starts, counted from zero in the uncompressed text.
  public var offset: Int
  /// Its place, counted from one, in the batch that it came in.
  public var item: Int?

  public init(source: String, line: Int, offset: Int, item: Int? = nil) {
    self.source = source
    self.line = line
    self.offset = offset
    self.item = item
  }

  /// `audit.log:12`, or `audit.log:1[3]` for the third event of a batch.
  public var description: String { "\(source):\(line)\(item.map { "[\($0)]" } ?? "")" }
}

/// Something about the text of an event that is no reason to refuse it.
public enum EventRemark: String, Hashable, Sendable, CaseIterable {
  /// An object has a key twice; the first counts.
  case duplicateKey
  /// Bytes that are no UTF-8, or half a surrogate pair, became U+FFFD.
  case repaired

  public var code: DiagnosticCode {
    switch self {
    case .duplicateKey: .duplicateEventKey
    case .repaired: .repairedEvent
    }
  }
}

/// What an event was wrapped in when it was read.
public enum Envelope: Hashable, Sendable {
  case plain
  /// As Elastic's integration stores it.
  case elastic
  /// A log event of CloudWatch, as EKS writes it.
  case cloudWatch
  /// A diagnostic log of Azure, as AKS writes it, with what the envelope says of the event.
  case azureDiagnostics(EventObject)
  /// A row of the table AKSAudit or AKSAuditAdmin.
  case aksAudit
  /// An entry of Google's Cloud Logging, as GKE writes it.
  case cloudLogging
  /// A result of a Splunk search, or an event on its way into Splunk.
  case splunk

  public var name: String {
    switch self {
    case .plain: "plain"
    case .elastic: "elastic"
    case .cloudWatch: "cloudwatch"
    case .azureDiagnostics: "azure-diagnostics"
    case .aksAudit: "aks-audit"
    case .cloudLogging: "cloud-logging"
    case .splunk: "splunk"
    }
  }
}

/// Something in a source of events that could not be read.
public struct EventFailure: Error, Hashable, Sendable {
  public var code: DiagnosticCode
  public var place: EventPlace
  /// Why, as a clause: `a string does not end`.
  public var reason: String
  /// Whether nothing more is read from the source.
  public var isFinal: Bool

  public init(_ code: DiagnosticCode, _ reason: String, at place: EventPlace, isFinal: Bool = false) {
    self.code = code
    self.reason = reason
    self.place = place
    self.isFinal = isFinal
  }

  /// For people; events have no source file to show, so the place stands in the message.
  public var diagnostic: Diagnostic {
    Diagnostic(code, "\(place) (byte \(place.offset)): \(reason)")
  }
}

/// What comes of reading on.
public enum EventReading: Sendable {
  case record(EventRecord)
  case failure(EventFailure)
}

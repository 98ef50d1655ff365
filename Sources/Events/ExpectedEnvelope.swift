import RuleIR

/// The envelope that every event of a source is in, where that is said beforehand.
///
/// What is in none, or in another, is then no event; and what only looks like an envelope is none.
public enum ExpectedEnvelope: String, Sendable, CaseIterable {
  case plain
  case elastic
  case cloudWatch = "cloudwatch"
  case azureDiagnostics = "azure-diagnostics"
  case aksAudit = "aks-audit"
  case cloudLogging = "cloud-logging"
  case splunk
  case panther

  /// Whether an event was in it.
  func isOf(_ envelope: Envelope, _ event: EventValue) -> Bool {
    switch (self, envelope) {
    case (.plain, .plain), (.elastic, .elastic), (.cloudWatch, .cloudWatch), (.azureDiagnostics, .azureDiagnostics),
      (.aksAudit, .aksAudit), (.cloudLogging, .cloudLogging), (.splunk, .splunk):
      true
    // Panther adds fields of its own to the event
    // (https://docs.panther.com/search/panther-fields, "Core fields").
    case (.panther, .plain): event.object?["p_log_type"] != nil
    case _: false
    }
  }
}

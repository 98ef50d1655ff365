/// The keys of a rule's YAML (panther_analysis_tool, schemas.py).
enum PantherKeys {
  /// Read into the rule model.
  static let read = [
    "AnalysisType", "Filename", "RuleID", "DisplayName", "Enabled", "LogTypes", "Severity", "Status", "Description",
    "Reference", "Tags", "Reports", "DedupPeriodMinutes", "Threshold", "Tests",
  ]
  /// Kept as they are, for writing back.
  static let kept = [
    "Enabled", "Runbook", "SummaryAttributes", "OutputIds", "CreatedBy", "OnlyUseBaseRiskScore", "DynamicSeverities",
    "AlertTitle", "AlertContext", "CreateAlert", "BaseVersion",
  ]
  /// Which change what fires, and are not read.
  static let refused = ["Detection", "ScheduledQueries", "InlineFilters", "GroupBy"]

  static let all = read + kept + refused
}

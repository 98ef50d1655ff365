public import LanguageSupport

/// Splunk's rules: bare searches, detections of a content repository, saved searches.
public enum Splunk: Vendor {
  public static let name = "splunk"
  public static let readers: [any RuleReader.Type] = [
    SPLReader.self, DetectionReader.self, OlderDetectionReader.self, SavedSearchReader.self,
  ]
  public static let writers: [any RuleWriter.Type] = [
    SPLWriter.self, DetectionWriter.self, OlderDetectionWriter.self, SavedSearchWriter.self,
  ]
}

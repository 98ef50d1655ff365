import Elastic
public import LanguageSupport
import Neutral
import Panther
import Sentinel
import Sigma
import Splunk

/// The one list of vendors: a new one is a line here.
public enum VendorRegistry {
  public static let all: [any Vendor.Type] = [
    Sigma.self,
    Elastic.self,
    Splunk.self,
    Sentinel.self,
    Panther.self,
    Neutral.self,
  ]
}

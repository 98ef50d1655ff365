/// Gives out file names: plain letters, none twice, whatever a file system makes of capitals.
struct PageNames {
  private var taken: Set<String> = []

  /// The name of a page in a folder, made of a text.
  mutating func page(_ text: String, in folder: String) -> String {
    let stem = folder + "/" + Self.plain(text)
    var name = stem
    var number = 2
    while !taken.insert(name.lowercased()).inserted {
      name = "\(stem)-\(number)"
      number += 1
    }
    return name + ".html"
  }

  /// Runs of anything but ASCII letters, digits, `.`, `_` and `-` as one `-`; never hidden, never empty.
  static func plain(_ text: String) -> String {
    var name = ""
    for scalar in text.unicodeScalars {
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      if isPlain || scalar == "_" || scalar == "." {
        name.unicodeScalars.append(scalar)
      } else if name.last != "-" {
        name += "-"
      }
    }
    let trimmed = String(name.drop { $0 == "." || $0 == "-" }.prefix(100))
    return trimmed.isEmpty ? "page" : trimmed
  }
}

import Synchronization

/// A mapping of which the fields may not have been read yet; threads share it.
final class MappingEntry: Sendable {
  /// All but the fields and the example.
  let header: Mapping
  private let read: @Sendable () -> Mapping
  private let found: Mutex<Mapping?>

  init(_ mapping: Mapping) {
    header = mapping
    read = { mapping }
    found = Mutex(mapping)
  }

  init(_ header: Mapping, whole read: @escaping @Sendable () -> Mapping) {
    self.header = header
    self.read = read
    found = Mutex(nil)
  }

  var whole: Mapping {
    found.withLock { found in
      let mapping = found ?? read()
      found = mapping
      return mapping
    }
  }
}

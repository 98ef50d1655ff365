import CYAML

/// The events of libyaml's parser, one at a time.
///
/// The input must outlive it.
final class YAMLEvents {
  /// libyaml keeps the parser's own address in it: it must not move.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let storage: UnsafeMutablePointer<yaml_event_t>

  init(_ input: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    storage = .allocate(capacity: 1)
    storage.initialize(to: yaml_event_t())
    parser.initialize(to: yaml_parser_t())
    guard yaml_parser_initialize(parser) == 1 else { preconditionFailure("no memory for a YAML parser") }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_event_delete(storage)
    yaml_parser_delete(parser)
    storage.deallocate()
    parser.deallocate()
  }

  /// The current event, until the next `advance`.
  var event: UnsafePointer<yaml_event_t> { UnsafePointer(storage) }

  /// Why the last `advance` failed.
  var failure: UnsafePointer<yaml_parser_t> { UnsafePointer(parser) }

  /// Goes to the next event; false where the text is malformed.
  func advance() -> Bool {
    yaml_event_delete(storage)
    return yaml_parser_parse(parser, storage) == 1
  }
}

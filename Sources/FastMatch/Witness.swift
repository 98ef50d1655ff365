import RuleIR

/// Something that an event must have for a rule to hold.
enum Witness: Hashable {
  /// The key of a field is there.
  case key(UInt32)
  /// A text of the field, folded, is this one, or begins, ends with it or has it.
  case equals(UInt32, [UInt8])
  case starts(UInt32, [UInt8])
  case ends(UInt32, [UInt8])
  case contains(UInt32, [UInt8])
  /// A number of the field, or the number that a text of it spells, is this one.
  case integer(UInt32, Int)

  /// A guess at how often an event has it, in ten-thousandths, where no events were seen.
  var guess: Int {
    switch self {
    case .key: 3_000
    case .integer: 400
    case .equals(_, let text): text.count < 4 ? 300 : 100
    case .starts(_, let text), .ends(_, let text), .contains(_, let text):
      switch text.count {
      case 0: 4_000
      case 1: 2_500
      case 2: 1_200
      case 3: 700
      case 4: 400
      case 5...7: 200
      case 8...11: 80
      case _: 40
      }
    }
  }
}

/// The functions of `eval`, `where` and their like.
///
/// https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/CommonEvalFunctions
enum EvalFunction {
  static let names: Set<String> = Set(
    """
    abs acos acosh asin asinh atan atan2 atanh avg bit_and bit_not bit_or bit_shift_left bit_shift_right bit_xor case
    ceil ceiling cidrmatch cluster coalesce commands cos cosh exact exp false floor getfields hypot if ifnull in
    ipmask isarray isbool isdouble isint ismv isnotnull isnull isnum isobject isstr json json_append json_array
    json_array_to_mv json_delete json_entries json_extend json_extract json_extract_exact json_has_key
    json_has_key_exact json_keys json_object json_set json_set_exact json_valid len like ln log lookup lower ltrim
    match max md5 min mv_to_json_array mvappend mvcount mvdedup mvfilter mvfind mvindex mvjoin mvmap mvrange
    mvreverse mvsort mvzip now null nullif object_to_array pi pow printf random relative_time replace round rtrim
    searchmatch sha1 sha256 sha512 sigfig sin sinh spath split sqrt strftime strptime substr sum tan tanh time
    toarray tobool todouble toint tomv tonumber toobject tostring trim true typeof upper urldecode validate xor
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  /// Functions that have a value just where their first argument has one, whatever it is.
  static let keepingPresence: Set<String> = [
    "replace", "trim", "ltrim", "rtrim", "urldecode", "md5", "sha1", "sha256", "sha512", "mvsort", "mvreverse",
    "mvjoin", "mvdedup", "substr", "split", "len", "lower", "upper", "tostring", "mvcount",
  ]

  /// How many arguments a function takes, for those whose meaning is known here.
  static let arities: [String: ClosedRange<Int>] = [
    "like": 2...2, "match": 2...2, "cidrmatch": 2...2, "isnull": 1...1, "isnotnull": 1...1, "in": 2...Int.max,
    "lower": 1...1, "upper": 1...1, "len": 1...1, "mvcount": 1...1, "mvfind": 2...2, "mvfilter": 1...1,
    "mvindex": 2...3, "mvdedup": 1...1, "if": 3...3, "case": 2...Int.max, "coalesce": 1...Int.max, "true": 0...0,
    "false": 0...0, "null": 0...0, "searchmatch": 1...1, "tonumber": 1...2, "tostring": 1...2,
    "substr": 2...3, "split": 2...2, "replace": 3...3,
  ]
}

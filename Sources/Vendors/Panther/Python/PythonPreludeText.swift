extension PythonPrelude {
  /// Functions about texts.
  static let texts = [
    #"""
    def _text(value):
        """A text as it is; empty for what is no text."""
        return value if isinstance(value, str) else ""
    """#,
    #"""
    def _folded_letter(letter):
        """The simple case folding of one character."""
        if letter == "\u0131":
            return letter
        upper = letter.upper()
        upper = upper if len(upper) == 1 else letter
        lower = upper.lower()
        return lower if len(lower) == 1 else upper
    """#,
    #"""
    def _folded(value):
        """A text with its letters folded one by one; empty for what is no text."""
        if not isinstance(value, str):
            return ""
        return value.lower() if value.isascii() else "".join(map(_folded_letter, value))
    """#,
    #"""
    def _is_word(character):
        return character.isalpha() or character.isdecimal()
    """#,
    #"""
    def _has_term(text, term, opens=True, closes=True):
        """Whether the term stands in the text with no letter or digit beside its ends."""
        start = text.find(term)
        while start >= 0:
            before, after = text[:start][-1:], text[start + len(term) :][:1]
            opened = not opens or not _is_word(term[0]) or not before or not _is_word(before)
            closed = not closes or not _is_word(term[-1]) or not after or not _is_word(after)
            if opened and closed:
                return True
            start = text.find(term, start + 1)
        return False
    """#,
    #"""
    def _has_term_prefix(text, term):
        return _has_term(text, term, closes=False)
    """#,
    #"""
    def _has_term_suffix(text, term):
        return _has_term(text, term, opens=False)
    """#,
    #"""
    def _in_network(value, network):
        """Whether the value is an address that lies in the network."""
        try:
            return (
                isinstance(value, str)
                and "%" not in value
                and ipaddress.ip_address(value) in ipaddress.ip_network(network)
            )
        except ValueError:
            return False
    """#,
  ]

  /// Functions about numbers; NaN stands for no number, since no comparison with it holds.
  static let numbers = [
    #"""
    def _number(value):
        """A number as it is; NaN for what is no number."""
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return value if is_number else float("nan")
    """#,
    #"""
    def _numeric(value):
        """A number, or a text that is wholly one, as a number; NaN for all else."""
        if not isinstance(value, str):
            return _number(value)
        if re.fullmatch("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?", value) is None:
            return float("nan")
        return int(value) if re.fullmatch("[+-]?[0-9]{1,300}", value) else float(value)
    """#,
    #"""
    def _spells(value, text, reading=_text):
        """Whether the text spells the value: a text, number or boolean."""
        if isinstance(value, str):
            return reading(value) == text
        if isinstance(value, bool):
            return text == ("true" if value else "false")
        return _number(value) == _numeric(text)
    """#,
    #"""
    def _moment(value):
        """The time that an RFC 3339 text names; nothing for all else."""
        form = (
            "([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}):([0-9]{2})"
            "([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
        )
        found = re.fullmatch(form, value) if isinstance(value, str) else None
        if found is None:
            return None
        day, clock, second, _, zone = found.groups()
        second = "59" if second == "60" else second
        zone = "+00:00" if zone in ("Z", "z") else zone
        try:
            return datetime.fromisoformat(f"{day}T{clock}:{second}{zone}").astimezone(timezone.utc)
        except (ValueError, OverflowError):
            return None
    """#,
  ]

  /// Functions that walk the event.
  static let paths = [
    #"""
    def _is_list(value):
        return isinstance(value, Sequence) and not isinstance(value, str)
    """#,
    #"""
    def _opened(value):
        """The value, or what the list holds; nothing for null."""
        if _is_list(value):
            for element in value:
                yield from _opened(element)
        elif value is not None:
            yield value
    """#,
    #"""
    def _members(value, key):
        """What lies under a key; a key with dots is split in every way, longest first part first."""
        if _is_list(value):
            for element in value:
                yield from _members(element, key)
        if not isinstance(value, Mapping):
            return
        keys = list(value)
        if key in keys:
            yield value[key]
        for index in range(len(key) - 1, -1, -1):
            if key[index] == "." and key[:index] in keys:
                yield from _members(value[key[:index]], key[index + 1 :])
    """#,
    #"""
    def _reached(value, step):
        """What one step leads to: a key, a position, every element, or a pattern of keys."""
        if _is_list(value) and isinstance(step, int):
            if -len(value) <= step < len(value):
                yield value[step]
        elif _is_list(value) and step is ...:
            yield from value
        elif isinstance(step, str):
            yield from _members(value, step)
        elif isinstance(step, re.Pattern) and isinstance(value, Mapping):
            for key in value:
                if step.fullmatch(key):
                    yield value[key]
        elif isinstance(step, re.Pattern) and _is_list(value):
            for element in value:
                yield from _reached(element, step)
    """#,
    #"""
    def _nodes(value, steps):
        """What lies at the end of the steps, lists and nulls included."""
        if not steps:
            yield value
            return
        for inner in _reached(value, steps[0]):
            yield from _nodes(inner, steps[1:])
    """#,
    #"""
    def _values(value, *steps):
        """The values at a path, with lists opened and nulls left out."""
        for node in _nodes(value, steps):
            yield from _opened(node)
    """#,
    #"""
    def _present(value, *steps):
        """The values at a path but for empty objects."""
        for found in _values(value, *steps):
            if not isinstance(found, Mapping) or len(found) > 0:
                yield found
    """#,
    #"""
    def _has_key(value, *steps):
        """Whether the last key is there, whatever its value."""
        for _ in _nodes(value, steps):
            return True
        return False
    """#,
    #"""
    def _has_value(value, *steps):
        """Whether there is a value."""
        for _ in _present(value, *steps):
            return True
        return False
    """#,
    #"""
    def _count(value, *steps):
        """How many values there are."""
        return sum(1 for _ in _present(value, *steps))
    """#,
    #"""
    def _spelling(value):
        """A scalar as text; nothing for an object."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Mapping):
            return None
        return str(value)
    """#,
    #"""
    def _spellings(value, *steps):
        """The scalars at a path as texts."""
        for found in _values(value, *steps):
            if not isinstance(found, Mapping):
                yield _spelling(found)
    """#,
    #"""
    def _lengths(value, *steps):
        """The lengths of the texts at a path."""
        for found in _values(value, *steps):
            if isinstance(found, str):
                yield len(found)
    """#,
    #"""
    def _date_parts(part, value, *steps):
        """A part, in UTC, of each time at a path."""
        for found in _values(value, *steps):
            moment = _moment(found)
            if moment is not None:
                yield moment.isocalendar()[1] if part == "week" else getattr(moment, part)
    """#,
    #"""
    def _all_texts(value):
        """Every scalar at any depth, as text; never a key."""
        for found in _opened(value):
            if isinstance(found, Mapping):
                for key in found:
                    yield from _all_texts(found[key])
            else:
                yield _spelling(found)
    """#,
  ]

  /// Functions that compare values with one another.
  static let comparisons = [
    #"""
    def _same(value, other):
        """Whether two values of any kind are equal; a boolean is no number."""
        if isinstance(value, Mapping):
            same_keys = isinstance(other, Mapping) and list(value) == list(other)
            return same_keys and all(_same(value[key], other[key]) for key in value)
        if _is_list(value):
            same_length = _is_list(other) and len(value) == len(other)
            return same_length and all(_same(*pair) for pair in zip(value, other))
        return isinstance(value, bool) == isinstance(other, bool) and value == other
    """#,
    #"""
    def _is_single(value, *steps):
        """Whether there is exactly one value, however often."""
        found = list(_present(value, *steps))
        return len(found) > 0 and all(_same(found[0], other) for other in found)
    """#,
    #"""
    def _equals(value, other, reading=_text):
        """Whether two scalars are equal."""
        if isinstance(value, str) and isinstance(other, str):
            return reading(value) == reading(other)
        return not isinstance(value, Mapping) and _same(value, other)
    """#,
    #"""
    def _starts(value, other, reading=_text):
        both = isinstance(value, str) and isinstance(other, str)
        return both and reading(value).startswith(reading(other))
    """#,
    #"""
    def _ends(value, other, reading=_text):
        both = isinstance(value, str) and isinstance(other, str)
        return both and reading(value).endswith(reading(other))
    """#,
    #"""
    def _contains(value, other, reading=_text):
        both = isinstance(value, str) and isinstance(other, str)
        return both and reading(other) in reading(value)
    """#,
    #"""
    def _precedes(value, other, reading=_text):
        """Whether one number or text comes before another."""
        if isinstance(value, str) and isinstance(other, str):
            return reading(value) < reading(other)
        return _number(value) < _number(other)
    """#,
    #"""
    def _at_most(value, other, reading=_text):
        """Whether one number or text does not come after another."""
        if isinstance(value, str) and isinstance(other, str):
            return reading(value) <= reading(other)
        return _number(value) <= _number(other)
    """#,
    #"""
    def _every(results):
        """Whether there are results and all of them hold."""
        found = list(results)
        return len(found) > 0 and all(found)
    """#,
    #"""
    def _group(*keys):
        """One text for a combination of values; different ones have different texts."""
        scalars = (str, int, float, type(None))
        return repr([key if isinstance(key, scalars) else list(key) for key in keys])
    """#,
  ]
}

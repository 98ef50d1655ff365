"""Events made from what a search tests: some that pass, and others one step away from passing."""
import ipaddress, random, re

try:
    from re import _parser as regex_parser
except ImportError:
    import sre_parse as regex_parser


class Fields:
    """Values by flattened name, as Splunk has them; `user.groups{}` is a list."""

    def __init__(self, values=None):
        self.values = values or {}

    def event(self):
        root = {}
        for name, value in self.values.items():
            put(root, name, value)
        return root


def put(node, name, value):
    """Puts a value where the flattened name leads; names that cross what is there are left out."""
    parts = [p for p in re.split(r"\.|(\{\})", name) if p]
    for index, part in enumerate(parts):
        is_last = index == len(parts) - 1
        following = parts[index + 1] if not is_last else None
        if isinstance(node, list):
            if part != "{}":
                if not node:
                    node.append({})
                node = node[0]
            elif is_last:
                node.extend(value if isinstance(value, list) else [value])
                return
            else:
                continue
        if not isinstance(node, dict) or part == "{}":
            return
        if is_last:
            if part not in node:
                node[part] = value if not isinstance(value, list) else value[0] if value else ""
            return
        if part not in node:
            node[part] = [] if following == "{}" else {}
        node = node[part]
        if not isinstance(node, (dict, list)) or isinstance(node, list) != (following == "{}"):
            return


class Maker:
    """Makes events for a condition, the same ones for the same seed."""

    def __init__(self, reference, seed):
        self.reference = reference
        self.random = random.Random(seed)

    def events(self, conditions, count):
        """Half of them built to pass all the conditions, each with up to two changes."""
        pool = {}
        made = []
        for _ in range(count):
            values = {}
            for condition in conditions:
                self.satisfy(condition, True, values)
            for name, value in values.items():
                pool.setdefault(name, []).append(value)
            for _ in range(self.random.choice([0, 0, 1, 1, 2, 3])):
                self.change(values, pool)
            made.append(Fields(values).event())
        return made

    def change(self, values, pool):
        if not pool:
            return
        name = self.random.choice(sorted(pool))
        value = self.random.choice(pool[name])
        kind = self.random.randrange(9)
        text = value if isinstance(value, str) else str(value)
        if kind == 0:
            values.pop(name, None)
        elif kind == 1:
            values[name] = text.swapcase()
        elif kind == 2:
            values[name] = text + "q"
        elif kind == 3:
            values[name] = "q" + text
        elif kind == 4:
            values[name] = self.random.choice(pool[self.random.choice(sorted(pool))])
        elif kind == 5 and name.endswith("{}"):
            values[name] = [text, "other"]
        elif kind == 6:
            values[name] = self.random.choice(["", "0", 7, 403, True, "10"])
        elif kind == 7 and re.fullmatch(r"-?\d{1,12}", text):
            values[name] = self.random.choice([int(text) - 1, int(text) + 1, int(text), str(int(text) + 1)])
        else:
            values[name] = value

    # What makes a condition true, or false; `values` is added to.

    def satisfy(self, node, wanted, values):
        kind = node[0]
        if kind == "grp":
            self.satisfy(node[1], wanted, values)
        elif kind == "not":
            self.satisfy(node[1], not wanted, values)
        elif kind in ("and", "or"):
            parts = node[1] if isinstance(node[1], list) else list(node[1:])
            if (kind == "and") == wanted:
                for part in parts:
                    self.satisfy(part, wanted, values)
            else:
                self.satisfy(self.random.choice(parts), wanted, values)
        elif kind == "xor":
            first = self.random.random() < .5
            self.satisfy(node[1], first, values)
            self.satisfy(node[2], first != wanted, values)
        elif kind == "cmp" and isinstance(node[1], str) and isinstance(node[3], list):
            self.compare(node[1], node[2], [c for c in node[3]], wanted, values)
        elif kind == "in" and isinstance(node[1], str):
            chosen = self.random.choice(node[2])
            if chosen and isinstance(chosen[0], list):
                self.compare(node[1], "=", chosen[0], wanted, values)
        elif kind == "text" and wanted:
            values.setdefault("note", self.filled(node[1]))
        elif kind == "cmp":
            self.compare_values(node[1], node[2], node[3], wanted, values)
        elif kind == "call":
            self.call(node[1], node[2], wanted, values)

    def filled(self, pattern):
        return "".join(self.random.choice(["", "x", "a/b"]) if c is None else c for c in pattern)

    def compare(self, field, operator, pattern, wanted, values):
        text = self.filled(pattern)
        if field == "_raw":
            if wanted:
                values.setdefault("note", text)
            return
        number = self.reference.num(text)
        if operator in ("=", "=="):
            if wanted:
                try:
                    text = str(ipaddress.ip_network(text, strict=False)[1]) if "/" in text else text
                except (ValueError, IndexError):
                    pass
                values[field] = self.typed(text)
            elif self.random.random() < .5:
                values.setdefault(field, text + "-not")
        elif operator == "!=":
            if wanted:
                values.setdefault(field, "other")
            else:
                values[field] = text
        elif number is not None:
            step = {"<": -1, "<=": 0, ">": 1, ">=": 0}[operator]
            values[field] = self.typed(str(int(number) + (step if wanted else -step or 1)))
        else:
            values[field] = text + ("a" if operator.startswith(">") else "")

    def typed(self, text):
        if re.fullmatch(r"-?(0|[1-9]\d{0,9})", text) and self.random.random() < .5:
            return int(text)
        return text

    def compare_values(self, operator, left, right, wanted, values):
        if left[0] in ("num", "str") and right[0] not in ("num", "str"):
            left, right = right, left
            operator = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(operator, operator)
        text = right[2] if right[0] == "num" else right[1] if right[0] == "str" else "x"
        field = self.field(left)
        if field is None or not isinstance(text, str):
            return
        if left[0] == "call" and left[1] == "len":
            text = "x" * int(self.reference.num(text) or 0)
            values[field] = text
            return
        self.compare(field, operator, list(text), wanted, values)

    def field(self, node):
        if node[0] == "fld":
            return node[1]
        if node[0] == "call":
            for argument in node[2]:
                found = self.field(argument)
                if found is not None:
                    return found
        return None

    def call(self, name, arguments, wanted, values):
        field = self.field(("call", name, arguments))
        if name in ("isnull", "isnotnull"):
            if field is not None and (name == "isnotnull") == wanted:
                values.setdefault(field, "x")
            elif field is not None:
                values.pop(field, None)
            return
        if field is None or not wanted:
            return
        texts = [a[1] for a in arguments if a[0] == "str"]
        if name == "like" and texts:
            values[field] = "".join({"%": self.random.choice(["", "x"]), "_": "y"}.get(c, c) for c in texts[-1])
        elif name == "match" and texts:
            values[field] = self.matching(texts[-1])
        elif name == "in" and len(arguments) > 1:
            self.compare_values("=", arguments[0], self.random.choice(arguments[1:]), True, values)
        elif name == "cidrmatch" and texts:
            try:
                values[field] = str(ipaddress.ip_network(texts[0], strict=False)[1])
            except (ValueError, IndexError):
                pass
        elif name == "searchmatch" and texts:
            self.satisfy(self.reference.SP(texts[0]).parse(), True, values)

    def matching(self, regex):
        """A text that the expression finds, mostly."""
        try:
            tree = regex_parser.parse(re.sub(r"\(\?<(?![=!])", "(?P<", regex))
        except Exception:
            return regex
        return self.random.choice(["", "a "]) * (not regex.startswith("^")) + self.generated(tree)

    def generated(self, tree):
        out = ""
        for operator, value in tree:
            name = str(operator)
            if name == "LITERAL":
                out += chr(value)
            elif name == "NOT_LITERAL":
                out += "z" if value != ord("z") else "y"
            elif name == "ANY":
                out += "x"
            elif name == "IN":
                out += self.member(value)
            elif name == "BRANCH":
                out += self.generated(self.random.choice(value[1]))
            elif name == "SUBPATTERN":
                out += self.generated(value[3])
            elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                out += "".join(self.generated(value[2]) for _ in range(min(value[0] + self.random.randrange(2), value[1])))
        return out

    def member(self, choices):
        if choices and str(choices[0][0]) == "NEGATE":
            return "~"
        operator, value = self.random.choice(choices)
        name = str(operator)
        if name == "LITERAL":
            return chr(value)
        if name == "RANGE":
            return chr(self.random.randint(*value))
        return {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "w"}.get(str(value), "-")

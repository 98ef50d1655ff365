#!/usr/bin/env python3
"""Opens the catalogue in a real browser from the disk, and uses it as people do.

COGNATE is the program (else the debug build); SCREENSHOTS a folder to keep pictures in.
"""
import html.parser, json, os, pathlib, re, shutil, subprocess, sys, tempfile, unittest, urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from devtools import Browser

ROOT = pathlib.Path(__file__).resolve().parents[2]
COGNATE = os.environ.get("COGNATE", str(ROOT / ".build/debug/cognate"))
HOSTILE = ["<script>window.hurt=1</script>", "\"><img src=x onerror=\"window.hurt=1\">", "'; window.hurt=1; //",
           "\"\u0301 onmouseover=\"window.hurt=1", "{{{title}}}", "</title></style></textarea>", "]]><!--",
           "javascript:window.hurt=1"]


def hostile_rule(number, text):
    quoted = json.dumps(text)
    return f"""title: {quoted}
id: 00000000-0000-4000-8000-{number:012d}
description: {quoted}
author: {quoted}
references: [{quoted}]
falsepositives: [{quoted}]
tags: [attack.t1552.007, {quoted}]
logsource: {{ product: kubernetes, service: audit }}
detection:
  selection:
    verb: list
    objectRef.resource: secrets
    user.username: {quoted}
    userAgent|contains: {quoted}
  condition: selection
level: high
"""


def made(folder):
    """A catalogue of the program's own rules, and of rules that would like to be markup."""
    rules = pathlib.Path(folder) / "hostile <b>&amp;"
    rules.mkdir()
    for number, text in enumerate(HOSTILE):
        (rules / f"hostile{number}.yml").write_text(hostile_rule(number, text))
    (rules / "refused.yml").write_text(hostile_rule(99, HOSTILE[0]).replace("verb: list", "verb|<script>: list"))
    events = pathlib.Path(folder) / "events <i>.ndjson"
    lines = (ROOT / "samples/secrets/operations.ndjson").read_text().splitlines()
    lines.append(json.dumps({
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": "x", "stage": "ResponseComplete",
        "requestURI": "/api/v1/secrets", "verb": "list", "user": {"username": HOSTILE[0]}, "userAgent": HOSTILE[0],
        "sourceIPs": ["10.0.0.1"], "objectRef": {"resource": "secrets", "apiVersion": "v1", "namespace": HOSTILE[1]},
        "requestReceivedTimestamp": "2024-01-01T00:00:00.000000Z", "stageTimestamp": "2024-01-01T00:00:00.000000Z"}))
    events.write_text("\n".join(lines) + "\n")
    out = pathlib.Path(folder) / "out"
    done = subprocess.run(
        [COGNATE, "catalog", str(ROOT / "vendor-rules"), str(rules), "--events", str(events), "-o", str(out)],
        capture_output=True, text=True)
    if not (out / "index.html").exists():
        raise SystemExit(f"no catalogue was written: {done.stderr[-3000:]}")
    return out


class Checker(html.parser.HTMLParser):
    """What a page refers to, and what it is made of."""

    def __init__(self):
        super().__init__()
        self.links, self.ids, self.tags, self.attributes = [], set(), [], []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        if "id" in found:
            assert found["id"] not in self.ids, f"two elements have the id {found['id']}"
            self.ids.add(found["id"])
        for key in ("href", "src"):
            if key in found:
                self.links.append((tag, key, found[key]))


class Pages(unittest.TestCase):
    """What can be told of the files without a browser."""

    @classmethod
    def setUpClass(cls):
        cls.pages = {}
        for path in sorted(OUT.rglob("*.html")):
            checker = Checker()
            checker.feed(path.read_text())
            cls.pages[path] = checker

    def test_there_are_pages_of_every_kind(self):
        kinds = {path.relative_to(OUT).parts[0] for path in self.pages}
        self.assertTrue({"index.html", "rules.html", "operations", "resources", "rules", "fields", "techniques"} <= kinds)
        self.assertGreater(len(self.pages), 200)

    def test_every_link_leads_somewhere(self):
        for path, page in self.pages.items():
            for tag, key, link in page.links:
                url = urllib.parse.urlsplit(link)
                if url.scheme:
                    self.assertEqual((tag, key, url.scheme), ("a", "href", url.scheme if url.scheme in ("https", "http") else "https"))
                    continue
                target = (path.parent / urllib.parse.unquote(url.path)).resolve() if url.path else path
                self.assertTrue(target.is_file(), f"{path}: {link}")
                if url.fragment and target in self.pages:
                    self.assertIn(url.fragment, self.pages[target].ids, f"{path}: {link}")

    def test_every_page_says_what_may_run(self):
        for path, page in self.pages.items():
            policies = [a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
            self.assertEqual(len(policies), 1, path)
            self.assertIn("default-src 'none'", policies[0])
            self.assertNotIn("unsafe", policies[0])
            scripts = [a for t, a in page.tags if t == "script"]
            self.assertEqual(len(scripts), 1, path)
            self.assertFalse([a for _, a in page.tags if any(k.startswith("on") or k == "style" for k in a)], path)

    def test_every_page_can_be_read_aloud(self):
        for path, page in self.pages.items():
            names = [t for t, _ in page.tags]
            self.assertEqual(names.count("h1"), 1, path)
            self.assertEqual(names.count("main"), 1, path)
            self.assertIn(("html", {"lang": "en"}), page.tags)
            for tag, attributes in page.tags:
                if tag == "th":
                    self.assertIn(attributes.get("scope"), ("col", "row"), path)
            levels = [int(n[1]) for n in names if re.fullmatch("h[1-6]", n)]
            self.assertTrue(all(after - before <= 1 for before, after in zip(levels, levels[1:])), f"{path}: {levels}")

    def test_templates_never_leave_a_text_unescaped(self):
        templates = list((ROOT / "templates").glob("*.mustache"))
        self.assertTrue(templates)
        for template in templates:
            self.assertIsNone(re.search(r"{{{|{{\s*&|{{%|{{=", template.read_text()), template)


class Used(unittest.TestCase):
    """The catalogue in the browser."""

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.page = cls.browser.page()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def setUp(self):
        self.page.messages.clear()
        self.page.requests.clear()
        self.page.screen(1280, 900)

    def open(self, name="index.html"):
        self.page.open((OUT / name).as_uri())

    def tearDown(self):
        self.assertEqual(self.page.messages, [], "messages of the console")
        outside = [url for url in self.page.requests if not url.startswith(OUT.as_uri() + "/")]
        self.assertEqual(outside, [], "requests that left the folder")

    def texts(self, selector):
        return self.page.run(f"[...document.querySelectorAll({json.dumps(selector)})].filter(e => e.checkVisibility()).map(e => e.textContent.trim())")

    def test_every_page_opens_without_a_message(self):
        for path in sorted(OUT.rglob("*.html")):
            self.page.open(path.as_uri())
            self.assertIsNone(self.page.run("window.hurt ?? null"), path)
            self.assertFalse(self.page.run("!!document.querySelector('img, iframe, object, embed')"), path)

    def test_tables_sort_by_their_headings(self):
        self.open("rules.html")
        titles = "table.rules tbody th a"
        before = self.texts(titles)
        self.page.click("table.rules thead th:nth-child(1) button")
        self.assertEqual(self.texts(titles), sorted(before, key=str.lower))
        self.assertEqual(self.page.run("document.querySelector('thead th').getAttribute('aria-sort')"), "ascending")
        self.page.click("table.rules thead th:nth-child(1) button")
        self.assertEqual(self.texts(titles)[0], sorted(before, key=str.lower)[-1])
        self.page.click("table.rules thead th:nth-child(1) button")
        self.assertEqual(self.texts(titles), before)
        self.page.click("table.rules thead th:nth-child(3) button")
        self.assertIn(self.texts("table.rules tbody tr:first-child .level")[0], ("critical", "high"))

    def test_lists_can_be_narrowed(self):
        self.open("rules.html")
        every = len(self.texts("table.rules tbody tr"))
        self.page.run("(s => { s.value = 'splunk'; s.dispatchEvent(new Event('input', {bubbles: true})); })(document.querySelector('[name=vendor]'))")
        shown = self.texts("table.rules tbody tr td:nth-child(2)")
        self.assertTrue(0 < len(shown) < every and set(shown) == {"splunk"}, shown)
        self.assertEqual(self.page.run("document.querySelector('output').textContent"), f"{len(shown)} of {every} shown")
        self.page.run("(s => { s.value = 'T1552.007'; s.dispatchEvent(new Event('input', {bubbles: true})); })(document.querySelector('[name=technique]'))")
        both = self.texts("table.rules tbody tr td.ids")
        self.assertTrue(both and all("T1552.007" in text for text in both))
        self.page.click("form.filters button[type=reset]")
        self.page.run("new Promise(done => setTimeout(done, 50))")
        self.assertEqual(len(self.texts("table.rules tbody tr")), every)

    def test_operations_can_be_narrowed_to_those_that_nobody_watches(self):
        self.open()
        self.page.run("(s => { s.value = 'no'; s.dispatchEvent(new Event('input', {bubbles: true})); })(document.querySelector('[name=watched]'))")
        rows = self.texts("table.matrix tbody th")
        self.assertTrue(rows and all("gap" in row for row in rows))

    def test_a_cell_leads_to_its_rules_and_they_to_their_pages(self):
        self.open()
        row = "table.matrix tbody tr:has(a[href='operations/list-secrets.html'])"
        self.page.click(f"{row} td.cell a[title^='sigma']")
        self.page.wait_loaded()
        self.assertTrue(self.page.run("location.href").endswith("operations/list-secrets.html#v-sigma"))
        self.assertTrue(self.texts("#v-sigma tbody tr"))
        self.page.click("#v-sigma tbody tr th a")
        self.page.wait_loaded()
        self.assertIn("/rules/sigma/", self.page.run("location.href"))
        for heading in ("Meaning", "As written", "Operations", "Looks for", "In other words", "Fired on recorded events"):
            self.assertIn(heading, self.texts("h2"))
        self.assertTrue(self.texts("pre.query mark"))
        self.assertGreaterEqual(len(self.texts("details.translation")), 6)

    def test_a_cell_of_the_heat_map_is_a_link_too(self):
        self.open()
        self.page.run("document.querySelector('svg.heat a[href^=\"operations/list-secrets\"]').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
        self.page.wait_loaded()
        self.assertIn("operations/list-secrets.html", self.page.run("location.href"))

    def test_texts_of_rules_and_events_show_as_texts(self):
        for number, text in enumerate(HOSTILE):
            self.open(f"rules/sigma/hostile{number}.html")
            self.assertEqual(self.page.run("document.querySelector('h1').textContent"), text)
            self.assertIn(text, self.page.run("document.querySelector('.about').textContent"))
            self.assertEqual(self.page.run("document.querySelectorAll('main [onerror], main [onmouseover], main script, main img').length"), 0)
            hrefs = self.page.run("[...document.querySelectorAll('a')].map(a => a.protocol)")
            self.assertTrue(set(hrefs) <= {"file:", "https:", "http:"}, hrefs)
            self.assertIsNone(self.page.run("window.hurt ?? null"))
        self.open("rules/sigma/hostile0.html")
        self.assertIn(HOSTILE[0], self.page.run("document.querySelector('.events').textContent"))

    def test_it_reads_the_same_without_script(self):
        self.open()
        with_script = self.texts("table.matrix tbody th")
        self.page.call("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.open()
            self.assertEqual(self.texts("table.matrix tbody th"), with_script)
            self.assertEqual(self.texts("form.filters"), [])
        finally:
            self.page.call("Emulation.setScriptExecutionDisabled", value=False)

    def test_nothing_sticks_out_at_the_width_of_a_phone(self):
        self.page.screen(390, 844, phone=True)
        for name in SHOWN:
            self.open(name)
            self.assertLessEqual(self.page.run("document.documentElement.scrollWidth"), 390, name)

    def test_colours_can_be_told_apart_in_both_themes(self):
        for theme in ("light", "dark"):
            self.page.screen(1280, 900, theme)
            self.open()
            colour = {name: self.page.run(f"getComputedStyle(document.documentElement).getPropertyValue('--{name}').trim()")
                      for name in ("bg", "panel", "code", "mark", "tint2", "tint3", "tint4", "ink", "soft", "accent", "gap", "always")}
            for front, backs in (("ink", ("bg", "panel", "code", "mark", "tint2", "tint3", "tint4")), ("soft", ("bg", "panel", "code", "tint2", "tint3")),
                                 ("accent", ("bg", "panel", "tint2", "tint3", "tint4")), ("gap", ("panel",)), ("always", ("panel", "tint4"))):
                for back in backs:
                    self.assertGreaterEqual(contrast(colour[front], colour[back]), 4.5, f"{theme}: {front} on {back}")

    def test_pictures_of_both_themes_and_of_a_phone(self):
        folder = pathlib.Path(os.environ.get("SCREENSHOTS", SCRATCH))
        folder.mkdir(parents=True, exist_ok=True)
        sizes = set()
        for theme in ("light", "dark"):
            for width, height, phone in ((1280, 1000, False), (390, 844, True)):
                self.page.screen(width, height, theme, phone)
                for name in SHOWN:
                    self.open(name)
                    picture = folder / f"{name.replace('/', '-').removesuffix('.html')}-{theme}-{width}.png"
                    self.page.shot(picture)
                    sizes.add(picture.stat().st_size > 5_000)
        self.assertEqual(sizes, {True})

    def test_it_prints(self):
        self.open("operations/list-secrets.html")
        self.assertGreater(len(self.page.call("Page.printToPDF")["data"]), 10_000)


def contrast(one, other):
    """The contrast of two colours as WCAG 2 defines it."""
    def light(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


SCRATCH = tempfile.mkdtemp(prefix="cognate-web-")
SHOWN = ["index.html", "operations/list-secrets.html", "resources/secrets.html", "rules.html",
         "rules/sigma/secrets_list_enumeration.html", "fields.html", "fields/userAgent.html", "techniques.html", "backlog.html"]
if __name__ == "__main__":
    try:
        OUT = made(SCRATCH).resolve()
        unittest.main(verbosity=1)
    finally:
        shutil.rmtree(SCRATCH, ignore_errors=True)

"""Makes events for scripts/bench, the same for the same seed.

Kubernetes audit events are drawn after ../shared/events/profile.json: users, agents, verbs, resources, codes, stages
and the presence of keys as often as in real logs. Windows events are real ones of ../shared/corpora/sigma's
regression data with names, numbers and paths varied.
"""
import bisect, itertools, json, pathlib, random, re

SHARED = pathlib.Path(__file__).resolve().parent.parent.parent / "shared"
SOURCES = ["minikube_1.33_mixed_policy", "minikube_1.35_attack_sim", "kube-apiserver_1.20.2_6nodes_busy_all_metadata"]


def chooser(rng, table):
    """Draws from [[value, count, share], ...]."""
    values = [row[0] for row in table]
    sums = list(itertools.accumulate(row[1] for row in table))
    return lambda: values[bisect.bisect(sums, rng.random() * sums[-1])]


class Profile:
    def __init__(self, rng, profile):
        self.rng, self.keys = rng, profile["key_presence"]
        self.pick = {k: chooser(rng, profile[k]) for k in (
            "stage", "level", "top_users", "top_userAgents", "top_verb_resource", "namespaces", "response_codes",
            "group_sets")}
        self.keys_of_reference = profile["objectRef_key_presence"]
        self.escapes = profile["lines_with_u0026_escape"]
        self.annotations = profile["annotation_keys"]

    def has(self, table, key):
        return self.rng.random() < table.get(key, 0)


def hexadecimal(rng, length):
    return "%0*x" % (length, rng.getrandbits(4 * length))


def identifier(rng):
    h = hexadecimal(rng, 32)
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def filled(rng, text):
    """A name of the profile with its placeholders filled in."""
    return re.sub(r"<(\w+)>", lambda m: {"ver": f"v1.{rng.randint(24, 33)}.{rng.randint(0, 9)}",
                                         "sha": hexadecimal(rng, 7), "node": f"node-{rng.randint(1, 40)}"}.get(
        m[1], hexadecimal(rng, 5)), text)


def kubernetes_event(profile, number):
    rng, pick = profile.rng, {k: f() for k, f in profile.pick.items()}
    verb, resource = pick["top_verb_resource"]
    if rng.random() < 0.02:
        resource = "secrets"
    namespace = pick["namespaces"]
    time = f"2026-03-{1 + number // 86400000 % 28:02}T{number // 3600000 % 24:02}:{number // 60000 % 60:02}:" \
           f"{number // 1000 % 60:02}.{number % 1000 * 1000 + rng.randint(0, 999):06}Z"
    group, _, name = resource.rpartition("/") if "." in resource.split("/")[0] else ("", "", resource)
    name, _, subresource = name.partition("/")
    target = f"{name.rstrip('s') or 'x'}-{hexadecimal(rng, 5)}"
    path = "/healthz" if resource == "(non-resource)" else \
        ("/apis/" + group if group else "/api") + "/v1" + \
        (f"/namespaces/{namespace}" if namespace != "(none)" else "") + f"/{name}"
    if resource != "(non-resource)" and verb not in ("list", "watch", "create", "deletecollection"):
        path += f"/{target}" + (f"/{subresource}" if subresource else "")
    if rng.random() < profile.escapes:
        path += f"?allowWatchBookmarks=true&resourceVersion={rng.randint(1, 9**7)}&watch={str(verb == 'watch').lower()}"
    event = {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": pick["level"], "auditID": identifier(rng),
             "stage": pick["stage"], "requestURI": path, "verb": verb,
             "user": {"username": filled(rng, pick["top_users"]),
                      "groups": re.findall(r"'([^']*)'", str(pick["group_sets"]))},
             "sourceIPs": [f"10.{rng.randint(0, 3)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"],
             "userAgent": filled(rng, pick["top_userAgents"])}
    if rng.random() < 0.4:
        event["user"]["uid"] = identifier(rng)
        event["user"]["extra"] = {"authentication.kubernetes.io/pod-name": [target],
                                  "authentication.kubernetes.io/pod-uid": [identifier(rng)]}
    if resource != "(non-resource)":
        reference = event["objectRef"] = {"resource": name}
        if namespace != "(none)":
            reference["namespace"] = namespace
        if verb not in ("list", "watch", "create", "deletecollection"):
            reference["name"] = target
        if group:
            reference["apiGroup"] = group
        reference["apiVersion"] = "v1"
        if subresource:
            reference["subresource"] = subresource
    if event["stage"] != "RequestReceived":
        code = pick["response_codes"]
        event["responseStatus"] = {"metadata": {}, "code": int(code) if code.isdigit() else 200}
        if event["level"] in ("Request", "RequestResponse") and rng.random() < 0.5:
            body = {"kind": "Object", "metadata": {"name": target, "namespace": namespace, "uid": identifier(rng),
                    "labels": {"app": target, "pod-template-hash": hexadecimal(rng, 9)}},
                    "spec": {"containers": [{"name": "main", "image": f"registry.example/{target}:{rng.randint(1, 99)}",
                                             "args": ["--port=8080", f"--id={identifier(rng)}"]}]}}
            event["requestObject"] = body
            if event["level"] == "RequestResponse":
                event["responseObject"] = body
    event["requestReceivedTimestamp"] = event["stageTimestamp"] = time
    if "responseStatus" in event:
        event["annotations"] = {"authorization.k8s.io/decision": "forbid" if rng.random() < 0.02 else "allow",
                                "authorization.k8s.io/reason": f"RBAC: allowed by ClusterRoleBinding \"{target}\""}
    return json.dumps(event, separators=(",", ":")).replace("&", "\\u0026")


def kubernetes(count, seed=1):
    rng = random.Random(seed)
    tables = json.load(open(SHARED / "events/profile.json"))
    profiles = [Profile(rng, tables[name]) for name in SOURCES]
    for number in range(count):
        yield kubernetes_event(rng.choice(profiles), number * 13)


def windows_originals():
    events = []
    for path in sorted((SHARED / "corpora/sigma/regression_data").rglob("*.json")):
        text, at, decoder = path.read_text(), 0, json.JSONDecoder()
        while at < len(text.rstrip()):
            value, at = decoder.raw_decode(text, at)
            events += value if isinstance(value, list) else [value]
            while at < len(text) and text[at].isspace():
                at += 1
    return events


def flat(event):
    """The fields of a Windows event under the names that rules use."""
    system = event["Event"]["System"]
    fields = {"EventID": system.get("EventID"), "Channel": system.get("Channel"), "Computer": system.get("Computer"),
              "Provider_Name": system.get("Provider", {}).get("#attributes", {}).get("Name"),
              "TimeCreated": system.get("TimeCreated", {}).get("#attributes", {}).get("SystemTime")}
    if isinstance(fields["EventID"], dict):
        fields["EventID"] = fields["EventID"].get("#text")
    fields.update(event["Event"].get("EventData") or {})
    return fields


PROGRAMS = ["svchost.exe", "chrome.exe", "explorer.exe", "SearchHost.exe", "MsMpEng.exe", "RuntimeBroker.exe",
            "powershell.exe", "cmd.exe", "python.exe", "Teams.exe", "OUTLOOK.EXE", "conhost.exe", "taskhostw.exe"]
FOLDERS = ["C:\\Windows\\System32", "C:\\Program Files\\Vendor\\App", "C:\\Users\\user\\AppData\\Local\\Temp",
           "C:\\Windows\\SysWOW64", "D:\\work\\build\\out"]


def windows(count, seed=1, share_original=0.05):
    """Most events are of everyday programs in the shape of a real one; some keep the words that rules look for."""
    rng, originals = random.Random(seed), [flat(e) for e in windows_originals()]
    for _ in range(count):
        event = dict(rng.choice(originals))
        everyday = rng.random() > share_original
        for key, value in event.items():
            if isinstance(value, str):
                value = re.sub(r"[0-9A-F]{32,64}", lambda m: hexadecimal(rng, len(m[0])).upper(), value)
                if key.endswith("Guid") or key == "LogonGuid":
                    value = identifier(rng).upper()
                elif everyday and "\\" in value and key not in ("User", "Channel"):
                    value = f"{rng.choice(FOLDERS)}\\{rng.choice(PROGRAMS)}" + (
                        f" --type=utility --id={rng.randint(1, 10**6)}" if "Line" in key else "")
                elif everyday and key in ("CommandLine", "ParentCommandLine", "Description", "Product", "Company",
                                          "OriginalFileName", "ScriptBlockText", "Payload"):
                    value = f"Everyday text {rng.randint(1, 10**6)} of {rng.choice(PROGRAMS)}"
                event[key] = value
            elif isinstance(value, int) and key.endswith("Id") and key != "EventID":
                event[key] = rng.randint(100, 60000)
        yield json.dumps(event, separators=(",", ":"))

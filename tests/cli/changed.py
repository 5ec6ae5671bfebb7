#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""changed.py: random imports, days and edits of a ruleset, seen from outside.

    changed.py HENG RULES SCHEMAS [SEED] [STEPS]

After each step a changed batch with a feed must fit two full batches: the lines patched
into the old ones give the new ones, and the feed says exactly what differs between them.
"""
import json, pathlib, random, subprocess, sys, tempfile, warnings

warnings.simplefilter("ignore")
try:
    import jsonschema
    jsonschema.Draft202012Validator
except (ImportError, AttributeError):
    print("skipped: python3-jsonschema is not installed (apt-get install python3-jsonschema)")
    sys.exit(77)

heng, rules_from, schemas = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
steps = int(sys.argv[5]) if len(sys.argv) > 5 else 12
chance = random.Random(seed)
schema = jsonschema.Draft202012Validator(json.loads((schemas / "heng.change-1.json").read_text()))

FIRMS = ["T-%02d" % i for i in range(14)]
PEOPLE = ["P-%02d" % i for i in range(5)] + ["430102198001010011", "430102201501010012"]
EDITS = [('decimal("1000")', 'decimal("2000")'), ("last: P3Y", "last: P2Y"),
         ("through: [head]", "through: [heads]"), ("kind: incentive\n    force: discretionary", "kind: incentive\n    force: mandatory"),
         ("disputed: suspend", "disputed: mark"), ('article: null', 'article: "31"'),
         ("on_repair: stays", "on_repair: ends"),
         ("expires_on: optional", "expires_on: optional\n    use_limit: P1Y")]


def day():
    return "20%02d-%02d-%02d" % (chance.randint(22, 27), chance.randint(1, 12), chance.randint(1, 28))


def subject():
    if chance.random() < 0.3:
        return {"type": "subject", "id": chance.choice(PEOPLE), "kind": "natural_person", "name": "示例某", "region": "430102"}
    line = {"type": "subject", "id": chance.choice(FIRMS), "kind": "legal_person", "name": "示例公司",
            "region": chance.choice(["430102", "431200"]), "status": chance.choice(["active", "active", "restructured"])}
    if chance.random() < 0.6:
        line["relations"] = [{"role": chance.choice(["head", "heads"]), "id": chance.choice(PEOPLE + FIRMS)}]
        if line["relations"][0]["id"] == line["id"]:
            del line["relations"]
    return line


def record():
    category = chance.choice(["debt", "debt", "accident", "honour"])
    line = {"type": "record", "id": "R-%02d" % chance.randrange(30), "subject": chance.choice(FIRMS + PEOPLE), "category": category,
            "authority": "小镇法院", "document_no": "D-%d" % chance.randrange(100), "decided_on": day(),
            "status": chance.choice(["active", "active", "active", "disputed", "repaired", "revoked"])}
    if category == "debt" and chance.random() < 0.8:
        line["attributes"] = {"amount": str(chance.choice([500, 1500, 5000]))}
    if category == "accident" and chance.random() < 0.5:
        line["expires_on"] = "2028-01-01"
    return line


def run(*arguments, code=0):
    done = subprocess.run([heng, *arguments], capture_output=True, text=True)
    assert done.returncode == code, (arguments, done.returncode, done.stderr)
    return done


def lines(path):
    text = path.read_text()
    return {json.loads(line)["subject"]: line for line in text.splitlines()}


def told(line):
    value = json.loads(line)
    return bool(value["measures"] or value["undetermined"])


def measures(all_lines):
    """What applies, by subject and measure."""
    return {(subject, measure["id"]): {key: measure[key] for key in ("state", "from", "until", "rules", "grounds")}
            for subject, line in all_lines.items() for measure in json.loads(line)["measures"]}


def check_feed(path, old, new, state):
    head, *rest = [json.loads(line) for line in path.read_text().splitlines()]
    for line in [head, *rest]:
        schema.validate(line)
        assert not schema.is_valid({**line, "surprise": 1})
    before, after = measures(old), measures(new)
    assert [line["number"] for line in rest] == list(range(1, len(rest) + 1))
    keys = [(line["subject"], line["measure"]) for line in rest]
    assert keys == sorted(keys) and len(set(keys)) == len(keys), keys
    for line, key in zip(rest, keys):
        for end, at in ((line["before"], before), (line["after"], after)):
            applies = end is not None and end["state"] != "undetermined"
            assert applies == (key in at), line
            if applies:
                assert {name: end[name] for name in at[key]} == at[key], line
        assert (line["change"] == "gained") == (key in after and key not in before), line
        assert head["from"] is None or line["cause"], line
        if line["change"] == "lost":
            undetermined = json.loads(new[line["subject"]])["undetermined"] if line["subject"] in new else []
            assert not set(line["before"]["rules"]) & set(undetermined), line
    for key in before.keys() | after.keys():
        assert before.get(key) == after.get(key) or key in keys, (key, before.get(key), after.get(key))
    for _ in range(2):  # applied twice, as a receiver may
        for line, key in zip(rest, keys):
            if line["after"] is None:
                state.pop(key, None)
            else:
                state[key] = line["after"]
        applying = {key: value for key, value in state.items() if value["state"] != "undetermined"}
        assert {key: {name: value[name] for name in after[key]} for key, value in applying.items()} == after
    return head


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    rules, db = folder / "rules.yaml", str(folder / "db")
    text = original = (rules_from / "town.yaml").read_text()
    rules.write_text(text)
    as_of, old, state, number, changed = "2024-06-01", {}, {}, 0, 0
    for step in range(steps):
        if step == 0 or chance.random() < 0.7:
            size = 40 if step == 0 else chance.randint(1, 6)
            data = folder / "in.ndjson"
            data.write_text("".join(json.dumps(chance.choice([subject, record])()) + "\n" for _ in range(size)))
            subprocess.run([heng, "import", "-q", str(data), "--db", db, "--rules", str(rules)], capture_output=True)
        if chance.random() < 0.5:
            was, now = chance.choice(EDITS)
            text = text.replace(was, now) if was in text and now not in text else original
            rules.write_text(text)
        if chance.random() < 0.5:
            as_of = day() if chance.random() < 0.3 else "%04d-%s" % (int(as_of[:4]) + (as_of[:4] < "2027"), as_of[5:])
        common = ["--db", db, "--rules", str(rules), "--as-of", as_of, "--unmask", "-q", "--threads", str(chance.choice([1, 2, 5]))]
        copy = str(folder / "copy")
        # full lines, without leaving a baseline: of a copy of the store
        run("store", "backup", copy, "--db", db)
        run("batch", "--out", str(folder / "new"), *[copy if item == db else item for item in common])
        for item in pathlib.Path(copy).iterdir():
            item.unlink()
        pathlib.Path(copy).rmdir()
        new = lines(folder / "new")
        narrow = chance.random() < 0.8
        run("batch", *(["--changed"] if narrow else []), "--out", str(folder / "out"), "--feed", str(folder / "feed"), *common)
        out = lines(folder / "out")
        if narrow:
            for subject_id, line in out.items():
                assert old.get(subject_id) != line, line
            patched = {key: line for key, line in {**old, **out}.items() if told(line)}
        else:
            patched = out
        assert patched == new, (step, seed, set(patched.items()) ^ set(new.items()))
        head = check_feed(folder / "feed", old, new, state)
        assert head["batch"] == number + 1, head
        assert head["from"] is None if number == 0 else head["from"]["batch"] == number, head
        number, old = head["batch"], new
        changed += len(out)
        for name in ("out", "feed", "new"):
            assert not (folder / (name + ".partial")).exists()
    print("seed", seed, steps, "steps,", changed, "lines")

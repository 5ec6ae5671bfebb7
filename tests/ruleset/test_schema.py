# The JSON Schema for editors and the loader agree: what one refuses in structure, the other refuses.
#
# usage: test_schema.py PROBE SCHEMA RULES
#
# A document that uses every key is changed in every place: each key taken away, each value replaced by
# values of all types, unknown keys and repeated items added. The schema's verdict on each must be that of
# the loader (PROBE), as far as structure goes: what a name refers to, and what an expression means, no
# schema can know.
import copy
import json
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

# Codes of engine/ruleset/ruleset_codes.h that the schema expresses.
STRUCTURE = {120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 306, 310}

BASIS = {"source": "law", "article": "1"}
FULL = {
    "ruleset": {
        "id": "test", "version": "1", "title": {"zh": "测试", "en": "Test"}, "region": "430000",
        "time_zone": "Asia/Shanghai", "disputed": "mark", "purpose": "required",
        "subject_attributes": {"scale": {"type": "string", "enum": ["large", "small"], "title": "规模"}},
    },
    "sources": [{"id": "law", "title": "法", "number": "1", "issuer": "人大", "record_only": ["56(2)"],
                 "level": "law", "in_force": {"from": "2000-01-01", "to": "2100-12-31"}}],
    "roles": [{"id": "boss", "title": "负责人", "inverse": "leads"}],
    "categories": [
        {"id": "fine", "title": "罚款", "information": "public", "nature": "adverse", "severity": "serious",
         "provider": "机关", "use_limit": "P3Y", "expires_on": "required", "fresh_within": "P7D",
         "repair": [{"from": "2020-01-01", "to": "2030-12-31", "after": "P1Y",
                     "route": {"zh": "网站", "en": "web"}, "basis": BASIS}],
         "attributes": {"amount": {"type": "decimal", "unit": "CNY", "required": True, "title": "金额"},
                        "kind": {"type": "string", "enum": ["a", "b"]}}},
        {"id": "praise", "title": "表彰", "information": "non_public", "nature": "favourable", "provider": "机关"},
    ],
    "matters": [{"id": "bid", "title": "投标", "authority": "机关"}],
    "measures": [
        {"id": "ban", "title": "禁止", "kind": "restriction", "effect": "burden", "force": "mandatory",
         "matters": ["bid"], "authority": "机关", "list_item": "A1", "tags": ["joint"],
         "remedies": [{"kind": "litigation", "within": "P6M", "basis": BASIS}]},
        {"id": "fast", "title": "绿色通道", "kind": "incentive", "force": "discretionary", "matters": [],
         "authority": "机关"},
    ],
    "rules": [
        {"id": "r1", "title": "规则", "tags": ["tax"], "applies_to": ["legal_person", "natural_person"],
         "regions": ["43"], "effective": {"from": "2020-01-01", "to": "2100-12-31", "by": "decided_on"},
         "through": ["boss"], "ground": "r.category == 'fine'", "when": "size(grounds) > 1",
         "unless": [{"if": "false", "because": {"zh": "因为"}, "basis": [BASIS]}],
         "exception_to": ["r2", "tag:other"], "measures": ["ban"], "force": "mandatory",
         "term": {"from": "r.decided_on", "last": "P3Y"}, "on_repair": "stays",
         "reason": {"zh": "因{r.id}", "en": "for {r.id}"},
         "basis": [{"source": "law", "article": None, "quote": "…", "note": {"en": "note"}}]},
        {"id": "r2", "title": "规则", "tags": ["other"], "applies_to": ["unincorporated"],
         "effective": {"from": "2020-01-01"}, "named_as": ["leads"], "ground": True, "measures": [],
         "term": {"from": "r.decided_on", "until": "r.decided_on"}, "basis": [BASIS]},
        {"id": "r3", "title": "规则", "applies_to": ["individual_business"],
         "effective": {"from": "2020-01-01"}, "when": "true", "measures": ["fast"], "basis": [BASIS]},
    ],
    "conflicts": [{"between": ["ban", "tag:joint"], "keep": "ban", "basis": [BASIS]}],
    "tests": [],
}
VALUES = [None, True, 7, 2.5, "x", "", "Bad Name", "2020-01-01", "P1Y", "life", "true", "law", "tag:joint",
          "a" * 129, [], ["x"], ["x", "x"], [1], {}, {"x": 1}, {"zh": "x"}]


def places(node, path=()):
    """Every place below the document, as a path of keys and indexes."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield path + (key,)
        yield from places(value, path + (key,))


def holder(document, path):
    for key in path[:-1]:
        document = document[key]
    return document


def changed():
    """Pairs of what was done and the document after it."""
    yield "nothing", FULL
    for path in places(FULL):
        name = "/".join(map(str, path))
        document = copy.deepcopy(FULL)
        del holder(document, path)[path[-1]]
        yield "without " + name, document
        for value in VALUES:
            document = copy.deepcopy(FULL)
            holder(document, path)[path[-1]] = value
            yield f"{name} = {json.dumps(value)}", document
        value = FULL
        for key in path:
            value = value[key]
        if isinstance(value, dict):
            document = copy.deepcopy(FULL)
            holder(document, path)[path[-1]]["colour"] = "red"
            yield name + " with an unknown key", document
        if isinstance(value, list) and value and not isinstance(value[0], dict):
            document = copy.deepcopy(FULL)
            holder(document, path)[path[-1]].append(value[0])
            yield name + " with an item twice", document
    for extra, at in [
        ({"named_as": ["boss"]}, ("rules", 0)),
        ({"severity": "minor"}, ("categories", 1)),
        ({"effect": "bar"}, ("measures", 1)),
        ({"list_item": "A1"}, ("measures", 1)),
        ({"enum": ["1"]}, ("categories", 0, "attributes", "amount")),
        ({"until": "r.decided_on"}, ("rules", 0, "term")),
        ({"term": {"from": "as_of", "last": "P1Y"}}, ("rules", 2)),
        ({"in": {"type": "bool"}}, ("ruleset", "subject_attributes")),
        ({"rule": []}, ()),
    ]:
        document = copy.deepcopy(FULL)
        node = document
        for key in at:
            node = node[key]
        node.update(extra)
        yield f"{'/'.join(map(str, at))} and {json.dumps(extra)}", document


def read_yaml(path):
    """As editors do: YAML 1.2's core schema, so a date is a text."""
    import yaml

    class Core(yaml.SafeLoader):
        yaml_implicit_resolvers = {}

    for tag, regexp, first in [
        ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
        ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
        ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
        ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789")),
    ]:
        Core.add_implicit_resolver("tag:yaml.org,2002:" + tag, __import__("re").compile(regexp), first)
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Core)


def main():
    probe, schema_path, rules = sys.argv[1:]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    validator_class = getattr(jsonschema, "Draft202012Validator", None)
    if validator_class is None:
        print("skipped: this python3-jsonschema does not know draft 2020-12")
        return 77
    validator_class.check_schema(schema)
    validator = validator_class(schema)

    cases = list(changed())
    text = "".join(json.dumps(document) + "\n" for _, document in cases)
    output = subprocess.run([probe], input=text, capture_output=True, text=True, check=True).stdout
    lines = output.split("\n")[:-1]
    assert len(lines) == len(cases), (len(lines), len(cases))

    failures = refused = 0
    for (name, document), line in zip(cases, lines):
        codes = {int(code) for code in line.split()} & STRUCTURE
        errors = [error.message for error in validator.iter_errors(document)]
        refused += bool(codes)
        if bool(codes) != bool(errors):
            failures += 1
            print(f"{name}\n  loader: {sorted(codes)}\n  schema: {errors[:2]}")
    assert lines[0] == "", "the loader refuses the whole document: " + lines[0]
    print(f"{len(cases)} documents, {refused} refused by both, {failures} disagreements")

    try:
        import pathlib
        for path in sorted(pathlib.Path(rules).glob("**/*.yaml")):
            for error in validator.iter_errors(read_yaml(path)):
                failures += 1
                print(f"{path}: {error.json_path}: {error.message}")
    except ImportError:
        print("python3-yaml is not installed: rules/ was not looked at")
    return 1 if failures else 0


sys.exit(main())

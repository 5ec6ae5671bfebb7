#!/usr/bin/env bash
# schema.sh: answers, explanations, outcomes, changes and differences against their JSON Schema files.
#
#     schema.sh FOLDER-OF-HENG FOLDER-OF-SCHEMAS
set -u
here=$(cd "$(dirname "$0")" && pwd)
schemas=$2
export PATH="$(cd "$1" && pwd):$PATH" HENG_RULES=$here/town
unset HENG_LANG
if ! python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
    echo 'skipped: python3-jsonschema is not installed (apt-get install python3-jsonschema)'
    exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export HENG_DB=$dir/db
heng import -q "$here/town.ndjson" || exit 1

subjects='T-BLOCKED T-CAUTION T-FAVOURED T-CLEAR T-UNSURE T-MIXED T-EXCEPTED T-TWICE T-PENDING T-LAPSED
    430102198001010011 430102201501010012'
for subject in $subjects; do
    for day in 2026-05-01 2027-03-16 2014-01-01; do
        heng check "$subject" --format json --as-of $day
        heng check "$subject" --format json --as-of $day --matter town.bid --lang en
        heng check "$subject" --format json --as-of $day --with head=T-BLOCKED --unmask
    done
done >"$dir/heng.answer-1" 2>"$dir/err"
for subject in $subjects; do
    heng explain "$subject" --format json --as-of 2026-05-01
    heng explain "$subject" --format json --as-of 2026-05-01 --rule debt.head --rule debt.bid
done >"$dir/heng.explanation-1" 2>>"$dir/err"
heng batch --all --out "$dir/heng.outcome-1" --as-of 2026-05-01 -q 2>/dev/null || exit 1
for day in 2026-05-01 2027-03-16 2028-09-02 2014-01-01 2026-05-01; do
    heng batch --changed --out "$dir/lines" --feed "$dir/feed" --as-of $day -q 2>/dev/null || exit 1
    cat "$dir/feed" >>"$dir/heng.change-1"
done
# A draft that takes and alters, and the other way round.
cp -r "$here/town" "$dir/draft"
sed -i 's/last: P3Y/last: P4Y/; s/ground: r.category == "honour"/ground: r.category == "honour" \&\& r.decided_on > date("2025-01-01")/' \
    "$dir"/draft/*.yaml
for lang in zh en; do
    for day in 2026-05-01 2027-03-16 2014-01-01 2027-06-01; do
        heng diff "$here/town" "$dir/draft" --as-of $day --format json --lang $lang --samples 9 --out "$dir/lines"
        cat "$dir/lines" >>"$dir/heng.difference-1"
        heng diff "$dir/draft" "$here/town" --as-of $day --format json --lang $lang --unmask --out "$dir/lines"
        cat "$dir/lines" >>"$dir/heng.difference-1"
    done
done >"$dir/heng.diff-1" 2>>"$dir/err"
if [ -s "$dir/err" ]; then
    cat "$dir/err"
    exit 1
fi

python3 - "$schemas" "$dir" <<'END'
import json, pathlib, sys
import warnings
warnings.simplefilter("ignore")
import jsonschema
schemas, dir = map(pathlib.Path, sys.argv[1:])
store = {path.name: json.loads(path.read_text()) for path in schemas.glob("*.json")}
for schema in store.values():
    jsonschema.Draft202012Validator.check_schema(schema)
wrong = 0
for name in ("heng.answer-1", "heng.explanation-1", "heng.outcome-1", "heng.change-1", "heng.diff-1", "heng.difference-1"):
    schema = store[name + ".json"]
    def validator():  # a new one each time: after is_valid() it no longer knows where it is
        resolver = jsonschema.RefResolver("", schema, store=store)
        return jsonschema.Draft202012Validator(schema, resolver=resolver)
    lines = (dir / name).read_text().splitlines()
    assert len(lines) >= 10, name
    for line in lines:
        value = json.loads(line)
        for error in validator().iter_errors(value):
            wrong += 1
            print(name, list(error.absolute_path), error.message)
        # A schema that lets everything pass would not be noticed otherwise.
        value["surprise"] = 1
        assert not validator().is_valid(value), name + " lets unknown keys pass"
    print(name, len(lines), "lines")
sys.exit(wrong > 0)
END

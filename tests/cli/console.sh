#!/usr/bin/env bash
# console.sh: runs the commands of a console file and compares everything they say.
#
#     console.sh FOLDER-OF-HENG CONSOLE-FILE
#
# A console file holds lines `$ command`, each followed by what it writes: standard output behind `| `,
# standard error behind `! `, and `[status]` where that is not 0. Lines with `#` say what must hold.
# Commands run in an empty folder; $HERE is the folder of the console file. Moments and durations
# are written as TIME and SECONDS, keys of subjects as KEY, the empty folder as DIR. HENG_UPDATE=1 rewrites the file.
set -u
bin=$(cd "$1" && pwd)
file=$2
HERE=$(cd "$(dirname "$file")" && pwd)
export HERE
export PATH="$bin:$PATH" LC_ALL=C LANG=C
unset HENG_DB HENG_RULES HENG_LANG NO_COLOR
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir" || exit 1

calm() {
    sed -E \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g' \
        -e 's/\b[0-9a-f]{32}\b/KEY/g' \
        -e 's/[0-9]+\.[0-9] (s|秒)\b/SECONDS \1/g' -e 's/[0-9]+\.[0-9] 秒/SECONDS 秒/g' \
        -e 's/[0-9]+ a second/RATE a second/' -e 's/每秒判断 [0-9]+/每秒判断 RATE/' \
        -e "s#$dir#DIR#g" -e "s#$HERE#HERE#g"
}

while IFS= read -r line; do
    case $line in
    '#'* | '') printf '%s\n' "$line" ;;
    '$ '*)
        printf '%s\n' "$line"
        bash -c "${line#??}" >"$dir/.out" 2>"$dir/.err" </dev/null
        status=$?
        calm <"$dir/.out" | sed 's/^/| /'
        calm <"$dir/.err" | sed 's/^/! /'
        [ $status -eq 0 ] || printf '[%d]\n' $status
        rm -f "$dir/.out" "$dir/.err"
        ;;
    esac
done <"$HERE/$(basename "$file")" >"$dir/.got.console"

if diff -u "$HERE/$(basename "$file")" "$dir/.got.console"; then
    exit 0
fi
if [ "${HENG_UPDATE:-}" = 1 ]; then
    cp "$dir/.got.console" "$HERE/$(basename "$file")"
    exit 0
fi
exit 1

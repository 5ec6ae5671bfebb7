#!/usr/bin/env bash
# readme.sh BIN README: runs the second block of commands of the README, line by line, in a folder
# of its own. A command may find something (2) or not be able to tell (4), but not fail; where a
# line ends with `# RESULT` that looks like a value, that is what it must print.
set -u
bin=$(cd "$1" && pwd)
readme=$(realpath "$2")
root=$(cd "$(dirname "$readme")" && pwd)
export PATH="$bin:$PATH" LC_ALL=C.UTF-8
unset HENG_LANG
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
mkdir -p build/demo bench
cp -r "$root/rules" rules
cp "$root/bench/demo.ndjson" bench/

block=$(awk '/^```sh$/ { n++; next } /^```$/ { if (n == 2) exit; next } n == 2' "$readme")
[ -n "$block" ] || { echo "the README has no second block of commands"; exit 1; }
failed=0 count=0
while IFS= read -r line; do
    case $line in export*) eval "$line"; continue ;; esac
    out=$(eval "$line" 2>"$dir/.err" </dev/null)
    status=$?
    count=$((count + 1))
    want=$(sed -nE 's/.*# ([0-9]{4}-[0-9]{2}-[0-9]{2})$/\1/p' <<<"$line")
    if [ $status -ne 0 ] && [ $status -ne 2 ] && [ $status -ne 4 ]; then
        echo "status $status: $line"
        cat "$dir/.err"
        failed=1
    elif [ -n "$want" ] && [ "$out" != "$want" ]; then
        echo "expected $want, got $out: $line"
        failed=1
    fi
done <<<"$block"
[ $count -ge 8 ] || { echo "only $count commands were run"; failed=1; }
echo "$count commands of the README were run"
exit $failed

# Instructions by module, and the ten functions that take the most, out of what
# `callgrind_annotate --threshold=100 --show-percs=no` lists. A line there is
#
#     541,349  engine/decide/brief.c:heng_brief_decide [/path/of/heng]
#      65,113  engine/model/flat.h:ask_leaf
#
# the second being what a header put into a function: it counts for the header's module in
# the first table, and for the function in the second.
#
# Run with -v subjects=N, the number of subjects that were decided.

function module_of(place, object) {
    if (place ~ /^engine\/[a-z]+\//) {
        split(place, parts, "/")
        return "engine/" parts[2]
    }
    if (place ~ /^include\/heng\//) return "include/heng (inlined)"
    if (object ~ /liblmdb/) return "lmdb"
    if (object ~ /libc\.so|ld-linux/ || place ~ /^\.\/|sysdeps/) return "libc"
    return "other"
}

function with_commas(number, text) {
    text = sprintf("%d", number)
    while (match(text, /^[0-9]+[0-9][0-9][0-9]($|,)/)) {
        cut = RLENGTH - (text ~ /^[0-9]+,/ ? 1 : 0)
        text = substr(text, 1, cut - 3) "," substr(text, cut - 2)
    }
    return text
}

function print_line(name, count) {
    printf "%-56s %14s %6.1f %% %10.0f\n", name, with_commas(count), 100 * count / total,
        count / subjects
}

# Prints the dearest entries of `costs`, at most `most`.
function print_dearest(costs, most, name, best) {
    while (most-- > 0) {
        best = ""
        for (name in costs) {
            if (best == "" || costs[name] > costs[best]) best = name
        }
        if (best == "") return
        print_line(best, costs[best])
        delete costs[best]
    }
}

$1 ~ /^[0-9,]+$/ && $2 ~ /:/ {
    count = $1
    gsub(",", "", count)
    colon = index($2, ":")
    place = substr($2, 1, colon - 1)
    name = substr($2, colon + 1)
    sub(/'[0-9]+$/, "", name) # a recursive call is a function of its own there
    modules[module_of(place, $0)] += count
    total += count
    if (place ~ /\.h$/ && name in home) place = home[name]
    else if (place ~ /\.c$/ && !(name in home)) home[name] = place
    if (place !~ /^(engine|include)\//) place = module_of(place, $0)
    functions[place ": " name] += count
}

END {
    if (total == 0 || subjects == 0) {
        print "profile.awk: callgrind counted nothing" > "/dev/stderr"
        exit 1
    }
    printf "%-56s %14s %8s %10s\n", "module", "instructions", "share", "a subject"
    print_dearest(modules, 100)
    print_line("all", total)
    printf "\n%-56s %14s %8s %10s\n", "function", "instructions", "share", "a subject"
    print_dearest(functions, 10)
}

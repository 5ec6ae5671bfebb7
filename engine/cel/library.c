/* SPDX-License-Identifier: Apache-2.0 */
/* library.c: the tables of all families, joined, and what is read off a row. */
#include "cel/library.h"

#include <string.h>

#include "cel/fn.h"
#include "cel/value.h"

static const heng_cel_overload_table *const FAMILIES[] = {
    &heng_fn_compare_table,  &heng_fn_arithmetic_table, &heng_fn_convert_table,
    &heng_fn_string_table,   &heng_fn_format_table,     &heng_fn_time_table,
    &heng_fn_list_table,     &heng_fn_map_table,        &heng_fn_math_table,
    &heng_fn_encoders_table, &heng_fn_optional_table,   &heng_fn_date_table,
    &heng_fn_decimal_table,
};
enum { FAMILY_COUNT = sizeof FAMILIES / sizeof FAMILIES[0] };

const heng_cel_overload_table *const *heng_cel_library_tables(size_t *ret_count) {
    *ret_count = FAMILY_COUNT;
    return FAMILIES;
}

/* ---- signatures ---- */

static const struct {
    const char *word;
    heng_cel_kind kind;
} WORDS[] = {
    {"bool", HENG_CEL_BOOL},
    {"int", HENG_CEL_INT},
    {"uint", HENG_CEL_UINT},
    {"double", HENG_CEL_DOUBLE},
    {"string", HENG_CEL_STRING},
    {"bytes", HENG_CEL_BYTES},
    {"list", HENG_CEL_LIST},
    {"map", HENG_CEL_MAP},
    {"dyn", HENG_CEL_DYN},
    {"null_type", HENG_CEL_NULL},
    {"type", HENG_CEL_TYPE},
    {"timestamp", HENG_CEL_TIMESTAMP},
    {"duration", HENG_CEL_DURATION},
    {"date", HENG_CEL_DATE},
    {"period", HENG_CEL_PERIOD},
    {"decimal", HENG_CEL_DECIMAL},
    {"optional_type", HENG_CEL_OPTIONAL},
};

/* strspn builds a table of its set at each call: a tenth of loading a ruleset. */
static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Reads one type at `*at` and steps over it and its parameters. */
static bool read_kind(const char **at, heng_cel_kind *ret_kind) {
    const char *start = *at;
    size_t len = 0;
    while (is_letter(start[len]))
        len++;
    const char *end = start + len;
    if (*end == '(') {
        int depth = 0;
        do {
            depth += (*end == '(') - (*end == ')');
            end++;
        } while (depth > 0 && *end != '\0');
    }
    *at = end;
    if (len == 1 && start[0] >= 'A' && start[0] <= 'Z') {
        *ret_kind = HENG_CEL_PARAM;
        return true;
    }
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (WORDS[i].word[0] == start[0] && strlen(WORDS[i].word) == len &&
            memcmp(WORDS[i].word, start, len) == 0) {
            *ret_kind = WORDS[i].kind;
            return true;
        }
    }
    return false;
}

bool heng_cel_library_signature(const heng_cel_overload *row,
                                heng_cel_signature *ret_signature) {
    heng_cel_signature signature = {0};
    const char *at = row->signature;

    if (*at != '(') {
        signature.receiver = true;
        if (!read_kind(&at, &signature.kinds[signature.count++]) || *at++ != '.')
            return false;
    }
    if (*at++ != '(')
        return false;
    while (*at != ')') {
        if (strncmp(at, "...", 3) == 0) {
            signature.repeats = true;
            at += 3;
            continue;
        }
        if (signature.count == HENG_CEL_PARAMS_MAX ||
            !read_kind(&at, &signature.kinds[signature.count++]))
            return false;
        at += strspn(at, ", ");
    }
    at++;
    at += strspn(at, " ->");
    if (!read_kind(&at, &signature.result) || *at != '\0')
        return false;
    *ret_signature = signature;
    return true;
}

bool heng_cel_library_fits(const heng_cel_signature *signature,
                           const heng_cel_value *args, size_t count) {
    if (count < signature->count || (count > signature->count && !signature->repeats))
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t at = i < signature->count ? i : signature->count - 1;
        heng_cel_kind kind = signature->kinds[at];
        if (kind != HENG_CEL_PARAM && kind != HENG_CEL_DYN && kind != args[i].kind)
            return false;
    }
    return true;
}

size_t heng_cel_library_find(heng_str name, bool receiver, size_t count,
                             const heng_cel_overload **ret_rows, size_t room) {
    size_t found = 0;
    for (size_t f = 0; f < FAMILY_COUNT; f++) {
        for (size_t i = 0; i < FAMILIES[f]->count; i++) {
            const heng_cel_overload *row = &FAMILIES[f]->rows[i];
            heng_cel_signature signature;
            if (name.len == 0 || row->name[0] != name.ptr[0] ||
                strncmp(row->name, name.ptr, name.len) != 0 ||
                row->name[name.len] != '\0' ||
                !heng_cel_library_signature(row, &signature) ||
                signature.receiver != receiver || count < signature.count ||
                (count > signature.count && !signature.repeats))
                continue;
            if (found < room) {
                ret_rows[found] = row;
            }
            found++;
        }
    }
    return found;
}

bool heng_cel_library_has(heng_str name) {
    for (size_t f = 0; f < FAMILY_COUNT; f++) {
        for (size_t i = 0; i < FAMILIES[f]->count; i++) {
            const char *row = FAMILIES[f]->rows[i].name;
            if (strncmp(row, name.ptr, name.len) == 0 && row[name.len] == '\0')
                return true;
        }
    }
    return false;
}

/* ---- cost ---- */

static uint64_t add(uint64_t a, uint64_t b) {
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t multiply(uint64_t a, uint64_t b) {
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/* Sixteen bytes, or items, make one step. */
static uint64_t steps(uint64_t size) {
    return size / 16 + (size % 16 != 0);
}

uint64_t heng_cel_library_value_size(heng_cel_value value) {
    switch (value.kind) {
    case HENG_CEL_STRING:
    case HENG_CEL_BYTES:
        return value.len;
    case HENG_CEL_LIST:
        return value.as.list->count;
    case HENG_CEL_MAP:
        return value.as.map->count;
    default:
        return 1;
    }
}

uint64_t heng_cel_library_cost(const heng_cel_overload *row, const uint64_t *sizes,
                               size_t count) {
    uint64_t size = 0;
    switch (row->cost) {
    case HENG_CEL_COST_CONSTANT:
        return row->cost_base;
    case HENG_CEL_COST_SUM:
        for (size_t i = 0; i < count; i++) {
            size = add(size, sizes[i]);
        }
        return add(row->cost_base, steps(size));
    case HENG_CEL_COST_LEAST:
        size = count > 0 ? sizes[0] : 0;
        for (size_t i = 1; i < count; i++) {
            size = sizes[i] < size ? sizes[i] : size;
        }
        return add(row->cost_base, steps(size));
    case HENG_CEL_COST_PRODUCT:
        size = count > 0 ? sizes[0] : 0;
        if (count > 1) {
            size = multiply(size, sizes[1]);
        }
        return add(row->cost_base, steps(size));
    case HENG_CEL_COST_LIST: /* the largest argument is the list */
        for (size_t i = 0; i < count; i++) {
            size = sizes[i] > size ? sizes[i] : size;
        }
        return add(row->cost_base, size);
    }
    return UINT64_MAX;
}

uint64_t heng_cel_library_cost_of(const heng_cel_overload *row,
                                  const heng_cel_value *args, size_t count) {
    uint64_t sizes[HENG_CEL_PARAMS_MAX] = {0};
    uint64_t rest = 0; /* of repeated arguments: they are numbers */
    if (row->cost == HENG_CEL_COST_CONSTANT)
        return row->cost_base;
    for (size_t i = 0; i < count; i++) {
        uint64_t size = heng_cel_library_value_size(args[i]);
        if (i < HENG_CEL_PARAMS_MAX) {
            sizes[i] = size;
        } else {
            rest = add(rest, size);
        }
    }
    size_t kept = count < HENG_CEL_PARAMS_MAX ? count : HENG_CEL_PARAMS_MAX;
    return add(heng_cel_library_cost(row, sizes, kept), rest);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* signature.c: parses each row's signature once; a table by hash of the name. */
#include "cel/signature.h"

#include <string.h>

typedef struct name_slot {
    heng_signature_row *first, *last;
} name_slot;

struct heng_signature_table {
    name_slot *slots;
    size_t slot_count; /* a power of two, at least twice the names */
    heng_str *names;
    size_t name_count;
};

/* FNV-1a: short names, filled once. */
static size_t hash(heng_str name) {
    uint32_t value = 2166136261u;
    for (size_t i = 0; i < name.len; i++) {
        value = (value ^ (unsigned char)name.ptr[i]) * 16777619u;
    }
    return value;
}

static heng_str name_of(const name_slot *slot) {
    return heng_str_of(slot->first->overload->name);
}

static name_slot *find_slot(const heng_signature_table *table, heng_str name) {
    size_t at = hash(name) & (table->slot_count - 1);
    while (table->slots[at].first != NULL &&
           !heng_str_equal(name_of(&table->slots[at]), name)) {
        at = (at + 1) & (table->slot_count - 1);
    }
    return &table->slots[at];
}

/* The type that starts at `*at`, up to a bracket, comma or dot outside brackets. */
static const heng_cel_type *read_type(heng_arena *arena, const char **at) {
    const char *start = *at + strspn(*at, " ");
    const char *end = start;
    int depth = 0;
    while (*end != '\0' && (depth > 0 || (*end != ',' && *end != ')' && *end != '.'))) {
        depth += (*end == '(') - (*end == ')');
        end++;
    }
    *at = end;
    return heng_cel_type_parse(arena, (heng_str){start, (size_t)(end - start)}, NULL,
                               0);
}

/* `(int, A...) -> list(A)`, or `string.(string) -> bool` with a receiver. */
static bool read_signature(heng_arena *arena, heng_signature_row *row) {
    const char *at = row->overload->signature;
    if (*at != '(') {
        row->receiver = true;
        row->params[row->count++] = read_type(arena, &at);
        if (row->params[0] == NULL || *at++ != '.')
            return false;
    }
    if (*at++ != '(')
        return false;
    at += strspn(at, " ");
    while (*at != ')') {
        if (row->count == HENG_CEL_PARAMS_MAX)
            return false;
        row->params[row->count] = read_type(arena, &at);
        if (row->params[row->count++] == NULL)
            return false;
        if (strncmp(at, "...", 3) == 0) {
            row->repeats = true;
            at += 3;
        }
        at += *at == ',';
        at += strspn(at, " ");
        if (*at == '\0')
            return false;
    }
    at++;
    at += strspn(at, " ->");
    row->result = heng_cel_type_parse(arena, heng_str_of(at), NULL, 0);
    return row->result != NULL;
}

static bool add_row(heng_arena *arena, heng_signature_table *table,
                    const heng_cel_overload *overload) {
    heng_signature_row *row = heng_arena_calloc(arena, 1, sizeof *row);
    if (row == NULL)
        return false;
    row->overload = overload;
    if (!read_signature(arena, row))
        return false;
    name_slot *slot = find_slot(table, heng_str_of(overload->name));
    if (slot->first == NULL) {
        slot->first = row;
        table->names[table->name_count++] = heng_str_of(overload->name);
    } else {
        slot->last->next = row;
    }
    slot->last = row;
    return true;
}

const heng_signature_table *heng_signature_table_new(heng_arena *arena) {
    size_t family_count = 0;
    size_t rows = 0;
    const heng_cel_overload_table *const *families =
        heng_cel_library_tables(&family_count);
    for (size_t f = 0; f < family_count; f++) {
        rows += families[f]->count;
    }

    heng_signature_table *table = heng_arena_calloc(arena, 1, sizeof *table);
    if (table == NULL)
        return NULL;
    table->slot_count = 64;
    while (table->slot_count < rows * 2) {
        table->slot_count *= 2;
    }
    table->slots = heng_arena_calloc(arena, table->slot_count, sizeof *table->slots);
    table->names = heng_arena_calloc(arena, rows + 1, sizeof *table->names);
    if (table->slots == NULL || table->names == NULL)
        return NULL;
    for (size_t f = 0; f < family_count; f++) {
        for (size_t i = 0; i < families[f]->count; i++) {
            if (!add_row(arena, table, &families[f]->rows[i]))
                return NULL;
        }
    }
    return table;
}

const heng_signature_row *heng_signature_find(const heng_signature_table *table,
                                              heng_str name) {
    return find_slot(table, name)->first;
}

const heng_str *heng_signature_names(const heng_signature_table *table,
                                     size_t *ret_count) {
    *ret_count = table->name_count;
    return table->names;
}

const heng_cel_type *heng_signature_param(const heng_signature_row *row, size_t index) {
    return row->params[index < row->count ? index : row->count - 1];
}

bool heng_signature_fits(const heng_signature_row *row, bool receiver, size_t count) {
    return row->receiver == receiver &&
           (count == row->count || (row->repeats && count > row->count));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* cel_type.c: making, comparing, printing and parsing types. */
#include "cel/cel_type.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "cel/value.h"

/* ORDER cel-kind */
static const heng_cel_type SIMPLE[] = {
    {.kind = HENG_CEL_ERROR},    {.kind = HENG_CEL_NULL},  {.kind = HENG_CEL_BOOL},
    {.kind = HENG_CEL_INT},      {.kind = HENG_CEL_UINT},  {.kind = HENG_CEL_DOUBLE},
    {.kind = HENG_CEL_STRING},   {.kind = HENG_CEL_BYTES}, {.kind = HENG_CEL_TIMESTAMP},
    {.kind = HENG_CEL_DURATION}, {.kind = HENG_CEL_DATE},  {.kind = HENG_CEL_PERIOD},
    {.kind = HENG_CEL_DECIMAL},  {.kind = HENG_CEL_LIST},  {.kind = HENG_CEL_MAP},
    {.kind = HENG_CEL_OPTIONAL}, {.kind = HENG_CEL_TYPE},  {.kind = HENG_CEL_OBJECT},
    {.kind = HENG_CEL_DYN},      {.kind = HENG_CEL_PARAM},
};

/* ORDER cel-kind */
static const char *const NAMES[] = {
    "error", "null_type",     "bool",     "int",    "uint",   "double",    "string",
    "bytes", "timestamp",     "duration", "date",   "period", "decimal",   "list",
    "map",   "optional_type", "type",     "object", "dyn",    "parameter",
};
enum { KIND_COUNT = HENG_CEL_PARAM + 1 };
_Static_assert(sizeof SIMPLE / sizeof SIMPLE[0] == KIND_COUNT, "ORDER cel-kind");
_Static_assert(sizeof NAMES / sizeof NAMES[0] == KIND_COUNT, "ORDER cel-kind");

const heng_cel_type *heng_cel_type_simple(heng_cel_kind kind) {
    return &SIMPLE[kind];
}

const char *heng_cel_kind_name(heng_cel_kind kind) {
    return NAMES[kind];
}

static const heng_cel_type *compound(heng_arena *arena, heng_cel_kind kind,
                                     const heng_cel_type *first,
                                     const heng_cel_type *second) {
    heng_cel_type *type = heng_arena_calloc(arena, 1, sizeof *type);
    if (type == NULL)
        return NULL;
    type->kind = kind;
    type->params[0] = first;
    type->params[1] = second;
    return type;
}

const heng_cel_type *heng_cel_type_list(heng_arena *arena, const heng_cel_type *item) {
    return compound(arena, HENG_CEL_LIST, item, NULL);
}

const heng_cel_type *heng_cel_type_map(heng_arena *arena, const heng_cel_type *key,
                                       const heng_cel_type *value) {
    return compound(arena, HENG_CEL_MAP, key, value);
}

const heng_cel_type *heng_cel_type_optional(heng_arena *arena,
                                            const heng_cel_type *item) {
    return compound(arena, HENG_CEL_OPTIONAL, item, NULL);
}

const heng_cel_type *heng_cel_type_type(heng_arena *arena, const heng_cel_type *of) {
    return compound(arena, HENG_CEL_TYPE, of, NULL);
}

const heng_cel_type *heng_cel_type_object(heng_arena *arena,
                                          const heng_cel_object_type *object) {
    heng_cel_type *type = heng_arena_calloc(arena, 1, sizeof *type);
    if (type == NULL)
        return NULL;
    type->kind = HENG_CEL_OBJECT;
    type->object = object;
    return type;
}

bool heng_cel_type_equal(const heng_cel_type *a, const heng_cel_type *b) {
    if (a == b)
        return true;
    if (a == NULL || b == NULL || a->kind != b->kind)
        return false;
    if (a->kind == HENG_CEL_OBJECT)
        return a->object == b->object;
    if (a->kind == HENG_CEL_PARAM)
        return heng_str_equal(a->name, b->name);
    return heng_cel_type_equal(a->params[0], b->params[0]) &&
           heng_cel_type_equal(a->params[1], b->params[1]);
}

/* ---- printing ---- */

static void print(heng_buffer *buffer, const heng_cel_type *type) {
    if (type->kind == HENG_CEL_PARAM && type->name.len > 0) {
        (void)heng_buffer_add_str(buffer, type->name);
        return;
    }
    if (type->kind == HENG_CEL_OBJECT && type->object != NULL) {
        (void)heng_buffer_add_str(buffer, type->object->name);
        return;
    }
    (void)heng_buffer_add_text(buffer, NAMES[type->kind]);
    for (size_t i = 0; i < 2 && type->params[i] != NULL; i++) {
        (void)heng_buffer_add_text(buffer, i == 0 ? "(" : ", ");
        print(buffer, type->params[i]);
    }
    if (type->params[0] != NULL) {
        (void)heng_buffer_add_char(buffer, ')');
    }
}

const char *heng_cel_type_print(heng_arena *arena, const heng_cel_type *type) {
    heng_buffer buffer;
    const char *text = NULL;
    heng_buffer_init(&buffer, HENG_LIMIT_CEL_TEXT_BYTES);
    print(&buffer, type);
    if (heng_buffer_status(&buffer) == HENG_OK) {
        text = heng_arena_dup(arena, buffer.bytes, buffer.len);
    }
    heng_buffer_done(&buffer);
    return text;
}

/* ---- parsing ---- */

typedef struct type_reader {
    heng_arena *arena;
    heng_str rest;
    const heng_cel_object_type *const *objects;
    size_t object_count;
    uint32_t depth;
} type_reader;

static void skip_spaces(type_reader *reader) {
    while (reader->rest.len > 0 && reader->rest.ptr[0] == ' ') {
        reader->rest.ptr++;
        reader->rest.len--;
    }
}

static bool take(type_reader *reader, char c) {
    skip_spaces(reader);
    if (reader->rest.len == 0 || reader->rest.ptr[0] != c)
        return false;
    reader->rest.ptr++;
    reader->rest.len--;
    return true;
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '.';
}

static heng_str take_name(type_reader *reader) {
    skip_spaces(reader);
    heng_str name = {reader->rest.ptr, 0};
    while (name.len < reader->rest.len && is_name_char(name.ptr[name.len])) {
        name.len++;
    }
    reader->rest.ptr += name.len;
    reader->rest.len -= name.len;
    return name;
}

static const heng_cel_type *named(type_reader *reader, heng_str name) {
    static const struct {
        const char *name;
        heng_cel_kind kind;
    } aliases[] = {
        {"google.protobuf.Timestamp", HENG_CEL_TIMESTAMP},
        {"google.protobuf.Duration", HENG_CEL_DURATION},
        {"google.protobuf.Any", HENG_CEL_DYN},
        {"null", HENG_CEL_NULL},
    };
    if (name.len == 1 && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z') {
        heng_cel_type *type = heng_arena_calloc(reader->arena, 1, sizeof *type);
        if (type == NULL)
            return NULL;
        type->kind = HENG_CEL_PARAM;
        type->name = heng_arena_dup_str(reader->arena, name);
        return type->name.ptr == NULL ? NULL : type;
    }
    for (size_t i = 0; i < reader->object_count; i++) {
        if (heng_str_equal(reader->objects[i]->name, name))
            return heng_cel_type_object(reader->arena, reader->objects[i]);
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (heng_str_equal(heng_str_of(aliases[i].name), name))
            return heng_cel_type_simple(aliases[i].kind);
    }
    for (int kind = HENG_CEL_NULL; kind <= HENG_CEL_DYN; kind++) {
        if (kind != HENG_CEL_OBJECT && heng_str_equal(heng_str_of(NAMES[kind]), name))
            return heng_cel_type_simple((heng_cel_kind)kind);
    }
    return NULL;
}

/* How many parameters a type of this kind has where it has any. */
static size_t param_count(heng_cel_kind kind) {
    if (kind == HENG_CEL_MAP)
        return 2;
    return kind == HENG_CEL_LIST || kind == HENG_CEL_OPTIONAL || kind == HENG_CEL_TYPE;
}

static const heng_cel_type *read_type(type_reader *reader) {
    const heng_cel_type *type = named(reader, take_name(reader));
    const heng_cel_type *params[2] = {NULL, NULL};
    if (type == NULL || reader->depth > HENG_LIMIT_CEL_DEPTH)
        return NULL;

    size_t count = param_count(type->kind);
    const heng_cel_type *dyn = heng_cel_type_simple(HENG_CEL_DYN);
    if (!take(reader, '(')) { /* `list` alone is a list of anything, `type` any type */
        if (count == 0 || type->kind == HENG_CEL_TYPE)
            return type;
        return compound(reader->arena, type->kind, dyn, count > 1 ? dyn : NULL);
    }
    reader->depth++;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && !take(reader, ','))
            return NULL;
        params[i] = read_type(reader);
        if (params[i] == NULL)
            return NULL;
    }
    reader->depth--;
    if (count == 0 || !take(reader, ')'))
        return NULL;
    return compound(reader->arena, type->kind, params[0], params[1]);
}

const heng_cel_type *heng_cel_type_parse(heng_arena *arena, heng_str text,
                                         const heng_cel_object_type *const *objects,
                                         size_t object_count) {
    type_reader reader = {arena, text, objects, objects == NULL ? 0 : object_count, 0};
    const heng_cel_type *type = read_type(&reader);
    skip_spaces(&reader);
    return reader.rest.len == 0 ? type : NULL;
}

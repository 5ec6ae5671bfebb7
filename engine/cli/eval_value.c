/* SPDX-License-Identifier: Apache-2.0 */
/* eval_value.c: values from and to tagged JSON. Texts are read by the language's own
 * functions, so that both sides agree on what a timestamp looks like. */
#include "cli/eval_value.h"

#include <math.h>
#include <string.h>

#include "cel/library.h"
#include "cel/real.h"
#include "cel/value_text.h"

/* Values in values: more than anybody writes, less than the stack holds. */
enum { DEPTH_MAX = 256, WRITTEN_MAX = 1000000 };

static bool read_value(json_t *json, unsigned depth, heng_arena *arena,
                       heng_cel_value *ret_value);

/* Calls `name(argument)` of the language. */
static heng_cel_value convert(const char *name, heng_cel_value argument,
                              heng_arena *arena) {
    const heng_cel_overload *rows[32];
    uint64_t cost = 0;
    size_t count = heng_cel_library_find(heng_str_of(name), false, 1, rows, 32);
    for (size_t i = 0; i < count && i < 32; i++) {
        heng_cel_signature signature;
        if (heng_cel_library_signature(rows[i], &signature) &&
            heng_cel_library_fits(&signature, &argument, 1)) {
            heng_cel_call call = {.arena = arena, .cost = &cost, .overload = rows[i]};
            return rows[i]->run(&call, &argument, 1);
        }
    }
    return heng_cel_value_error(arena, HENG_CEL_ERR_NO_OVERLOAD, "no such overload");
}

/* The tags whose value is a text, and the function that reads it; NULL: the text is it.
 */
static const struct {
    const char *tag;
    const char *function;
} TEXTS[] = {
    {"int", "int"},           {"uint", "uint"},           {"double", "double"},
    {"string", NULL},         {"bytes", "base64.decode"}, {"timestamp", "timestamp"},
    {"duration", "duration"}, {"date", "date"},           {"period", "period"},
    {"decimal", "decimal"},
};

static bool read_type(const char *name, heng_arena *arena, heng_cel_value *ret_value) {
    for (int kind = HENG_CEL_NULL; kind < HENG_CEL_OBJECT; kind++) {
        const heng_cel_type *type = heng_cel_type_simple((heng_cel_kind)kind);
        if (strcmp(name, heng_value_text_type_name(type)) == 0) {
            *ret_value = heng_cel_value_type(type);
            return true;
        }
    }
    const heng_cel_type *type = heng_cel_type_parse(arena, heng_str_of(name), NULL, 0);
    if (type == NULL)
        return false;
    *ret_value = heng_cel_value_type(type);
    return true;
}

static bool read_list(json_t *json, unsigned depth, heng_arena *arena,
                      heng_cel_value *ret_value) {
    size_t count = json_array_size(json);
    heng_cel_list *list = heng_arena_calloc(arena, 1, sizeof *list);
    heng_cel_value *items = heng_arena_calloc(arena, count + 1, sizeof *items);
    if (!json_is_array(json) || list == NULL || items == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!read_value(json_array_get(json, i), depth, arena, &items[i]))
            return false;
    }
    list->count = count;
    list->items = items;
    *ret_value = heng_cel_value_list(list);
    return true;
}

static bool read_map(json_t *json, unsigned depth, heng_arena *arena,
                     heng_cel_value *ret_value) {
    size_t count = json_array_size(json);
    heng_cel_map *map = heng_arena_calloc(arena, 1, sizeof *map);
    heng_cel_value *pairs = heng_arena_calloc(arena, count + 1, 2 * sizeof *pairs);
    if (!json_is_array(json) || map == NULL || pairs == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        json_t *pair = json_array_get(json, i);
        if (json_array_size(pair) != 2 ||
            !read_value(json_array_get(pair, 0), depth, arena, &pairs[i]) ||
            !read_value(json_array_get(pair, 1), depth, arena, &pairs[count + i]))
            return false;
    }
    map->count = count;
    map->keys = pairs;
    map->values = pairs + count;
    *ret_value = heng_cel_value_map(map);
    return true;
}

static bool read_optional(json_t *json, unsigned depth, heng_arena *arena,
                          heng_cel_value *ret_value) {
    if (json_is_null(json)) {
        *ret_value = heng_cel_value_optional(NULL);
        return true;
    }
    heng_cel_value *held = heng_arena_alloc(arena, sizeof *held);
    if (held == NULL || !read_value(json, depth, arena, held))
        return false;
    *ret_value = heng_cel_value_optional(held);
    return true;
}

/* `content` is what stands behind the one key of a tagged value. */
static bool read_tagged(const char *tag, json_t *content, unsigned depth,
                        heng_arena *arena, heng_cel_value *ret_value) {
    if (strcmp(tag, "null") == 0) {
        *ret_value = heng_cel_value_null();
        return true;
    }
    if (strcmp(tag, "bool") == 0) {
        *ret_value = heng_cel_value_bool(json_is_true(content));
        return json_is_boolean(content);
    }
    if (strcmp(tag, "list") == 0)
        return read_list(content, depth, arena, ret_value);
    if (strcmp(tag, "map") == 0)
        return read_map(content, depth, arena, ret_value);
    if (strcmp(tag, "optional") == 0)
        return read_optional(content, depth, arena, ret_value);
    if (json_is_integer(content) &&
        strcmp(tag, "int") == 0) { /* not as written by us */
        *ret_value = heng_cel_value_int(json_integer_value(content));
        return true;
    }
    if (!json_is_string(content))
        return false;
    heng_cel_value text = heng_cel_value_string(
        (heng_str){json_string_value(content), json_string_length(content)});
    if (strcmp(tag, "type") == 0)
        return read_type(json_string_value(content), arena, ret_value);
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        if (strcmp(tag, TEXTS[i].tag) != 0)
            continue;
        *ret_value =
            TEXTS[i].function == NULL ? text : convert(TEXTS[i].function, text, arena);
        return !heng_cel_value_is_error(*ret_value);
    }
    return false;
}

static bool read_value(json_t *json, unsigned depth, heng_arena *arena,
                       heng_cel_value *ret_value) {
    if (depth == 0 || !json_is_object(json) || json_object_size(json) != 1)
        return false;
    void *member = json_object_iter(json);
    return read_tagged(json_object_iter_key(member), json_object_iter_value(member),
                       depth - 1, arena, ret_value);
}

bool heng_eval_value_read(json_t *json, heng_arena *arena, heng_cel_value *ret_value) {
    return read_value(json, DEPTH_MAX, arena, ret_value);
}

/* ---- writing ---- */

/* Values share parts: what is small in memory can be without end when written out. */
struct writing {
    heng_arena *arena;
    unsigned depth; /* levels left */
    size_t left;    /* values left */
};

static json_t *write_value(heng_cel_value value, struct writing *writing);

static json_t *text_of(heng_str text) {
    return json_stringn(text.len == 0 ? "" : text.ptr, text.len);
}

static json_t *write_double(double value) {
    char buffer[HENG_REAL_TEXT_BYTES];
    if (isnan(value))
        return json_string("nan");
    if (isinf(value))
        return json_string(value < 0 ? "-inf" : "inf");
    return json_stringn(buffer, heng_real_print(value, buffer));
}

static json_t *write_list(const heng_cel_list *list, struct writing *writing) {
    json_t *array = json_array();
    for (size_t i = 0; array != NULL && i < list->count; i++) {
        json_t *item =
            write_value(heng_cel_value_item(list, i, writing->arena), writing);
        if (item == NULL || json_array_append_new(array, item) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *write_map(const heng_cel_map *map, struct writing *writing) {
    json_t *array = json_array();
    for (size_t i = 0; array != NULL && i < map->count; i++) {
        json_t *key = write_value(map->keys[i], writing);
        json_t *content = write_value(map->values[i], writing);
        json_t *pair = json_array();
        bool made = key != NULL && content != NULL && pair != NULL &&
                    json_array_append(pair, key) == 0 &&
                    json_array_append(pair, content) == 0 &&
                    json_array_append(array, pair) == 0;
        json_decref(key);
        json_decref(content);
        json_decref(pair);
        if (!made) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

/* What stands behind the tag. */
static json_t *write_content(heng_cel_value value, struct writing *writing) {
    switch (value.kind) {
    case HENG_CEL_NULL:
        return json_null();
    case HENG_CEL_BOOL:
        return json_boolean(value.as.boolean);
    case HENG_CEL_DOUBLE:
        return write_double(value.as.real);
    case HENG_CEL_UINT:
    case HENG_CEL_STRING:
        return text_of(heng_cel_value_text(value, writing->arena));
    case HENG_CEL_BYTES: {
        heng_cel_value encoded = convert("base64.encode", value, writing->arena);
        return heng_cel_value_is_error(encoded) ? NULL
                                                : text_of(heng_cel_value_str(encoded));
    }
    case HENG_CEL_LIST:
        return write_list(value.as.list, writing);
    case HENG_CEL_MAP:
        return write_map(value.as.map, writing);
    case HENG_CEL_OPTIONAL:
        return value.as.optional == NULL ? json_null()
                                         : write_value(*value.as.optional, writing);
    case HENG_CEL_ERROR:
    case HENG_CEL_OBJECT:
        return NULL;
    default: {
        const char *text = heng_cel_value_print(value, writing->arena);
        return text == NULL ? NULL : json_string(text);
    }
    }
}

/* ORDER cel-kind: the tags by kind; NULL: has no JSON. */
static const char *tag_of(uint8_t kind) {
    static const char *const tags[] = {
        NULL,      "null",  "bool",      "int",      "uint", "double",
        "string",  "bytes", "timestamp", "duration", "date", "period",
        "decimal", "list",  "map",       "optional", "type",
    };
    return kind < sizeof tags / sizeof tags[0] ? tags[kind] : NULL;
}

static json_t *write_value(heng_cel_value value, struct writing *writing) {
    const char *tag = tag_of(value.kind);
    if (writing->depth == 0 || writing->left == 0 || tag == NULL)
        return NULL;
    writing->left--;
    writing->depth--;
    json_t *content = write_content(value, writing);
    writing->depth++;
    return content == NULL ? NULL : json_pack("{s: o}", tag, content);
}

json_t *heng_eval_value_write(heng_cel_value value, heng_arena *arena) {
    struct writing writing = {.arena = arena, .depth = DEPTH_MAX, .left = WRITTEN_MAX};
    return write_value(value, &writing);
}

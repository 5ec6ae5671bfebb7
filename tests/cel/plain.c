/* SPDX-License-Identifier: Apache-2.0 */
/* plain.c: see plain.h. Nothing here is fast, and nothing is clever. */
#include "cel/plain.h"

#include <string.h>

#include "cel/library.h"

static heng_cel_value fail(struct plain *plain, const char *why) {
    return heng_cel_value_error(plain->arena, HENG_CEL_ERR_ARGUMENT, "%s", why);
}

static bool is_error(heng_cel_value value) {
    return heng_cel_value_is_error(value);
}

static bool named(const heng_cel_node *node, const char *name) {
    return heng_str_equal(node->name, heng_str_of(name));
}

static heng_cel_value some(struct plain *plain, heng_cel_value value) {
    heng_cel_value *held = heng_arena_alloc(plain->arena, sizeof *held);
    if (held == NULL)
        return fail(plain, "memory");
    *held = value;
    return heng_cel_value_optional(held);
}

static heng_cel_value reference(struct plain *plain, const heng_cel_node *node) {
    switch (node->ref) {
    case HENG_CEL_REF_VARIABLE:
        return plain->variables[node->slot];
    case HENG_CEL_REF_LOCAL:
        return plain->locals[node->slot];
    case HENG_CEL_REF_CONSTANT:
        return node->value;
    case HENG_CEL_REF_NONE:
    case HENG_CEL_REF_FIELD:
        break;
    }
    return fail(plain, "unknown name");
}

/* ---- fields and indexes ---- */

/* The entry of a map whose key equals `key`, or NULL. */
static const heng_cel_value *entry(struct plain *plain, const heng_cel_map *map,
                                   heng_cel_value key) {
    for (size_t i = 0; i < map->count; i++) {
        if (heng_cel_value_equal(map->keys[i], key, plain->arena))
            return &map->values[i];
    }
    return NULL;
}

static heng_cel_value select_field(struct plain *plain, heng_cel_value from,
                                   const heng_cel_node *node) {
    if (from.kind == HENG_CEL_OPTIONAL) {
        if (from.as.optional == NULL)
            return node->test ? heng_cel_value_bool(false) : from;
        heng_cel_node wanted = *node;
        wanted.optional = !node->test;
        return select_field(plain, *from.as.optional, &wanted);
    }
    const heng_cel_value *found = NULL;
    heng_cel_value field;
    if (from.kind == HENG_CEL_MAP) {
        found = entry(plain, from.as.map, heng_cel_value_string(node->name));
    } else if (from.kind == HENG_CEL_OBJECT) {
        const heng_cel_object_type *type = from.as.object->type;
        for (uint32_t i = 0; i < type->field_count; i++) {
            if (heng_str_equal(type->fields[i].name, node->name) &&
                type->has(from.as.object, i)) {
                field = type->get(from.as.object, i, plain->arena);
                found = &field;
            }
        }
    } else {
        return fail(plain, "no fields");
    }
    if (node->test)
        return heng_cel_value_bool(found != NULL);
    if (node->optional)
        return found == NULL ? heng_cel_value_optional(NULL) : some(plain, *found);
    return found == NULL ? fail(plain, "no such field") : *found;
}

static heng_cel_value index_into(struct plain *plain, heng_cel_value from,
                                 heng_cel_value at, bool optional) {
    if (from.kind == HENG_CEL_OPTIONAL) {
        if (from.as.optional == NULL)
            return from;
        return index_into(plain, *from.as.optional, at, true);
    }
    heng_cel_value found = heng_cel_value_null();
    bool present = false;
    if (from.kind == HENG_CEL_LIST && at.kind == HENG_CEL_INT) {
        present = at.as.integer >= 0 && at.as.uinteger < from.as.list->count;
        if (present) {
            found =
                heng_cel_value_item(from.as.list, (size_t)at.as.integer, plain->arena);
        }
    } else if (from.kind == HENG_CEL_MAP) {
        const heng_cel_value *value = entry(plain, from.as.map, at);
        present = value != NULL;
        found = present ? *value : found;
    } else {
        return fail(plain, "no index");
    }
    if (optional)
        return present ? some(plain, found) : heng_cel_value_optional(NULL);
    return present ? found : fail(plain, "outside");
}

/* ---- calls ---- */

static heng_cel_value apply(struct plain *plain, const heng_cel_node *node,
                            heng_cel_value *args, size_t count) {
    const heng_cel_overload *rows[64];
    uint64_t cost = 0;
    size_t found =
        heng_cel_library_find(node->name, node->operand != NULL, count, rows, 64);
    for (size_t i = 0; i < found && i < 64; i++) {
        heng_cel_signature signature;
        if (heng_cel_library_signature(rows[i], &signature) &&
            heng_cel_library_fits(&signature, args, count)) {
            heng_cel_call call = {
                .arena = plain->arena, .cost = &cost, .overload = rows[i]};
            return rows[i]->run(&call, args, count);
        }
    }
    return fail(plain, "no such overload");
}

static heng_cel_value call(struct plain *plain, const heng_cel_node *node) {
    heng_cel_value args[16];
    size_t count = 0;
    if (node->operand != NULL) {
        args[count] = plain_evaluate(plain, node->operand);
        if (is_error(args[count]))
            return args[count];
        count++;
    }
    if (node->operand != NULL && (named(node, "or") || named(node, "orValue"))) {
        if (args[0].kind != HENG_CEL_OPTIONAL)
            return fail(plain, "no optional");
        if (args[0].as.optional != NULL)
            return named(node, "or") ? args[0] : *args[0].as.optional;
        return plain_evaluate(plain, node->args[0]);
    }
    for (uint32_t i = 0; i < node->arg_count && count < 16; i++) {
        args[count] = plain_evaluate(plain, node->args[i]);
        if (is_error(args[count]))
            return args[count];
        count++;
    }
    if (named(node, "_[_]") || named(node, "_[?_]"))
        return index_into(plain, args[0], args[1],
                          node->optional || named(node, "_[?_]"));
    return apply(plain, node, args, count);
}

/* ---- logic ---- */

/* `decisive` ends it; an error counts only where nothing did. */
static heng_cel_value logic(struct plain *plain, const heng_cel_node *node,
                            bool decisive) {
    heng_cel_value error = heng_cel_value_null();
    for (uint32_t i = 0; i < node->arg_count; i++) {
        heng_cel_value value = plain_evaluate(plain, node->args[i]);
        if (value.kind == HENG_CEL_BOOL && value.as.boolean == decisive)
            return value;
        if (value.kind != HENG_CEL_BOOL && !is_error(error)) {
            error = is_error(value) ? value : fail(plain, "no bool");
        }
    }
    return is_error(error) ? error : heng_cel_value_bool(!decisive);
}

/* ---- literals ---- */

static heng_cel_value literal(struct plain *plain, const heng_cel_node *node,
                              bool map) {
    size_t step = map ? 2 : 1;
    heng_cel_value *values =
        heng_arena_calloc(plain->arena, node->arg_count + 1, 2 * sizeof *values);
    heng_cel_value *keys = values + node->arg_count;
    size_t count = 0;
    for (size_t i = 0; i < node->arg_count; i += step) {
        heng_cel_value key = heng_cel_value_null();
        if (map) {
            key = plain_evaluate(plain, node->args[i]);
            if (is_error(key))
                return key;
        }
        heng_cel_value value = plain_evaluate(plain, node->args[i + step - 1]);
        if (is_error(value))
            return value;
        if (node->optional_items != NULL && node->optional_items[i / step]) {
            if (value.kind != HENG_CEL_OPTIONAL)
                return fail(plain, "no optional");
            if (value.as.optional == NULL)
                continue;
            value = *value.as.optional;
        }
        for (size_t j = 0; map && j < count; j++) {
            if (heng_cel_value_equal(keys[j], key, plain->arena))
                return fail(plain, "key twice");
        }
        keys[count] = key;
        values[count++] = value;
    }
    if (map) {
        heng_cel_map *made = heng_arena_calloc(plain->arena, 1, sizeof *made);
        *made = (heng_cel_map){.count = count, .keys = keys, .values = values};
        return heng_cel_value_map(made);
    }
    heng_cel_list *made = heng_arena_calloc(plain->arena, 1, sizeof *made);
    made->count = count;
    made->items = values;
    return heng_cel_value_list(made);
}

/* ---- comprehensions ---- */

/* What a comprehension has come to. */
struct folded {
    heng_cel_value keys[512], items[512];
    size_t count;
    size_t true_count;
    heng_cel_value error; /* kept by all and exists */
};

/* One item, whose variables are set. Gives a value where the loop ends with it, else
 * null. */
static heng_cel_value step(struct plain *plain, const heng_cel_node *node,
                           struct folded *folded) {
    heng_cel_value condition = heng_cel_value_bool(true);
    heng_cel_value first = plain->locals[node->variable_slots[0]];
    if (node->condition != NULL) {
        condition = plain_evaluate(plain, node->condition);
        if (condition.kind != HENG_CEL_BOOL && !is_error(condition)) {
            condition = fail(plain, "no bool");
        }
    }
    if (node->fold == HENG_CEL_FOLD_ALL || node->fold == HENG_CEL_FOLD_EXISTS) {
        bool decisive = node->fold == HENG_CEL_FOLD_EXISTS;
        if (is_error(condition)) {
            folded->error = is_error(folded->error) ? folded->error : condition;
        } else if (condition.as.boolean == decisive) {
            return condition;
        }
        return heng_cel_value_null();
    }
    if (is_error(condition))
        return condition;
    if (!condition.as.boolean)
        return heng_cel_value_null();
    folded->true_count++;
    if (node->fold == HENG_CEL_FOLD_EXISTS_ONE || folded->count == 512)
        return heng_cel_value_null();

    heng_cel_value item = first;
    if (node->transform != NULL) {
        item = plain_evaluate(plain, node->transform);
        if (is_error(item))
            return item;
    }
    if (node->fold == HENG_CEL_FOLD_TRANSFORM_MAP_ENTRY) {
        if (item.kind != HENG_CEL_MAP)
            return fail(plain, "no map");
        for (size_t i = 0; i < item.as.map->count && folded->count < 512; i++) {
            for (size_t j = 0; j < folded->count; j++) {
                if (heng_cel_value_equal(folded->keys[j], item.as.map->keys[i],
                                         plain->arena))
                    return fail(plain, "key twice");
            }
            folded->keys[folded->count] = item.as.map->keys[i];
            folded->items[folded->count++] = item.as.map->values[i];
        }
        return heng_cel_value_null();
    }
    folded->keys[folded->count] = first;
    folded->items[folded->count++] = item;
    return heng_cel_value_null();
}

static heng_cel_value finish(struct plain *plain, const heng_cel_node *node,
                             const struct folded *folded) {
    bool map = node->fold == HENG_CEL_FOLD_TRANSFORM_MAP ||
               node->fold == HENG_CEL_FOLD_TRANSFORM_MAP_ENTRY;
    if (is_error(folded->error))
        return folded->error;
    if (node->fold == HENG_CEL_FOLD_ALL || node->fold == HENG_CEL_FOLD_EXISTS)
        return heng_cel_value_bool(node->fold == HENG_CEL_FOLD_ALL);
    if (node->fold == HENG_CEL_FOLD_EXISTS_ONE)
        return heng_cel_value_bool(folded->true_count == 1);

    size_t bytes = (folded->count + 1) * sizeof(heng_cel_value);
    heng_cel_value *items = heng_arena_alloc(plain->arena, bytes);
    heng_cel_value *keys = heng_arena_alloc(plain->arena, bytes);
    memcpy(items, folded->items, folded->count * sizeof *items);
    memcpy(keys, folded->keys, folded->count * sizeof *keys);
    if (map) {
        heng_cel_map *made = heng_arena_calloc(plain->arena, 1, sizeof *made);
        *made = (heng_cel_map){.count = folded->count, .keys = keys, .values = items};
        return heng_cel_value_map(made);
    }
    heng_cel_list *made = heng_arena_calloc(plain->arena, 1, sizeof *made);
    made->count = folded->count;
    made->items = items;
    return heng_cel_value_list(made);
}

static heng_cel_value comprehension(struct plain *plain, const heng_cel_node *node) {
    heng_cel_value range = plain_evaluate(plain, node->range);
    bool two = node->variables[1].len > 0;
    if (is_error(range))
        return range;
    if (range.kind != HENG_CEL_LIST && range.kind != HENG_CEL_MAP)
        return fail(plain, "no range");
    struct folded *folded = heng_arena_calloc(plain->arena, 1, sizeof *folded);
    folded->error = heng_cel_value_null();
    size_t count =
        range.kind == HENG_CEL_LIST ? range.as.list->count : range.as.map->count;
    for (size_t i = 0; i < count; i++) {
        heng_cel_value *first = &plain->locals[node->variable_slots[0]];
        if (range.kind == HENG_CEL_MAP) {
            *first = range.as.map->keys[i];
            if (two) {
                plain->locals[node->variable_slots[1]] = range.as.map->values[i];
            }
        } else {
            heng_cel_value item = heng_cel_value_item(range.as.list, i, plain->arena);
            *first = two ? heng_cel_value_int((int64_t)i) : item;
            if (two) {
                plain->locals[node->variable_slots[1]] = item;
            }
        }
        heng_cel_value ended = step(plain, node, folded);
        if (ended.kind != HENG_CEL_NULL)
            return ended;
    }
    return finish(plain, node, folded);
}

heng_cel_value plain_evaluate(struct plain *plain, const heng_cel_node *node) {
    heng_cel_value value;
    switch (node->kind) {
    case HENG_CEL_NODE_LITERAL:
        return node->value;
    case HENG_CEL_NODE_IDENT:
        return reference(plain, node);
    case HENG_CEL_NODE_SELECT:
        if (node->ref != HENG_CEL_REF_NONE && node->ref != HENG_CEL_REF_FIELD)
            return reference(plain, node);
        value = plain_evaluate(plain, node->operand);
        return is_error(value) ? value : select_field(plain, value, node);
    case HENG_CEL_NODE_CALL:
        return call(plain, node);
    case HENG_CEL_NODE_AND:
        return logic(plain, node, false);
    case HENG_CEL_NODE_OR:
        return logic(plain, node, true);
    case HENG_CEL_NODE_CONDITION:
        value = plain_evaluate(plain, node->args[0]);
        if (is_error(value))
            return value;
        if (value.kind != HENG_CEL_BOOL)
            return fail(plain, "no bool");
        return plain_evaluate(plain, node->args[value.as.boolean ? 1 : 2]);
    case HENG_CEL_NODE_LIST:
        return literal(plain, node, false);
    case HENG_CEL_NODE_MAP:
        return literal(plain, node, true);
    case HENG_CEL_NODE_COMPREHENSION:
        return comprehension(plain, node);
    case HENG_CEL_NODE_BIND: /* an error is met only where the name is used */
        plain->locals[node->variable_slots[0]] = plain_evaluate(plain, node->args[0]);
        return plain_evaluate(plain, node->args[1]);
    case HENG_CEL_NODE_STRUCT:
        break;
    }
    return fail(plain, "no such node");
}

/* SPDX-License-Identifier: Apache-2.0 */
/* vm_data.c: fields, indexes, literals, and what comprehensions gather. */
#include "cel/vm_data.h"

#include <stdint.h>
#include <string.h>

#include "cel/cel_text.h"
#include "cel/value_text.h"

static heng_cel_value out_of_memory(heng_arena *arena) {
    return heng_cel_value_error(arena, HENG_CEL_ERR_MEMORY, "out of memory");
}

static const char *kind_text(heng_cel_value value) {
    return heng_cel_kind_name((heng_cel_kind)value.kind);
}

heng_cel_value heng_vm_data_no_overload(heng_str name, const heng_cel_value *args,
                                        size_t count, heng_arena *arena) {
    heng_cel_text kinds = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        heng_cel_text_add(&kinds, heng_str_of(i > 0 ? ", " : ""));
        heng_cel_text_add(&kinds, heng_str_of(kind_text(args[i])));
    }
    const char *text = heng_cel_text_end(&kinds);
    if (text == NULL)
        return out_of_memory(arena);
    if (name.len > 2 && name.ptr[0] == '_' && name.ptr[name.len - 1] == '_') {
        name = (heng_str){name.ptr + 1, name.len - 2}; /* `_<_` is `<` to people */
    } else if (name.len == 2 && name.ptr[1] == '_') {
        name.len = 1;
    } else if (name.len > 0 && name.ptr[0] == '@') {
        name = (heng_str){name.ptr + 1, name.len - 1};
    }
    return heng_cel_value_error(arena, HENG_CEL_ERR_NO_OVERLOAD,
                                "no such overload `%.*s` for (%s)", HENG_STR_ARG(name),
                                text);
}

/* ---- fields ---- */

static heng_cel_value no_selection(heng_cel_value operand, heng_arena *arena) {
    return heng_cel_value_error(arena, HENG_CEL_ERR_NO_OVERLOAD, "%s has no fields",
                                kind_text(operand));
}

static heng_cel_value no_key(heng_cel_value key, heng_arena *arena) {
    heng_cel_text out = {.arena = arena};
    heng_value_text_add(&out, key, true);
    const char *text = heng_cel_text_end(&out);
    return text == NULL ? out_of_memory(arena)
                        : heng_cel_value_error(arena, HENG_CEL_ERR_NO_FIELD,
                                               "no such key `%.200s`", text);
}

/* The slot of a field, or SIZE_MAX. */
static size_t slot_of(const heng_cel_object_type *type, heng_str name) {
    for (size_t i = 0; i < type->field_count; i++) {
        if (heng_str_equal(type->fields[i].name, name))
            return i;
    }
    return SIZE_MAX;
}

static heng_cel_value hold(heng_cel_value value, heng_arena *arena) {
    heng_cel_value *held = heng_arena_alloc(arena, sizeof *held);
    if (held == NULL)
        return out_of_memory(arena);
    *held = value;
    return heng_cel_value_optional(held);
}

heng_cel_value heng_vm_data_select(heng_cel_value operand, heng_str name,
                                   heng_arena *arena) {
    if (operand.kind == HENG_CEL_MAP) {
        heng_cel_value key = heng_cel_value_string(name);
        const heng_cel_value *found = heng_cel_value_find(operand.as.map, key);
        return found != NULL ? *found : no_key(key, arena);
    }
    if (operand.kind == HENG_CEL_OBJECT) {
        const heng_cel_object *object = operand.as.object;
        size_t slot = slot_of(object->type, name);
        if (slot == SIZE_MAX)
            return heng_cel_value_no_field(arena, object, name);
        return object->type->get(object, (uint32_t)slot, arena);
    }
    if (operand.kind == HENG_CEL_OPTIONAL)
        return heng_vm_data_select_optional(operand, name, arena);
    return no_selection(operand, arena);
}

heng_cel_value heng_vm_data_has(heng_cel_value operand, heng_str name,
                                heng_arena *arena) {
    if (operand.kind == HENG_CEL_MAP)
        return heng_cel_value_bool(
            heng_cel_value_find(operand.as.map, heng_cel_value_string(name)) != NULL);
    if (operand.kind == HENG_CEL_OBJECT) {
        const heng_cel_object *object = operand.as.object;
        size_t slot = slot_of(object->type, name);
        if (slot == SIZE_MAX)
            return heng_cel_value_no_field(arena, object, name);
        return heng_cel_value_bool(object->type->has(object, (uint32_t)slot));
    }
    if (operand.kind == HENG_CEL_OPTIONAL) {
        if (operand.as.optional == NULL)
            return heng_cel_value_bool(false);
        return heng_vm_data_has(*operand.as.optional, name, arena);
    }
    return no_selection(operand, arena);
}

heng_cel_value heng_vm_data_select_optional(heng_cel_value operand, heng_str name,
                                            heng_arena *arena) {
    if (operand.kind == HENG_CEL_OPTIONAL) {
        if (operand.as.optional == NULL)
            return operand;
        return heng_vm_data_select_optional(*operand.as.optional, name, arena);
    }
    heng_cel_value has = heng_vm_data_has(operand, name, arena);
    if (heng_cel_value_is_error(has))
        return has;
    if (!has.as.boolean)
        return heng_cel_value_optional(NULL);
    heng_cel_value found = heng_vm_data_select(operand, name, arena);
    return heng_cel_value_is_error(found) ? found : hold(found, arena);
}

/* ---- indexes ---- */

/* The whole number that an index is, whatever its numeric type; false where it is none.
 */
static bool whole_index(heng_cel_value index, int64_t *ret_index) {
    switch (index.kind) {
    case HENG_CEL_INT:
        *ret_index = index.as.integer;
        return true;
    case HENG_CEL_UINT:
        *ret_index =
            index.as.uinteger > INT64_MAX ? INT64_MAX : (int64_t)index.as.uinteger;
        return true;
    case HENG_CEL_DOUBLE:
        if (!(index.as.real >= -9e15 && index.as.real <= 9e15) ||
            (double)(int64_t)index.as.real != index.as.real)
            return false;
        *ret_index = (int64_t)index.as.real;
        return true;
    default:
        return false;
    }
}

static bool is_key(uint8_t kind) {
    return kind == HENG_CEL_STRING || kind == HENG_CEL_INT || kind == HENG_CEL_UINT ||
           kind == HENG_CEL_BOOL;
}

/* The item or entry, an ERROR for a wrong index, or NULL-kind with *ret_absent. */
static heng_cel_value look_up(heng_cel_value operand, heng_cel_value index,
                              bool *ret_absent, heng_arena *arena) {
    *ret_absent = false;
    if (operand.kind == HENG_CEL_LIST) {
        const heng_cel_list *list = operand.as.list;
        int64_t at = 0;
        if (!whole_index(index, &at))
            return heng_vm_data_no_overload(
                HENG_STR("_[]_"), (const heng_cel_value[]){operand, index}, 2, arena);
        if (at < 0 || (uint64_t)at >= list->count) {
            *ret_absent = true;
            return heng_cel_value_null();
        }
        return heng_cel_value_item(list, (size_t)at, arena);
    }
    if (operand.kind == HENG_CEL_MAP) {
        if (!is_key(index.kind) && index.kind != HENG_CEL_DOUBLE)
            return heng_vm_data_no_overload(
                HENG_STR("_[]_"), (const heng_cel_value[]){operand, index}, 2, arena);
        const heng_cel_value *found = heng_cel_value_find(operand.as.map, index);
        *ret_absent = found == NULL;
        return found != NULL ? *found : heng_cel_value_null();
    }
    return heng_vm_data_no_overload(HENG_STR("_[]_"),
                                    (const heng_cel_value[]){operand, index}, 2, arena);
}

heng_cel_value heng_vm_data_index(heng_cel_value operand, heng_cel_value index,
                                  heng_arena *arena) {
    bool absent = false;
    if (operand.kind == HENG_CEL_OPTIONAL)
        return heng_vm_data_index_optional(operand, index, arena);
    heng_cel_value found = look_up(operand, index, &absent, arena);
    if (!absent)
        return found;
    if (operand.kind == HENG_CEL_MAP)
        return no_key(index, arena);
    int64_t at = 0;
    (void)whole_index(index, &at);
    return heng_cel_value_error(arena, HENG_CEL_ERR_ARGUMENT,
                                "index %lld is outside the list of %zu items",
                                (long long)at, operand.as.list->count);
}

heng_cel_value heng_vm_data_index_optional(heng_cel_value operand, heng_cel_value index,
                                           heng_arena *arena) {
    bool absent = false;
    if (operand.kind == HENG_CEL_OPTIONAL) {
        if (operand.as.optional == NULL)
            return operand;
        return heng_vm_data_index_optional(*operand.as.optional, index, arena);
    }
    heng_cel_value found = look_up(operand, index, &absent, arena);
    if (heng_cel_value_is_error(found))
        return found;
    return absent ? heng_cel_value_optional(NULL) : hold(found, arena);
}

/* ---- literals ---- */

static heng_cel_value make_list(const heng_cel_value *items, size_t count,
                                heng_arena *arena) {
    heng_cel_list *list = heng_arena_calloc(arena, 1, sizeof *list);
    if (list == NULL)
        return out_of_memory(arena);
    list->count = count;
    list->items = items;
    return heng_cel_value_list(list);
}

/* An optional item: *ret_value is what it holds. An ERROR where it is no optional. */
static heng_cel_value unwrap(heng_cel_value item, bool *ret_absent, heng_arena *arena) {
    if (item.kind != HENG_CEL_OPTIONAL)
        return heng_cel_value_error(arena, HENG_CEL_ERR_NO_OVERLOAD,
                                    "an item after `?` must be optional, not %s",
                                    kind_text(item));
    *ret_absent = item.as.optional == NULL;
    return *ret_absent ? item : *item.as.optional;
}

heng_cel_value heng_vm_data_list(const heng_cel_value *items, size_t count,
                                 const bool *optional, heng_arena *arena) {
    heng_cel_value *copy = heng_arena_calloc(arena, count + 1, sizeof *copy);
    size_t kept = 0;
    if (copy == NULL)
        return out_of_memory(arena);
    for (size_t i = 0; i < count; i++) {
        heng_cel_value item = items[i];
        bool absent = false;
        if (optional != NULL && optional[i]) {
            item = unwrap(item, &absent, arena);
            if (heng_cel_value_is_error(item))
                return item;
        }
        if (!absent) {
            copy[kept++] = item;
        }
    }
    return make_list(copy, kept, arena);
}

/* Merge sort of `count` indexes by key; `spare` has as much room. */
static void sort_indexes(size_t *indexes, size_t *spare, size_t count,
                         const heng_cel_value *keys,
                         int (*order)(heng_cel_value a, heng_cel_value b)) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = middle + width < count ? middle + width : count;
            size_t left = start;
            size_t right = middle;
            for (size_t to = start; to < end; to++) {
                bool take_left =
                    left < middle && (right >= end || order(keys[indexes[left]],
                                                            keys[indexes[right]]) <= 0);
                spare[to] = take_left ? indexes[left++] : indexes[right++];
            }
        }
        memcpy(indexes, spare, count * sizeof *indexes);
    }
}

/* Few keys are compared each with each, many are put in order. SIZE_MAX: none is twice.
 */
static size_t find_twice(const heng_cel_value *keys, size_t count,
                         const size_t *order) {
    for (size_t i = 1; i < count; i++) {
        if (order != NULL) {
            if (heng_cel_value_key_order(keys[order[i - 1]], keys[order[i]]) == 0)
                return order[i];
            continue;
        }
        for (size_t j = 0; j < i; j++) {
            if (heng_cel_value_key_order(keys[i], keys[j]) == 0)
                return i;
        }
    }
    return SIZE_MAX;
}

static heng_cel_value make_map(heng_cel_value *keys, heng_cel_value *values,
                               size_t count, heng_arena *arena) {
    enum { FEW = 16 };
    size_t *order = NULL;
    heng_cel_map *map = heng_arena_calloc(arena, 1, sizeof *map);
    if (map == NULL)
        return out_of_memory(arena);
    if (count > FEW) {
        order = heng_arena_calloc(arena, count * 2, sizeof *order);
        if (order == NULL)
            return out_of_memory(arena);
        for (size_t i = 0; i < count; i++) {
            order[i] = i;
        }
        sort_indexes(order, order + count, count, keys, heng_cel_value_key_order);
    }
    size_t twice = find_twice(keys, count, order);
    if (twice != SIZE_MAX) {
        const char *text = heng_cel_value_print(keys[twice], arena);
        return heng_cel_value_error(arena, HENG_CEL_ERR_ARGUMENT,
                                    "key `%.200s` occurs twice in the map",
                                    text == NULL ? "" : text);
    }
    map->count = count;
    map->keys = keys;
    map->values = values;
    map->order = order;
    return heng_cel_value_map(map);
}

heng_cel_value heng_vm_data_map(const heng_cel_value *pairs, size_t count,
                                const bool *optional, heng_arena *arena) {
    heng_cel_value *keys = heng_arena_calloc(arena, count + 1, 2 * sizeof *keys);
    size_t kept = 0;
    if (keys == NULL)
        return out_of_memory(arena);
    heng_cel_value *values = keys + count;
    for (size_t i = 0; i < count; i++) {
        heng_cel_value value = pairs[2 * i + 1];
        bool absent = false;
        if (!is_key(pairs[2 * i].kind))
            return heng_cel_value_error(
                arena, HENG_CEL_ERR_NO_OVERLOAD,
                "a map key must be int, uint, bool or string, not %s",
                kind_text(pairs[2 * i]));
        if (optional != NULL && optional[i]) {
            value = unwrap(value, &absent, arena);
            if (heng_cel_value_is_error(value))
                return value;
        }
        if (!absent) {
            keys[kept] = pairs[2 * i];
            values[kept++] = value;
        }
    }
    return make_map(keys, values, kept, arena);
}

/* ---- gathering ---- */

bool heng_vm_data_add(heng_vm_data_gathered *gathered, const heng_cel_value *key,
                      heng_cel_value item, heng_arena *arena) {
    if (gathered->count == gathered->room) {
        size_t room = gathered->room == 0 ? 8 : gathered->room * 2;
        size_t lists = key == NULL ? 1 : 2;
        heng_cel_value *items = heng_arena_calloc(arena, room, lists * sizeof *items);
        if (items == NULL)
            return false;
        if (gathered->count > 0) {
            memcpy(items, gathered->items, gathered->count * sizeof *items);
            if (key != NULL) {
                memcpy(items + room, gathered->keys, gathered->count * sizeof *items);
            }
        }
        gathered->items = items;
        gathered->keys = key == NULL ? NULL : items + room;
        gathered->room = room;
    }
    if (key != NULL) {
        gathered->keys[gathered->count] = *key;
    }
    gathered->items[gathered->count++] = item;
    return true;
}

heng_cel_value heng_vm_data_add_entries(heng_vm_data_gathered *gathered,
                                        heng_cel_value entries, heng_arena *arena) {
    if (entries.kind != HENG_CEL_MAP)
        return heng_vm_data_no_overload(HENG_STR("transformMapEntry"), &entries, 1,
                                        arena);
    const heng_cel_map *map = entries.as.map;
    for (size_t i = 0; i < map->count; i++) {
        if (!heng_vm_data_add(gathered, &map->keys[i], map->values[i], arena))
            return out_of_memory(arena);
    }
    return heng_cel_value_null();
}

heng_cel_value heng_vm_data_gathered_value(const heng_vm_data_gathered *gathered,
                                           bool map, heng_arena *arena) {
    if (map)
        return make_map(gathered->keys, gathered->items, gathered->count, arena);
    return make_list(gathered->items, gathered->count, arena);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* fn_list.c: lists: size, index, `in`, concatenation. */
#include <string.h>

#include "base/limits.h"
#include "cel/fn.h"
#include "cel/vm_data.h"

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

NATIVE(size_list) {
    (void)call, (void)count;
    return heng_cel_value_int((int64_t)args[0].as.list->count);
}

NATIVE(at_index) {
    (void)count;
    return heng_vm_data_index(args[0], args[1], call->arena);
}

NATIVE(at_index_optional) {
    (void)count;
    return heng_vm_data_index_optional(args[0], args[1], call->arena);
}

/* The row counts one step an item; what comparing an item takes beyond that is added.
 */
NATIVE(in_list) {
    const heng_cel_list *list = args[1].as.list;
    uint64_t work = HENG_LIMIT_CEL_WORK;
    int equal = 0;
    (void)count;
    for (size_t i = 0; i < list->count && equal == 0; i++) {
        heng_cel_value item = heng_cel_value_item(list, i, call->arena);
        equal = heng_cel_value_equal_within(args[0], item, call->arena, &work);
    }
    if (equal < 0)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_COST,
                                    "comparing the values takes too long");
    uint64_t used = HENG_LIMIT_CEL_WORK - work;
    *call->cost += used > list->count ? (used - list->count) / 16 : 0;
    return heng_cel_value_bool(equal == 1);
}

NATIVE(add_lists) {
    const heng_cel_list *left = args[0].as.list;
    const heng_cel_list *right = args[1].as.list;
    (void)count;
    if (right->count == 0)
        return args[0];
    if (left->count == 0)
        return args[1];
    size_t total = left->count + right->count; /* both are in memory */
    heng_cel_list *sum = heng_arena_calloc(call->arena, 1, sizeof *sum);
    heng_cel_value *items = heng_arena_calloc(call->arena, total, sizeof *items);
    if (sum == NULL || items == NULL)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < total; i++) {
        items[i] = i < left->count
                       ? heng_cel_value_item(left, i, call->arena)
                       : heng_cel_value_item(right, i - left->count, call->arena);
    }
    sum->count = total;
    sum->items = items;
    return heng_cel_value_list(sum);
}

static const heng_cel_overload ROWS[] = {
    HENG_FN_ROW("size_list", "size", "(list(A)) -> int", size_list, CONSTANT, 0, SMALL,
                "The number of items.", "size([1, 2]) == 2"),
    HENG_FN_ROW("list_size", "size", "list(A).() -> int", size_list, CONSTANT, 0, SMALL,
                "The number of items.", "[1, 2].size() == 2"),
    HENG_FN_ROW("index_list", "_[_]", "(list(A), int) -> A", at_index, CONSTANT, 0,
                FIRST, "The item at an index, from 0; outside is an error.",
                "[7, 8][1] == 8"),
    HENG_FN_ROW("list_optindex_optional_int", "_[?_]",
                "(list(V), int) -> optional_type(V)", at_index_optional, CONSTANT, 0,
                FIRST, "The item at an index, if there is one.",
                "[7, 8][?5] == optional.none()"),
    HENG_FN_ROW("in_list", "@in", "(A, list(A)) -> bool", in_list, LIST, 0, SMALL,
                "Whether the list has the value.", "2 in [1, 2]"),
    HENG_FN_ROW("add_list", "_+_", "(list(A), list(A)) -> list(A)", add_lists, SUM, 1,
                SUM, "The items of both.", "[1] + [2] == [1, 2]"),
};

HENG_FN_TABLE(list);

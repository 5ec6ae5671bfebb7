/* SPDX-License-Identifier: Apache-2.0 */
/* fn_map.c: maps: size, index, `in`. */
#include "cel/fn.h"
#include "cel/vm_data.h"

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

NATIVE(size_map) {
    (void)call, (void)count;
    return heng_cel_value_int((int64_t)args[0].as.map->count);
}

NATIVE(at_key) {
    (void)count;
    return heng_vm_data_index(args[0], args[1], call->arena);
}

NATIVE(at_key_optional) {
    (void)count;
    return heng_vm_data_index_optional(args[0], args[1], call->arena);
}

NATIVE(in_map) {
    (void)call, (void)count;
    return heng_cel_value_bool(heng_cel_value_find(args[1].as.map, args[0]) != NULL);
}

static const heng_cel_overload ROWS[] = {
    HENG_FN_ROW("size_map", "size", "(map(A, B)) -> int", size_map, CONSTANT, 0, SMALL,
                "The number of entries.", "size({'a': 1}) == 1"),
    HENG_FN_ROW("map_size", "size", "map(A, B).() -> int", size_map, CONSTANT, 0, SMALL,
                "The number of entries.", "{'a': 1}.size() == 1"),
    HENG_FN_ROW("index_map", "_[_]", "(map(A, B), A) -> B", at_key, CONSTANT, 0, FIRST,
                "The value under a key; a key that is not there is an error.",
                "{'a': 1}['a'] == 1"),
    HENG_FN_ROW("map_optindex_optional_value", "_[?_]",
                "(map(K, V), K) -> optional_type(V)", at_key_optional, CONSTANT, 0,
                FIRST, "The value under a key, if there is one.",
                "{'a': 1}[?'b'] == optional.none()"),
    HENG_FN_ROW("in_map", "@in", "(A, map(A, B)) -> bool", in_map, SUM, 0, SMALL,
                "Whether the map has the key.", "'a' in {'a': 1}"),
};

HENG_FN_TABLE(map);

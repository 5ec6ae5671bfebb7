/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vm_data.h: the machine's longer instructions: fields, indexes, literals, gathering.
 * Each returns a value, or an ERROR value to be raised.
 */
#ifndef HENG_CEL_VM_DATA_H
#define HENG_CEL_VM_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "cel/value.h"

/** `operand.name`; on an optional the result is optional. */
heng_cel_value heng_vm_data_select(heng_cel_value operand, heng_str name,
                                   heng_arena *arena);
/** `operand.?name` */
heng_cel_value heng_vm_data_select_optional(heng_cel_value operand, heng_str name,
                                            heng_arena *arena);
/** `has(operand.name)` */
heng_cel_value heng_vm_data_has(heng_cel_value operand, heng_str name,
                                heng_arena *arena);

/** `operand[index]`; on an optional the result is optional. */
heng_cel_value heng_vm_data_index(heng_cel_value operand, heng_cel_value index,
                                  heng_arena *arena);
/** `operand[?index]` */
heng_cel_value heng_vm_data_index_optional(heng_cel_value operand, heng_cel_value index,
                                           heng_arena *arena);

/** A list or map literal; `optional` marks `?x` (NULL: none), pairs in a map. */
heng_cel_value heng_vm_data_list(const heng_cel_value *items, size_t count,
                                 const bool *optional, heng_arena *arena);
heng_cel_value heng_vm_data_map(const heng_cel_value *pairs, size_t count,
                                const bool *optional, heng_arena *arena);

/** A list or map that grows while a comprehension runs. Zeroed, it is empty. */
typedef struct heng_vm_data_gathered {
    heng_cel_value *keys; /* of a map */
    heng_cel_value *items;
    size_t count;
    size_t room;
} heng_vm_data_gathered;

/** Adds to it, in the arena. False out of memory. `key` NULL: a list. */
bool heng_vm_data_add(heng_vm_data_gathered *gathered, const heng_cel_value *key,
                      heng_cel_value item, heng_arena *arena);
/** Adds the entries of a map; an ERROR where it is none, or a key is there already. */
heng_cel_value heng_vm_data_add_entries(heng_vm_data_gathered *gathered,
                                        heng_cel_value entries, heng_arena *arena);
heng_cel_value heng_vm_data_gathered_value(const heng_vm_data_gathered *gathered,
                                           bool map, heng_arena *arena);

/** "no such overload `name` for (int, string)". */
heng_cel_value heng_vm_data_no_overload(heng_str name, const heng_cel_value *args,
                                        size_t count, heng_arena *arena);

#endif

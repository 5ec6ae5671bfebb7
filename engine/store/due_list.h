/* SPDX-License-Identifier: Apache-2.0 */
/*
 * due_list.h: pairs of a day and an id, collected in memory of a fixed size and put in
 * order of both.
 */
#ifndef HENG_STORE_DUE_LIST_H
#define HENG_STORE_DUE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/date.h"
#include "heng/error.h"
#include "heng/str.h"

struct heng_due_entry {
    heng_date day;
    uint32_t at; /* of its id among `ids` */
};

typedef struct heng_due_list {
    uint8_t *ids; /* owned: u8 length, bytes, one after the other */
    size_t used, room;
    struct heng_due_entry *entries, *spare; /* owned; `spare` is for sorting */
    size_t count, most;
} heng_due_list;

/** Takes about `bytes` of memory, all of it now. HENG_ERR_NOMEM. */
heng_status heng_due_list_init(heng_due_list *list, size_t bytes,
                               heng_error *reterr) HENG_NODISCARD;
/** Also takes a zeroed one. */
void heng_due_list_done(heng_due_list *list);
void heng_due_list_clear(heng_due_list *list);

/** Copies the id (1 to 255 bytes); `day` is valid. False when it is full. */
bool heng_due_list_add(heng_due_list *list, heng_date day, heng_str id);

/** By day, then id, each pair once. Quickest where the ids of a day came ascending, or
 * in few ascending runs. */
void heng_due_list_sort(heng_due_list *list);

static inline heng_str heng_due_list_id(const heng_due_list *list, size_t index) {
    const uint8_t *at = list->ids + list->entries[index].at;
    return (heng_str){(const char *)at + 1, at[0]};
}

#endif

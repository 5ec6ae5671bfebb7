/* SPDX-License-Identifier: Apache-2.0 */
/* id_list.c: packed ids, and a heap over the heads of many lists. */
#include "store/id_list.h"

#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"

static heng_str id_at(const uint8_t *at, heng_id_list_form form) {
    return (heng_str){(const char *)at + form + 1, at[form]};
}

bool heng_id_list_check(const uint8_t *bytes, size_t len, heng_id_list_form form,
                        unsigned known) {
    heng_str before = {0};
    while (len > 0) {
        size_t head = (size_t)form + 1;
        if (len < head)
            return false;
        heng_str id = id_at(bytes, form);
        if (id.len == 0 || id.len > HENG_LIMIT_SUBJECT_ID_BYTES ||
            id.len > len - head ||
            (before.ptr != NULL && heng_str_compare(before, id) >= 0))
            return false;
        if (form == HENG_ID_LIST_FLAGGED && (bytes[0] == 0 || (bytes[0] & ~known) != 0))
            return false;
        before = id;
        bytes += head + id.len;
        len -= head + id.len;
    }
    return true;
}

uint8_t *heng_id_list_put(uint8_t *at, heng_id_list_form form, heng_str id,
                          unsigned flags) {
    if (form == HENG_ID_LIST_FLAGGED) {
        *at++ = (uint8_t)flags;
    }
    *at++ = (uint8_t)id.len;
    memcpy(at, id.ptr, id.len);
    return at + id.len;
}

/* ---- many lists as one ---- */

void heng_id_merge_init(heng_id_merge *merge, heng_id_list_form form, size_t most) {
    *merge = (heng_id_merge){.form = form, .most = most};
}

void heng_id_merge_done(heng_id_merge *merge) {
    heng_alloc_free(merge->lists);
    merge->lists = NULL;
}

heng_status heng_id_merge_add(heng_id_merge *merge, const uint8_t *bytes, size_t len,
                              const char *what, heng_error *reterr) {
    enum { FIRST_ROOM = 64 };
    if (len == 0)
        return HENG_OK;
    if (merge->count == merge->most)
        return heng_error_set(reterr, HENG_ERR_LIMIT, "", (heng_pos){0, 0},
                              "there are more than %zu %s; look at all subjects once",
                              merge->most, what);
    if (merge->count == merge->room) {
        size_t room = merge->room == 0 ? FIRST_ROOM : merge->room * 2;
        struct heng_id_list_rest *grown =
            heng_alloc_resize(merge->lists, room, sizeof *grown);
        if (grown == NULL)
            return heng_error_nomem(reterr);
        merge->lists = grown;
        merge->room = room;
    }
    merge->lists[merge->count++] = (struct heng_id_list_rest){bytes, bytes + len};
    return HENG_OK;
}

static bool comes_before(const heng_id_merge *merge, size_t a, size_t b) {
    return heng_str_compare(id_at(merge->lists[a].at, merge->form),
                            id_at(merge->lists[b].at, merge->form)) < 0;
}

/* Lets the list at `index` sink to its place. */
static void sink(heng_id_merge *merge, size_t index) {
    for (;;) {
        size_t child = index * 2 + 1;
        if (child >= merge->count)
            return;
        if (child + 1 < merge->count && comes_before(merge, child + 1, child)) {
            child++;
        }
        if (!comes_before(merge, child, index))
            return;
        struct heng_id_list_rest swap = merge->lists[index];
        merge->lists[index] = merge->lists[child];
        merge->lists[child] = swap;
        index = child;
    }
}

bool heng_id_merge_next(heng_id_merge *merge, heng_str *ret_id, unsigned *ret_flags) {
    if (!merge->under_way) {
        merge->under_way = true;
        for (size_t i = merge->count / 2; i > 0; i--) {
            sink(merge, i - 1);
        }
    }
    if (merge->count == 0)
        return false;
    heng_str id = id_at(merge->lists[0].at, merge->form);
    unsigned flags = 0;
    do {
        struct heng_id_list_rest *first = &merge->lists[0];
        flags |= merge->form == HENG_ID_LIST_FLAGGED ? first->at[0] : 0U;
        first->at += heng_id_list_bytes(merge->form, id);
        if (first->at == first->end) {
            *first = merge->lists[--merge->count];
        }
        sink(merge, 0);
    } while (merge->count > 0 &&
             heng_str_equal(id_at(merge->lists[0].at, merge->form), id));
    *ret_id = id;
    *ret_flags = flags;
    return true;
}

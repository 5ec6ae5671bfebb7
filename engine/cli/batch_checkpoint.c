/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch_checkpoint.c: a fixed order of texts (u32 length, bytes) and numbers (u64), in
 * the byte order of the machine, as all of the store.
 */
#include "cli/batch_checkpoint.h"

#include <string.h>

static const char MAGIC[8] = "hbatch1\n";

enum { ALL = 1, CHANGED = 2, UNMASK = 4, COUNTS = 9 };

static void add_number(heng_buffer *out, uint64_t number) {
    (void)heng_buffer_add(out, (const char *)&number, sizeof number);
}

static void add_text(heng_buffer *out, heng_str text) {
    uint32_t len = (uint32_t)text.len;
    (void)heng_buffer_add(out, (const char *)&len, sizeof len);
    (void)heng_buffer_add_str(out, text);
}

/* ORDER counts: the same places to write from and to read into. */
static void list_counts(heng_batch_counts *counts, uint64_t *places[COUNTS]) {
    uint64_t *all[COUNTS] = {
        &counts->looked_at,    &counts->told,     &counts->undetermined,
        &counts->out_of_scope, &counts->reached,  &counts->applies,
        &counts->suspended,    &counts->was_told, &counts->changed};
    memcpy(places, all, sizeof all);
}

heng_status heng_batch_checkpoint_pack(const heng_batch_checkpoint *checkpoint,
                                       heng_buffer *out) {
    heng_batch_counts counts = checkpoint->counts;
    uint64_t *places[COUNTS];
    list_counts(&counts, places);
    (void)heng_buffer_add(out, MAGIC, sizeof MAGIC);
    add_text(out, checkpoint->out);
    add_text(out, checkpoint->feed);
    add_text(out, checkpoint->format);
    add_number(out, (checkpoint->all ? ALL : 0U) |
                        (checkpoint->changed ? CHANGED : 0U) |
                        (checkpoint->unmask ? UNMASK : 0U));
    add_text(out, checkpoint->last);
    add_number(out, checkpoint->out_bytes);
    add_number(out, checkpoint->feed_bytes);
    add_number(out, checkpoint->feed_lines);
    for (int i = 0; i < COUNTS; i++)
        add_number(out, *places[i]);
    for (size_t i = 0; i < checkpoint->number_count; i++) {
        if (checkpoint->numbers[i] != 0) {
            add_number(out, i);
            add_number(out, checkpoint->numbers[i]);
        }
    }
    return heng_buffer_status(out);
}

/* ---- reading: once something is missing, all that follows is too ---- */

struct reading {
    heng_str left;
    bool failed;
};

static const char *take(struct reading *at, size_t len) {
    const char *from = at->left.ptr;
    if (at->failed || at->left.len < len) {
        at->failed = true;
        return NULL;
    }
    at->left.ptr += len;
    at->left.len -= len;
    return from;
}

static uint64_t take_number(struct reading *at) {
    uint64_t number = 0;
    const char *from = take(at, sizeof number);
    if (from != NULL)
        memcpy(&number, from, sizeof number);
    return number;
}

static heng_str take_text(struct reading *at) {
    uint32_t len = 0;
    const char *from = take(at, sizeof len);
    if (from != NULL)
        memcpy(&len, from, sizeof len);
    from = take(at, len);
    return from == NULL ? (heng_str){"", 0} : (heng_str){from, len};
}

bool heng_batch_checkpoint_unpack(heng_str packed, uint64_t *numbers,
                                  size_t number_count,
                                  heng_batch_checkpoint *ret_checkpoint) {
    struct reading at = {packed, false};
    heng_batch_checkpoint made = {.numbers = numbers, .number_count = number_count};
    uint64_t *places[COUNTS];
    const char *magic = take(&at, sizeof MAGIC);
    if (magic == NULL || memcmp(magic, MAGIC, sizeof MAGIC) != 0)
        return false;
    list_counts(&made.counts, places);
    memset(numbers, 0, number_count * sizeof *numbers);
    made.out = take_text(&at);
    made.feed = take_text(&at);
    made.format = take_text(&at);
    uint64_t flags = take_number(&at);
    made.all = (flags & ALL) != 0;
    made.changed = (flags & CHANGED) != 0;
    made.unmask = (flags & UNMASK) != 0;
    made.last = take_text(&at);
    made.out_bytes = take_number(&at);
    made.feed_bytes = take_number(&at);
    made.feed_lines = take_number(&at);
    for (int i = 0; i < COUNTS; i++)
        *places[i] = take_number(&at);
    while (!at.failed && at.left.len > 0) {
        uint64_t index = take_number(&at), number = take_number(&at);
        if (at.failed || index >= number_count)
            return false;
        numbers[index] = number;
    }
    if (!at.failed)
        *ret_checkpoint = made;
    return !at.failed;
}

const char *heng_batch_checkpoint_differs(const heng_batch_checkpoint *a,
                                          const heng_batch_checkpoint *b) {
    if (!heng_str_equal(a->out, b->out))
        return "--out";
    if (!heng_str_equal(a->feed, b->feed))
        return "--feed";
    if (!heng_str_equal(a->format, b->format))
        return "--format";
    if (a->all != b->all)
        return "--all";
    if (a->changed != b->changed)
        return "--changed";
    return a->unmask != b->unmask ? "--unmask" : NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_flat.c: any bytes as a flat object: what passes the check can be read whole, and
 * its outline and gist have room where it lay. */
#include "support/fuzz.h"

#include <stdlib.h>

#include "model/flat.h"
#include "model/gist.h"

/* Read, so that ASan sees it. */
static unsigned sum(heng_str text) {
    unsigned total = 0;
    for (size_t i = 0; i < text.len; i++) {
        total += (unsigned char)text.ptr[i];
    }
    return total;
}

static unsigned read_attributes(const uint8_t *object, bool is_record) {
    unsigned total = 0;
    size_t count = heng_flat_attribute_count(object, is_record);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *entry = heng_flat_attribute_at(object, is_record, i);
        if (entry[4] == HENG_ATTRIBUTE_STRING) {
            total += sum(heng_flat_text(object, (size_t)(entry - object) + 8));
        } else if (entry[4] == HENG_ATTRIBUTE_STRINGS) {
            size_t items = heng_flat_strings_count(object, entry);
            for (size_t n = 0; n < items; n++) {
                total += sum(heng_flat_strings_at(object, entry, n));
            }
        }
        if (heng_flat_attribute(object, is_record, heng_flat_u32(entry)) != entry)
            abort();
    }
    return total;
}

/* In memory as long as the object, so that ASan sees a byte too many. */
static void outline(const uint8_t *object, size_t len, bool is_record) {
    uint8_t *room = malloc(len);
    if (room == NULL)
        return;
    size_t size = is_record ? heng_flat_outline_record(object, room)
                            : heng_flat_outline_subject(object, room);
    if (size > len || !(is_record ? heng_flat_check_record(room, size)
                                  : heng_flat_check_subject(room, size)))
        abort();
    free(room);
}

/* Any bytes as a gist, and the gist of what is a subject. */
static void gist(const uint8_t *bytes, size_t len) {
    size_t room = heng_gist_room(bytes, len);
    uint8_t *made = malloc(room);
    if (made == NULL)
        return;
    heng_gist_head head;
    size_t size = heng_gist_expand(bytes, len, made);
    if (size > room || (size > 0 && !heng_flat_check_subject(made, size)))
        abort();
    if (heng_gist_read_head(bytes, len, &head)) {
        volatile unsigned seen =
            sum(head.region) + sum(head.industry) + sum(head.status);
        (void)seen;
    }
    free(made);
}

static void gist_of(const uint8_t *subject, size_t len) {
    uint8_t *made = malloc(len);
    if (made == NULL)
        return;
    size_t size = heng_gist_write(subject, made);
    if (size > len)
        abort();
    if (size > 0)
        gist(made, size);
    free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    unsigned total = 0;
    gist(bytes, len);
    if (heng_flat_check_subject(bytes, len)) {
        gist_of(bytes, len);
        size_t count = heng_flat_relation_count(bytes);
        for (size_t i = 0; i < count; i++) {
            total += sum(heng_flat_relation_at(bytes, i).id);
        }
        for (size_t at = HENG_FLAT_SUBJECT_NAME; at <= HENG_FLAT_SUBJECT_STATUS;
             at += 8) {
            total += sum(heng_flat_text(bytes, at));
        }
        total += read_attributes(bytes, false);
        outline(bytes, len, false);
    }
    if (heng_flat_check_record(bytes, len)) {
        size_t count = heng_flat_party_count(bytes);
        for (size_t i = 0; i < count; i++) {
            total += sum(heng_flat_party_at(bytes, i).id);
        }
        for (size_t at = HENG_FLAT_RECORD_ID; at <= HENG_FLAT_RECORD_DOCUMENT;
             at += 8) {
            total += sum(heng_flat_text(bytes, at));
        }
        total += read_attributes(bytes, true);
        outline(bytes, len, true);
    }
    volatile unsigned seen = total; /* or nothing would have to be read */
    (void)seen;
    return 0;
}

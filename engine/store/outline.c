/* SPDX-License-Identifier: Apache-2.0 */
/* outline.c: outlines made, and taken apart. */
#include "store/outline.h"

#include <string.h>

#include "base/checksum.h"
#include "model/flat.h"
#include "model/identity.h"

/* Not with one sum as the other's seed: XXH3 makes a table anew for each seed, which
 * takes longer than the row. */
static uint64_t checksum(heng_str id, const uint8_t *bytes, size_t len) {
    return heng_checksum(bytes, len, 0) ^ heng_checksum(id.ptr, id.len, 1);
}

static uint8_t kind_at_a_glance(heng_str id, const uint8_t *subject) {
    if (subject == NULL || !heng_identity_needs_no_age(id, subject[4], subject[5]))
        return 0;
    return subject[4];
}

/* What an outline leaves out. */
static size_t particulars_of(const uint8_t *record) {
    size_t bytes = heng_flat_text(record, HENG_FLAT_RECORD_AUTHORITY).len +
                   heng_flat_text(record, HENG_FLAT_RECORD_DOCUMENT).len;
    for (size_t i = 0; i < heng_flat_party_count(record); i++)
        bytes += HENG_FLAT_PARTY_BYTES + heng_flat_party_at(record, i).id.len;
    return bytes;
}

size_t heng_outline_room(const uint8_t *subject, const heng_snapshot_record *records,
                         size_t count) {
    size_t room = HENG_OUTLINE_HEAD_BYTES + heng_dossier_size(subject, records, count);
    if (subject != NULL)
        room -= heng_flat_text(subject, HENG_FLAT_SUBJECT_NAME).len;
    for (size_t i = 0; i < count; i++)
        room -= particulars_of(records[i].bytes);
    return room;
}

size_t heng_outline_write(heng_str id, const uint8_t *subject,
                          const heng_snapshot_record *records, size_t count,
                          uint8_t *bytes) {
    enum {
        AT = HENG_OUTLINE_GLANCE_AT,
        KIND_AT = HENG_OUTLINE_KIND_AT,
        HEAD = HENG_OUTLINE_HEAD_BYTES
    };
    size_t len =
        HEAD + heng_dossier_write_outline(subject, records, count, bytes + HEAD);
    heng_categories categories = heng_dossier_categories(bytes + HEAD, len - HEAD);
    uint8_t kind = kind_at_a_glance(id, subject);
    uint32_t glance = heng_outline_glance_sum(kind, &categories);
    memset(bytes + AT, 0, HEAD - AT);
    memcpy(bytes + AT, &glance, sizeof glance);
    bytes[KIND_AT] = kind;
    uint64_t sum = checksum(id, bytes + AT, len - AT);
    memcpy(bytes, &sum, sizeof sum);
    return len;
}

bool heng_outline_open(heng_str id, const uint8_t *bytes, size_t len,
                       heng_dossier *ret_dossier) {
    enum {
        HEAD = HENG_DOSSIER_HEAD_BYTES,
        AT = HENG_OUTLINE_GLANCE_AT,
        BEFORE = HENG_OUTLINE_HEAD_BYTES
    };
    const uint8_t *rest = bytes + BEFORE;
    if (len < BEFORE + HEAD + 4 ||
        heng_flat_u64(bytes) != checksum(id, bytes + AT, len - AT))
        return false;
    size_t subject_len = heng_flat_u32(rest);
    *ret_dossier = (heng_dossier){
        .categories = heng_dossier_categories(rest, len - BEFORE),
        .subject = subject_len == 0 ? NULL : rest + HEAD,
        .count = heng_flat_u32(rest + HEAD + subject_len),
        .records = rest + HEAD + 4 + subject_len,
        .end = bytes + len,
    };
    return true;
}

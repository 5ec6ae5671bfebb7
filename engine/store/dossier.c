/* SPDX-License-Identifier: Apache-2.0 */
/* dossier.c: dossiers taken apart and put together. */
#include "store/dossier.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "model/flat.h"

bool heng_dossier_open(const uint8_t *bytes, size_t len, bool check,
                       heng_dossier *ret_dossier) {
    enum { HEAD = HENG_DOSSIER_HEAD_BYTES };
    if (len < HEAD + 4)
        return false;
    size_t subject_len = heng_flat_u32(bytes);
    size_t left = len - HEAD - 4;
    if (subject_len > left)
        return false;
    /* Without `check` whoever wants the subject checks it by the length in its head. */
    if (subject_len != 0 &&
        (subject_len < HENG_FLAT_SUBJECT_BYTES ||
         heng_flat_u32(bytes + HEAD) != subject_len ||
         (check && !heng_flat_check_subject(bytes + HEAD, subject_len))))
        return false;
    left -= subject_len;
    *ret_dossier = (heng_dossier){
        .categories = heng_dossier_categories(bytes, len),
        .subject = subject_len == 0 ? NULL : bytes + HEAD,
        .count = heng_flat_u32(bytes + HEAD + subject_len),
        .records = bytes + HEAD + 4 + subject_len,
        .end = bytes + len,
    };
    return ret_dossier->count <= left / HENG_FLAT_RECORD_BYTES;
}

bool heng_dossier_records(const heng_dossier *dossier, heng_str subject, bool check,
                          heng_snapshot_record *records) {
    const uint8_t *at = dossier->records;
    for (uint32_t i = 0; i < dossier->count; i++) {
        size_t left = (size_t)(dossier->end - at);
        if (left < HENG_FLAT_RECORD_BYTES)
            return false;
        size_t size = heng_flat_u32(at);
        if (size > left || size < HENG_FLAT_RECORD_BYTES ||
            (check && !heng_flat_check_record(at, size)))
            return false;
        records[i] = (heng_snapshot_record){at, subject};
        at += size;
    }
    return at == dossier->end;
}

heng_categories heng_dossier_all_categories(heng_categories categories, size_t count) {
    return count > HENG_LIMIT_RECORDS_PER_SUBJECT ? HENG_CATEGORIES_ALL : categories;
}

size_t heng_dossier_size(const uint8_t *subject, const heng_snapshot_record *records,
                         size_t count) {
    size_t size = HENG_DOSSIER_HEAD_BYTES + 4 +
                  (subject == NULL ? 0 : (size_t)heng_flat_u32(subject));
    for (size_t i = 0; i < count; i++) {
        size += heng_flat_u32(records[i].bytes);
    }
    return size;
}

typedef size_t write_object(const uint8_t *object, uint8_t *bytes);

static size_t write_whole(const uint8_t *object, uint8_t *bytes) {
    size_t len = heng_flat_u32(object);
    memcpy(bytes, object, len);
    return len;
}

static size_t write_all(const uint8_t *subject, const heng_snapshot_record *records,
                        size_t count, write_object *write_subject,
                        write_object *write_record, uint8_t *bytes) {
    uint32_t count32 = (uint32_t)count;
    heng_categories categories = {{0, 0}};
    for (size_t i = 0; i < count; i++)
        heng_categories_add(&categories, heng_flat_u32(records[i].bytes + 4));
    categories = heng_dossier_all_categories(categories, count);
    size_t at = HENG_DOSSIER_HEAD_BYTES;
    if (subject != NULL)
        at += write_subject(subject, bytes + at);
    uint32_t subject_len = (uint32_t)(at - HENG_DOSSIER_HEAD_BYTES);
    memcpy(bytes, &subject_len, 4);
    memcpy(bytes + 4, categories.bits, sizeof categories.bits);
    memcpy(bytes + at, &count32, 4);
    at += 4;
    for (size_t i = 0; i < count; i++)
        at += write_record(records[i].bytes, bytes + at);
    return at;
}

void heng_dossier_write(const uint8_t *subject, const heng_snapshot_record *records,
                        size_t count, uint8_t *bytes) {
    (void)write_all(subject, records, count, write_whole, write_whole, bytes);
}

size_t heng_dossier_write_outline(const uint8_t *subject,
                                  const heng_snapshot_record *records, size_t count,
                                  uint8_t *bytes) {
    return write_all(subject, records, count, heng_flat_outline_subject,
                     heng_flat_outline_record, bytes);
}

int heng_dossier_order(const uint8_t *a, const uint8_t *b) {
    heng_date day_a = heng_flat_i32(a + 16);
    heng_date day_b = heng_flat_i32(b + 16);
    if (day_a != day_b)
        return day_a < day_b ? -1 : 1;
    return heng_str_compare(heng_flat_text(a, HENG_FLAT_RECORD_ID),
                            heng_flat_text(b, HENG_FLAT_RECORD_ID));
}

static int compare(const void *a, const void *b) {
    const heng_snapshot_record *record_a = a;
    const heng_snapshot_record *record_b = b;
    return heng_dossier_order(record_a->bytes, record_b->bytes);
}

void heng_dossier_sort(heng_snapshot_record *records, size_t count) {
    enum { FEW = 16 };
    if (count > FEW) {
        qsort(records, count, sizeof *records, compare);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        heng_snapshot_record moving = records[i];
        size_t at = i;
        while (at > 0 && heng_dossier_order(records[at - 1].bytes, moving.bytes) > 0) {
            records[at] = records[at - 1];
            at--;
        }
        records[at] = moving;
    }
}

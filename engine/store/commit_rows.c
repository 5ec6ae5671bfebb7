/* SPDX-License-Identifier: Apache-2.0 */
/* commit_rows.c: rows that follow from a changed object: past versions, ties, mentions.
 */
#include "store/commit_parts.h"

#include <string.h>

#include "model/flat.h"
#include "store/gather.h"

heng_status heng_commit_put_past(heng_commit_batch *batch, heng_table table,
                                 heng_str subject, heng_str record,
                                 const uint8_t *old) {
    heng_key key = {0};
    size_t len = heng_flat_u32(old);
    heng_key_add(&key, subject);
    heng_key_add_nul(&key);
    if (table == HENG_TABLE_PAST_RECORD) {
        heng_key_add(&key, record);
        heng_key_add_nul(&key);
    }
    heng_key_add_be64(&key, heng_flat_u64(old + HENG_FLAT_SUBJECT_COMMIT));
    uint8_t *value = heng_arena_alloc(batch->arena, HENG_PAST_BYTES + len);
    if (value == NULL)
        return heng_commit_nomem(batch);
    heng_table_put_be64(value, batch->commit);
    memcpy(value + HENG_PAST_BYTES, old, len);
    return heng_commit_put(batch, table, &key, value, HENG_PAST_BYTES + len);
}

/* Whether one of the first `count` relations of `subject` names `id`. */
static bool relates_to(const uint8_t *subject, size_t count, heng_str id) {
    for (size_t i = 0; i < count; i++) {
        if (heng_str_equal(heng_flat_relation_at(subject, i).id, id))
            return true;
    }
    return false;
}

/* The row of all relations of `subject` to `other`; empty where there is none. */
static heng_status put_tie(heng_commit_batch *batch, heng_str id, heng_str other,
                           const uint8_t *subject) {
    heng_key key = {0};
    heng_key_add(&key, other);
    heng_key_add_nul(&key);
    heng_key_add(&key, id);
    size_t count = heng_flat_relation_count(subject);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += heng_str_equal(heng_flat_relation_at(subject, i).id, other) ? 1 : 0;
    }
    uint8_t *row = heng_arena_alloc(batch->arena, found * HENG_TIE_BYTES);
    if (row == NULL)
        return heng_commit_nomem(batch);
    uint8_t *at = row;
    for (size_t i = 0; i < count; i++) {
        heng_flat_relation relation = heng_flat_relation_at(subject, i);
        if (heng_str_equal(relation.id, other)) {
            memcpy(at, &relation.role, 4);
            memcpy(at + 4, &relation.from, 4);
            memcpy(at + 8, &relation.to, 4);
            at += HENG_TIE_BYTES;
        }
    }
    return heng_commit_put(batch, HENG_TABLE_TIE, &key, row, found * HENG_TIE_BYTES);
}

heng_status heng_commit_put_ties(heng_commit_batch *batch, heng_str id,
                                 const uint8_t *old, const uint8_t *new) {
    heng_status status = HENG_OK;
    size_t count = heng_flat_relation_count(new);
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        heng_str other = heng_flat_relation_at(new, i).id;
        if (!relates_to(new, i, other)) {
            status = put_tie(batch, id, other, new);
        }
    }
    size_t old_count = old == NULL ? 0 : heng_flat_relation_count(old);
    for (size_t i = 0; i < old_count && status == HENG_OK; i++) {
        heng_str other = heng_flat_relation_at(old, i).id;
        if (!relates_to(old, i, other) && !relates_to(new, count, other)) {
            status = put_tie(batch, id, other, new);
        }
    }
    return status;
}

/* Whether an earlier party is the same person. */
static bool party_seen_before(const uint8_t *record, size_t index) {
    heng_str id = heng_flat_party_at(record, index).id;
    for (size_t i = 0; i < index; i++) {
        if (heng_str_equal(heng_flat_party_at(record, i).id, id))
            return true;
    }
    return false;
}

/* Mentions of the parties of `record`; with `copy` NULL, that they were mentioned. */
static heng_status put_mentions(heng_commit_batch *batch, heng_str owner, heng_str id,
                                const uint8_t *record, const uint8_t *copy) {
    size_t count = record == NULL ? 0 : heng_flat_party_count(record);
    for (size_t i = 0; i < count; i++) {
        if (party_seen_before(record, i))
            continue;
        heng_key key = {0};
        heng_key_add(&key, heng_flat_party_at(record, i).id);
        heng_key_add_nul(&key);
        heng_key_add(&key, owner);
        heng_key_add_nul(&key);
        heng_key_add(&key, id);
        heng_status status = heng_commit_put(batch, HENG_TABLE_MENTION, &key,
                                             copy == NULL ? (const void *)"" : copy,
                                             copy == NULL ? 0 : heng_flat_u32(copy));
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

heng_status heng_commit_put_mention_changes(heng_commit_batch *batch, heng_str owner,
                                            heng_str id, const uint8_t *old,
                                            const uint8_t *new) {
    size_t count = old == NULL ? 0 : heng_flat_party_count(old);
    for (size_t i = 0; i < count; i++) {
        heng_str party = heng_flat_party_at(old, i).id;
        if (party_seen_before(old, i) || (new != NULL &&heng_gather_names(new, party)))
            continue;
        heng_key key = {0};
        heng_key_add(&key, party);
        heng_key_add_nul(&key);
        heng_key_add(&key, owner);
        heng_key_add_nul(&key);
        heng_key_add(&key, id);
        heng_status status = heng_commit_put(batch, HENG_TABLE_MENTION, &key, "", 0);
        if (status != HENG_OK)
            return status;
    }
    return put_mentions(batch, owner, id, new, new);
}

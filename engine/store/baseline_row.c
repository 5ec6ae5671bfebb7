/* SPDX-License-Identifier: Apache-2.0 */
/* baseline_row.c: rows of a baseline to bytes and back, and whether they have their
 * form. */
#include "store/baseline_row.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "model/flat.h"
#include "store/file_set.h"
#include "store/id_list.h"

static heng_str digest_in(const uint8_t *row) {
    return (heng_str){(const char *)row + HENG_BASELINE_ROW_BYTES,
                      heng_flat_u32(row + 28)};
}

/* What `last` and `running` have in common. */
static bool read_head(MDB_val value, heng_baseline *ret) {
    const uint8_t *row = value.mv_data;
    if (value.mv_size < HENG_BASELINE_ROW_BYTES)
        return false;
    *ret = (heng_baseline){
        .number = heng_flat_u64(row),
        .commit = heng_flat_u64(row + 8),
        .known_at = heng_flat_i64(row + 16),
        .as_of = heng_flat_i32(row + 24),
        .ruleset = digest_in(row),
    };
    return ret->number > 0 && heng_date_valid(ret->as_of) &&
           ret->ruleset.len == HENG_DIGEST_TEXT_BYTES - 1 &&
           ret->ruleset.len <= value.mv_size - HENG_BASELINE_ROW_BYTES;
}

static void write_head(const heng_baseline *head, uint8_t *at) {
    uint32_t digest = (uint32_t)head->ruleset.len;
    memcpy(at, &head->number, 8);
    memcpy(at + 8, &head->commit, 8);
    memcpy(at + 16, &head->known_at, 8);
    memcpy(at + 24, &head->as_of, 4);
    memcpy(at + 28, &digest, 4);
    memcpy(at + HENG_BASELINE_ROW_BYTES, head->ruleset.ptr, head->ruleset.len);
}

bool heng_baseline_row_read_last(MDB_val value, heng_baseline *ret_last) {
    const uint8_t *row = value.mv_data;
    heng_baseline last;
    if (!read_head(value, &last) ||
        value.mv_size != HENG_BASELINE_ROW_BYTES + last.ruleset.len)
        return false;
    last.subjects = heng_flat_u64(row + 32);
    last.told = heng_flat_u64(row + 40);
    *ret_last = last;
    return true;
}

bool heng_baseline_row_read_running(MDB_val value, heng_baseline_row *ret_row) {
    const uint8_t *row = value.mv_data;
    heng_baseline_row result = {0};
    if (!read_head(value, &result.next))
        return false;
    size_t head = HENG_BASELINE_ROW_BYTES + result.next.ruleset.len;
    result.parts = heng_flat_u64(row + 32);
    result.claim = heng_flat_u32(row + 40);
    result.flags = heng_flat_u32(row + 44);
    result.blob = (heng_str){(const char *)row + head, value.mv_size - head};
    if (result.parts > UINT32_MAX ||
        result.flags > (HENG_BASELINE_ROW_FULL | HENG_BASELINE_ROW_CHECKPOINT) ||
        result.blob.len > HENG_LIMIT_BASELINE_BLOB_BYTES)
        return false;
    *ret_row = result;
    return true;
}

size_t heng_baseline_row_last_size(const heng_baseline *last) {
    return HENG_BASELINE_ROW_BYTES + last->ruleset.len;
}

void heng_baseline_row_write_last(const heng_baseline *last, uint8_t *at) {
    write_head(last, at);
    memcpy(at + 32, &last->subjects, 8);
    memcpy(at + 40, &last->told, 8);
}

size_t heng_baseline_row_running_size(const heng_baseline_row *row) {
    return HENG_BASELINE_ROW_BYTES + row->next.ruleset.len + row->blob.len;
}

void heng_baseline_row_write_running(const heng_baseline_row *row, uint8_t *at) {
    write_head(&row->next, at);
    memcpy(at + 32, &row->parts, 8);
    memcpy(at + 40, &row->claim, 4);
    memcpy(at + 44, &row->flags, 4);
    if (row->blob.len > 0) {
        memcpy(at + HENG_BASELINE_ROW_BYTES + row->next.ruleset.len, row->blob.ptr,
               row->blob.len);
    }
}

/* ---- reading them ---- */

static heng_status get(const heng_store *store, MDB_txn *txn, heng_str word,
                       MDB_val *ret_value, bool *ret_found, heng_error *reterr) {
    int code = heng_db_get(store, txn, HENG_TABLE_BATCH, word, ret_value);
    *ret_found = code == MDB_SUCCESS;
    return code == MDB_SUCCESS || code == MDB_NOTFOUND
               ? HENG_OK
               : heng_db_fail(store, code, "cannot read what the last batch left",
                              reterr);
}

static heng_status damaged(heng_str word, heng_error *reterr) {
    return heng_db_damaged(HENG_TABLE_BATCH, word, "no well-formed batch", reterr);
}

heng_status heng_baseline_row_last(const heng_store *store, MDB_txn *txn,
                                   heng_baseline *ret_last, bool *ret_found,
                                   heng_error *reterr) {
    static const heng_str WORD = {HENG_BATCH_LAST, sizeof HENG_BATCH_LAST - 1};
    MDB_val value;
    heng_baseline last = {0};
    bool found = false;
    heng_status status = get(store, txn, WORD, &value, &found, reterr);
    if (status == HENG_OK && found && !heng_baseline_row_read_last(value, &last))
        return damaged(WORD, reterr);
    if (status == HENG_OK) {
        *ret_last = last;
        *ret_found = found;
    }
    return status;
}

heng_status heng_baseline_row_running(const heng_store *store, MDB_txn *txn,
                                      heng_baseline_row *ret_row, bool *ret_found,
                                      heng_error *reterr) {
    static const heng_str WORD = {HENG_BATCH_RUNNING, sizeof HENG_BATCH_RUNNING - 1};
    MDB_val value;
    heng_baseline_row row = {0};
    bool found = false;
    heng_status status = get(store, txn, WORD, &value, &found, reterr);
    if (status == HENG_OK && found && !heng_baseline_row_read_running(value, &row))
        return damaged(WORD, reterr);
    if (status == HENG_OK) {
        *ret_row = row;
        *ret_found = found;
    }
    return status;
}

heng_status heng_baseline_row_since(const heng_store *store, MDB_txn *txn,
                                    uint64_t *ret_commit, bool *ret_found,
                                    heng_error *reterr) {
    static const heng_str WORD = {HENG_BATCH_SINCE, sizeof HENG_BATCH_SINCE - 1};
    MDB_val value;
    bool found = false;
    heng_status status = get(store, txn, WORD, &value, &found, reterr);
    if (status == HENG_OK && found && value.mv_size != 8)
        return damaged(WORD, reterr);
    if (status == HENG_OK) {
        *ret_commit = found ? heng_flat_u64(value.mv_data) : 0;
        *ret_found = found;
    }
    return status;
}

/* ---- keys of `due` ---- */

void heng_baseline_row_due_key(heng_key *key, heng_baseline_due_key parts) {
    uint8_t number[4];
    heng_table_put_be32(number, (uint32_t)(parts.day - HENG_DATE_MIN));
    heng_key_add(key, (heng_str){(const char *)number, sizeof number});
    heng_key_add_be64(key, parts.number);
    heng_table_put_be32(number, parts.part);
    heng_key_add(key, (heng_str){(const char *)number, sizeof number});
}

bool heng_baseline_row_read_due_key(MDB_val key, heng_baseline_due_key *ret_parts) {
    const uint8_t *at = key.mv_data;
    if (key.mv_size != HENG_DUE_KEY_BYTES ||
        heng_table_be32(at) > (uint32_t)(HENG_DATE_MAX - HENG_DATE_MIN))
        return false;
    *ret_parts = (heng_baseline_due_key){
        .day = (heng_date)heng_table_be32(at) + HENG_DATE_MIN,
        .number = heng_table_be64(at + 4),
        .part = heng_table_be32(at + 12),
    };
    return true;
}

/* ---- forms ---- */

static const char *batch_fault(MDB_val key, MDB_val value) {
    heng_str word = heng_table_str(key);
    heng_baseline last;
    heng_baseline_row row;
    bool fine =
        heng_str_equal(word, HENG_STR(HENG_BATCH_LAST))
            ? heng_baseline_row_read_last(value, &last)
        : heng_str_equal(word, HENG_STR(HENG_BATCH_RUNNING))
            ? heng_baseline_row_read_running(value, &row)
            : heng_str_equal(word, HENG_STR(HENG_BATCH_SINCE)) && value.mv_size == 8;
    return fine ? NULL : "no well-formed batch";
}

static const char *ruleset_fault(MDB_val key, MDB_val value) {
    heng_digest said;
    heng_str set = heng_table_str(value);
    if (!heng_digest_parse(heng_table_str(key), &said))
        return "the key is no digest";
    if (!heng_file_set_check(set))
        return "no well-formed ruleset";
    heng_digest got = heng_file_set_digest(set);
    return heng_digest_equal(&said, &got) ? NULL : "the ruleset has another digest";
}

const char *heng_baseline_row_fault(heng_table table, MDB_val key, MDB_val value) {
    const unsigned known = HENG_BASELINE_OWN | HENG_BASELINE_RECORDS;
    heng_baseline_due_key parts;
    if (table == HENG_TABLE_BATCH)
        return batch_fault(key, value);
    if (table == HENG_TABLE_RULESET)
        return ruleset_fault(key, value);
    bool key_fine = table == HENG_TABLE_JOURNAL
                        ? key.mv_size == 8
                        : heng_baseline_row_read_due_key(key, &parts);
    if (!key_fine)
        return "a key of another form";
    return heng_id_list_check(value.mv_data, value.mv_size,
                              table == HENG_TABLE_JOURNAL ? HENG_ID_LIST_FLAGGED
                                                          : HENG_ID_LIST_PLAIN,
                              known)
               ? NULL
               : "no well-formed list of subjects";
}

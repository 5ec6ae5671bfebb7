/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.c: first whether the pages hold together, read without LMDB; only then,
 * through LMDB, whether each value is well-formed and each index says what its objects
 * say.
 *
 * Indexes are compared in both directions: from the objects to the rows that must be
 * there, and from each row to the object that must justify it.
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "heng/store.h"
#include "model/flat.h"
#include "model/identity.h"
#include "store/baseline_row.h"
#include "store/db.h"
#include "store/dossier.h"
#include "store/gather.h"
#include "store/outline_check.h"
#include "store/pages.h"
#include "store/view.h"

struct verify {
    heng_view *view;
    void (*problem)(void *context, const char *table, const char *key,
                    const char *text);
    void *context;
    uint64_t checked;
    uint64_t findings;
    uint64_t records;  /* in dossiers */
    uint64_t mentions; /* of parties in them, each person once a record */
    uint64_t since;    /* the journal has each commit after it; UINT64_MAX: none */
    uint64_t batch;    /* the newest batch, begun or completed */
    heng_table table;  /* being gone through */
    heng_str key;
    heng_error *reterr;
};

/* ---- findings ---- */

static void find_in(struct verify *verify, heng_table table, heng_str key,
                    const char *text) {
    char shown[HENG_KEY_BYTES + 1] = "";
    size_t len = key.len < HENG_KEY_BYTES ? key.len : HENG_KEY_BYTES;
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)key.ptr[i];
        shown[i] = byte == 0 ? '/' : byte < 0x20 || byte == 0x7f ? '?' : (char)byte;
    }
    if (heng_utf8_valid_prefix(shown, len) < len) { /* numbers at its end */
        for (size_t i = 0; i < len; i++) {
            shown[i] = (unsigned char)shown[i] >= 0x80 ? '?' : shown[i];
        }
    }
    shown[len] = '\0';
    heng_identity_mask_text(shown, len);
    verify->findings++;
    verify->problem(verify->context, heng_table_name(table), shown, text);
}

static void find(struct verify *verify, const char *text) {
    find_in(verify, verify->table, verify->key, text);
}

static void page_problem(void *context, uint64_t page, const char *text) {
    struct verify *verify = context;
    char key[32];
    (void)snprintf(key, sizeof key, "page %ju", (uintmax_t)page);
    verify->problem(verify->context, "data.mdb", key, text);
}

/* ---- objects ---- */

static bool known_name(const struct verify *verify, uint32_t number) {
    return number < heng_names_count(verify->view->names);
}

static bool utf8(heng_str text) {
    return heng_utf8_valid_prefix(text.ptr, text.len) == text.len;
}

static void check_attributes(struct verify *verify, const uint8_t *object,
                             bool is_record) {
    size_t count = heng_flat_attribute_count(object, is_record);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *entry = heng_flat_attribute_at(object, is_record, i);
        if (!known_name(verify, heng_flat_u32(entry))) {
            find(verify, "an attribute has an unknown name");
        }
        if (entry[4] == HENG_ATTRIBUTE_STRING &&
            !utf8(heng_flat_text(object, (size_t)(entry - object) + 8))) {
            find(verify, "an attribute is not UTF-8");
        }
        size_t items = entry[4] == HENG_ATTRIBUTE_STRINGS
                           ? heng_flat_strings_count(object, entry)
                           : 0;
        for (size_t at = 0; at < items; at++) {
            if (!utf8(heng_flat_strings_at(object, entry, at))) {
                find(verify, "an attribute is not UTF-8");
            }
        }
    }
}

static void check_commit(struct verify *verify, uint64_t commit) {
    if (commit == 0 || commit > verify->view->newest) {
        find(verify, "a commit that is not there is said to have stored it");
    }
}

/* False where it is not well-formed: nothing more can be asked of it. */
static bool check_subject(struct verify *verify, const uint8_t *bytes, size_t len) {
    verify->checked++;
    if (!heng_flat_check_subject(bytes, len)) {
        find(verify, "no well-formed subject");
        return false;
    }
    check_commit(verify, heng_flat_u64(bytes + HENG_FLAT_SUBJECT_COMMIT));
    for (size_t at = HENG_FLAT_SUBJECT_NAME; at <= HENG_FLAT_SUBJECT_STATUS; at += 8) {
        if (!utf8(heng_flat_text(bytes, at))) {
            find(verify, "a text is not UTF-8");
        }
    }
    size_t count = heng_flat_relation_count(bytes);
    for (size_t i = 0; i < count; i++) {
        heng_flat_relation relation = heng_flat_relation_at(bytes, i);
        if (!known_name(verify, relation.role)) {
            find(verify, "a relation has an unknown role");
        }
        if (heng_identity_form_of(relation.id) == HENG_IDENTITY_WRONG) {
            find(verify, "a relation is with something that is no id");
        }
    }
    check_attributes(verify, bytes, false);
    return true;
}

static bool check_record(struct verify *verify, const uint8_t *bytes, size_t len) {
    verify->checked++;
    if (!heng_flat_check_record(bytes, len)) {
        find(verify, "no well-formed record");
        return false;
    }
    check_commit(verify, heng_flat_u64(bytes + HENG_FLAT_RECORD_COMMIT));
    if (!known_name(verify, heng_flat_u32(bytes + 4))) {
        find(verify, "a record has an unknown category");
    }
    for (size_t at = HENG_FLAT_RECORD_ID; at <= HENG_FLAT_RECORD_DOCUMENT; at += 8) {
        if (!utf8(heng_flat_text(bytes, at))) {
            find(verify, "a text is not UTF-8");
        }
    }
    size_t count = heng_flat_party_count(bytes);
    for (size_t i = 0; i < count; i++) {
        heng_flat_party party = heng_flat_party_at(bytes, i);
        if (!known_name(verify, party.role)) {
            find(verify, "a party has an unknown role");
        }
        if (heng_identity_form_of(party.id) == HENG_IDENTITY_WRONG) {
            find(verify, "a party is no id");
        }
    }
    check_attributes(verify, bytes, true);
    return true;
}

/* ---- from objects to indexes ---- */

static heng_status get(struct verify *verify, heng_table table, const heng_key *key,
                       MDB_val *ret_value, bool *ret_found) {
    return heng_view_get(verify->view, table,
                         (heng_str){(const char *)key->bytes, key->len}, ret_value,
                         ret_found, verify->reterr);
}

/* Whether a row of `tie` lists exactly the relations of `subject` to `other`. */
static bool same_ties(const uint8_t *subject, heng_str other, MDB_val row) {
    const uint8_t *at = row.mv_data;
    size_t left = row.mv_size;
    size_t count = subject == NULL ? 0 : heng_flat_relation_count(subject);
    for (size_t i = 0; i < count; i++) {
        heng_flat_relation relation = heng_flat_relation_at(subject, i);
        if (!heng_str_equal(relation.id, other))
            continue;
        if (left < HENG_TIE_BYTES || heng_flat_u32(at) != relation.role ||
            heng_flat_i32(at + 4) != relation.from ||
            heng_flat_i32(at + 8) != relation.to)
            return false;
        at += HENG_TIE_BYTES;
        left -= HENG_TIE_BYTES;
    }
    return left == 0;
}

static heng_status check_ties_of(struct verify *verify, heng_str id,
                                 const uint8_t *subject) {
    size_t count = heng_flat_relation_count(subject);
    for (size_t i = 0; i < count; i++) {
        heng_str other = heng_flat_relation_at(subject, i).id;
        heng_key key = {0};
        MDB_val row;
        bool found = false;
        if (other.len > HENG_LIMIT_SUBJECT_ID_BYTES)
            continue; /* found before to be no id */
        heng_key_add(&key, other);
        heng_key_add_nul(&key);
        heng_key_add(&key, id);
        heng_status status = get(verify, HENG_TABLE_TIE, &key, &row, &found);
        if (status != HENG_OK)
            return status;
        if (!found || !same_ties(subject, other, row)) {
            find(verify, "a relation is not, or differs, in the index of ties");
        }
    }
    return HENG_OK;
}

static heng_status check_mentions_of(struct verify *verify, heng_str owner,
                                     const uint8_t *record) {
    size_t count = heng_flat_party_count(record);
    heng_str id = heng_flat_text(record, HENG_FLAT_RECORD_ID);
    for (size_t i = 0; i < count; i++) {
        heng_str party = heng_flat_party_at(record, i).id;
        size_t before = 0;
        while (!heng_str_equal(heng_flat_party_at(record, before).id, party)) {
            before++;
        }
        if (before < i)
            continue; /* in another role */
        verify->mentions++;
        heng_key key = {0};
        MDB_val row;
        bool found = false;
        if (party.len > HENG_LIMIT_SUBJECT_ID_BYTES ||
            owner.len > HENG_LIMIT_SUBJECT_ID_BYTES ||
            id.len > HENG_LIMIT_RECORD_ID_BYTES)
            continue;
        heng_key_add(&key, party);
        heng_key_add_nul(&key);
        heng_key_add(&key, owner);
        heng_key_add_nul(&key);
        heng_key_add(&key, id);
        heng_status status = get(verify, HENG_TABLE_MENTION, &key, &row, &found);
        if (status != HENG_OK)
            return status;
        if (!found || row.mv_size != heng_flat_u32(record) ||
            memcmp(row.mv_data, record, row.mv_size) != 0) {
            find(verify, "a party is not, or differs, in the index of mentions");
        }
    }
    return HENG_OK;
}

static heng_status check_subject_row(struct verify *verify, MDB_val value) {
    if (heng_identity_form_of(verify->key) == HENG_IDENTITY_WRONG) {
        find(verify, "the key is no id");
    }
    if (!check_subject(verify, value.mv_data, value.mv_size))
        return HENG_OK;
    heng_status status = check_ties_of(verify, verify->key, value.mv_data);
    MDB_val dossier_value;
    heng_dossier dossier;
    bool found = false;
    if (status == HENG_OK) {
        status = heng_view_get(verify->view, HENG_TABLE_DOSSIER, verify->key,
                               &dossier_value, &found, verify->reterr);
    }
    if (status == HENG_OK && found &&
        heng_dossier_open(dossier_value.mv_data, dossier_value.mv_size, true,
                          &dossier) &&
        dossier.subject == NULL) {
        find(verify, "the dossier lacks the subject");
    }
    if (status == HENG_OK) {
        status = heng_view_get(verify->view, HENG_TABLE_GIST, verify->key,
                               &dossier_value, &found, verify->reterr);
    }
    if (status == HENG_OK && !found) {
        find(verify, "the subject has no gist");
    }
    return status;
}

static heng_status check_owner(struct verify *verify, const uint8_t *record) {
    MDB_val owner;
    bool found = false;
    heng_status status = heng_view_get(verify->view, HENG_TABLE_RECORD_OWNER,
                                       heng_flat_text(record, HENG_FLAT_RECORD_ID),
                                       &owner, &found, verify->reterr);
    if (status == HENG_OK &&
        (!found || !heng_str_equal(heng_table_str(owner), verify->key))) {
        find(verify, "a record is not the subject's in the index of owners");
    }
    return status;
}

static heng_status check_dossier_row(struct verify *verify, MDB_val value) {
    heng_dossier dossier;
    const uint8_t *subject = NULL;
    if (!heng_dossier_open(value.mv_data, value.mv_size, true, &dossier)) {
        find(verify, "no well-formed dossier");
        return HENG_OK;
    }
    MDB_val line;
    bool found = false;
    heng_status status = heng_view_get(verify->view, HENG_TABLE_SUBJECT, verify->key,
                                       &line, &found, verify->reterr);
    if (status != HENG_OK)
        return status;
    subject = found ? line.mv_data : NULL;
    if (dossier.subject != NULL &&
        (subject == NULL || line.mv_size != heng_flat_u32(dossier.subject) ||
         memcmp(subject, dossier.subject, line.mv_size) != 0)) {
        find(verify, "the dossier's subject is not the subject");
    }
    const uint8_t *at = dossier.records;
    const uint8_t *before = NULL;
    uint64_t categories = 0;
    for (uint32_t i = 0; i < dossier.count; i++) {
        size_t left = (size_t)(dossier.end - at);
        if (left < 4 || heng_flat_u32(at) > left ||
            !check_record(verify, at, heng_flat_u32(at)))
            return HENG_OK; /* said; where the next begins is not known */
        if (before != NULL && heng_dossier_order(before, at) >= 0) {
            find(verify, "the records are not in order");
        }
        verify->records++;
        status = check_owner(verify, at);
        if (status == HENG_OK) {
            status = check_mentions_of(verify, verify->key, at);
        }
        if (status != HENG_OK)
            return status;
        before = at;
        categories |= heng_dossier_bit(heng_flat_u32(at + 4));
        at += heng_flat_u32(at);
    }
    if (at != dossier.end) {
        find(verify, "more bytes than its records have");
    }
    categories = heng_dossier_all_categories(categories, dossier.count);
    if (categories != dossier.categories) {
        find(verify, "its categories are not those of its records");
    }
    status = heng_view_get(verify->view, HENG_TABLE_OUTLINE, verify->key, &line, &found,
                           verify->reterr);
    if (status == HENG_OK && !found) {
        find(verify, "the dossier has no outline");
    }
    return status;
}

/* A row that is made of another. */
static heng_status check_made_row(struct verify *verify, MDB_val value,
                                  heng_made_check *check) {
    const char *problem = NULL;
    verify->checked++;
    heng_status status =
        check(verify->view, verify->key, value, &problem, verify->reterr);
    if (problem != NULL) {
        find(verify, problem);
    }
    return status;
}

static heng_status check_gist_row(struct verify *verify, MDB_val value) {
    return check_made_row(verify, value, heng_gist_check);
}

static heng_status check_outline_row(struct verify *verify, MDB_val value) {
    return check_made_row(verify, value, heng_outline_check);
}

/* ---- from indexes to objects ----
 *
 * Each record was found to have its row, and no two can share one. So where there are
 * as many rows as records, each row has its record, and none need be looked for: that
 * would read the dossier once for each record in it.
 */

static heng_status all_matched(struct verify *verify, heng_table table, uint64_t wanted,
                               bool *ret_matched) {
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    uint64_t filled = 0;
    int code =
        mdb_cursor_open(verify->view->txn, verify->view->store->tables[table], &cursor);
    if (code == MDB_SUCCESS) {
        while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS) {
            filled += value.mv_size > 0 ? 1 : 0;
        }
        mdb_cursor_close(cursor);
    }
    *ret_matched = verify->findings == 0 && filled == wanted;
    return code == MDB_NOTFOUND ? HENG_OK
                                : heng_db_fail(verify->view->store, code,
                                               "cannot read the store", verify->reterr);
}

/* The newest version of a record in its owner's dossier; NULL where it has none such.
 */
static heng_status newest_record(struct verify *verify, heng_str owner, heng_str record,
                                 const uint8_t **ret_record) {
    MDB_val value;
    heng_dossier dossier;
    bool found = false;
    *ret_record = NULL;
    heng_status status = heng_view_get(verify->view, HENG_TABLE_DOSSIER, owner, &value,
                                       &found, verify->reterr);
    if (status != HENG_OK || !found ||
        !heng_dossier_open(value.mv_data, value.mv_size, true, &dossier))
        return status;
    const uint8_t *at = dossier.records;
    for (uint32_t i = 0; i < dossier.count; i++) {
        size_t left = (size_t)(dossier.end - at);
        if (left < HENG_FLAT_RECORD_BYTES || heng_flat_u32(at) > left ||
            !heng_flat_check_record(at, heng_flat_u32(at)))
            return HENG_OK;
        if (heng_str_equal(heng_flat_text(at, HENG_FLAT_RECORD_ID), record)) {
            *ret_record = at;
            return HENG_OK;
        }
        at += heng_flat_u32(at);
    }
    return HENG_OK;
}

static heng_status check_owner_row(struct verify *verify, MDB_val value) {
    const uint8_t *record = NULL;
    verify->checked++;
    heng_status status =
        newest_record(verify, heng_table_str(value), verify->key, &record);
    if (status == HENG_OK && record == NULL) {
        find(verify, "the owner's dossier does not hold the record");
    }
    return status;
}

static heng_status check_tie_row(struct verify *verify, MDB_val value) {
    heng_str parts[2];
    const uint8_t *subject = NULL;
    bool found = false;
    MDB_val line;
    verify->checked++;
    if (heng_table_split(heng_table_value(verify->key.ptr, verify->key.len), parts,
                         2) != 2) {
        find(verify, "a key of another form");
        return HENG_OK;
    }
    heng_status status = heng_view_get(verify->view, HENG_TABLE_SUBJECT, parts[1],
                                       &line, &found, verify->reterr);
    if (status != HENG_OK)
        return status;
    if (found && heng_flat_check_subject(line.mv_data, line.mv_size)) {
        subject = line.mv_data;
    }
    if (subject == NULL) {
        find(verify, "the subject that declares the tie is not there");
    } else if (!same_ties(subject, parts[0], value)) {
        find(verify, "the row differs from the subject's relations");
    }
    return HENG_OK;
}

static heng_status check_mention_row(struct verify *verify, MDB_val value) {
    heng_str parts[3];
    const uint8_t *record = NULL;
    verify->checked++;
    if (heng_table_split(heng_table_value(verify->key.ptr, verify->key.len), parts,
                         3) != 3) {
        find(verify, "a key of another form");
        return HENG_OK;
    }
    heng_status status = newest_record(verify, parts[1], parts[2], &record);
    if (status != HENG_OK)
        return status;
    bool named = record != NULL && heng_gather_names(record, parts[0]);
    if (value.mv_size == 0) {
        if (named) {
            find(verify, "the row is empty, and the record names the party");
        }
    } else if (!named || value.mv_size != heng_flat_u32(record) ||
               memcmp(value.mv_data, record, value.mv_size) != 0) {
        find(verify, "the row differs from the record");
    }
    return HENG_OK;
}

/* ---- versions and the rest ---- */

/* That a past version ends where a commit is, after it began. */
static void check_span(struct verify *verify, MDB_val value) {
    uint64_t from = 0;
    uint64_t until = 0;
    if (verify->key.len >= 8) {
        from = heng_table_be64((const uint8_t *)verify->key.ptr + verify->key.len - 8);
    }
    if (value.mv_size >= HENG_PAST_BYTES) {
        until = heng_table_be64(value.mv_data);
    }
    if (from == 0 || until <= from || until > verify->view->newest) {
        find(verify, "the version's commits are impossible");
    }
}

static heng_status check_past_subject_row(struct verify *verify, MDB_val value) {
    check_span(verify, value);
    if (value.mv_size >= HENG_PAST_BYTES) {
        (void)check_subject(verify, (const uint8_t *)value.mv_data + HENG_PAST_BYTES,
                            value.mv_size - HENG_PAST_BYTES);
    }
    return HENG_OK;
}

static heng_status check_past_record_row(struct verify *verify, MDB_val value) {
    heng_str parts[3];
    check_span(verify, value);
    if (value.mv_size < HENG_PAST_BYTES ||
        !check_record(verify, (const uint8_t *)value.mv_data + HENG_PAST_BYTES,
                      value.mv_size - HENG_PAST_BYTES))
        return HENG_OK;
    MDB_val key = heng_table_value(verify->key.ptr, verify->key.len);
    if (heng_table_split(key, parts, 3) != 3 ||
        !heng_str_equal(parts[1],
                        heng_flat_text((const uint8_t *)value.mv_data + HENG_PAST_BYTES,
                                       HENG_FLAT_RECORD_ID))) {
        find(verify, "the key is that of another record");
    }
    return HENG_OK;
}

static heng_status check_name_row(struct verify *verify, MDB_val value) {
    verify->checked++;
    if (verify->key.len != 4 ||
        !heng_str_equal(
            heng_names_get(verify->view->names,
                           heng_table_be32((const uint8_t *)verify->key.ptr)),
            heng_table_str(value))) {
        find(verify, "the word is not the one of its number");
    }
    return HENG_OK;
}

static heng_status check_commit_row(struct verify *verify, MDB_val value) {
    verify->checked++;
    if (verify->key.len != 8 || value.mv_size != HENG_COMMIT_BYTES) {
        find(verify, "no well-formed commit");
        return HENG_OK;
    }
    uint64_t number = heng_table_be64((const uint8_t *)verify->key.ptr);
    heng_time_ms time = heng_flat_i64(value.mv_data);
    MDB_val before;
    heng_key key = {0};
    bool found = false;
    heng_key_add_be64(&key, number - 1);
    heng_status status = get(verify, HENG_TABLE_COMMIT, &key, &before, &found);
    if (status != HENG_OK)
        return status;
    if (number == 0 || number > verify->view->newest || (number > 1 && !found)) {
        find(verify, "commits are missing or too many");
    } else if (found && before.mv_size == HENG_COMMIT_BYTES &&
               heng_flat_i64(before.mv_data) > time) {
        find(verify, "times of commits go back");
    }
    if (number > verify->since) {
        status = heng_view_get(verify->view, HENG_TABLE_JOURNAL, verify->key, &before,
                               &found, verify->reterr);
        if (status == HENG_OK && !found) {
            find(verify, "the commit is not in the journal");
        }
    }
    return status;
}

static heng_status check_delivery_row(struct verify *verify, MDB_val value) {
    verify->checked++;
    if (verify->key.len < 9 || value.mv_size != 4 ||
        !heng_date_valid(heng_flat_i32(value.mv_data))) {
        find(verify, "no well-formed delivery");
    }
    return HENG_OK;
}

/* ---- what batches left ---- */

/* Where the journal begins, and whether what `last` and `running` rest on is there. */
static heng_status check_batches(struct verify *verify) {
    heng_view *view = verify->view;
    heng_baseline last = {0};
    heng_baseline_row running = {0};
    bool found = false;
    bool runs = false;
    uint64_t since = 0;
    heng_status status =
        heng_baseline_row_since(view->store, view->txn, &since, &found, verify->reterr);
    verify->since = found ? since : UINT64_MAX;
    if (status == HENG_OK) {
        status = heng_baseline_row_last(view->store, view->txn, &last, &found,
                                        verify->reterr);
    }
    if (status == HENG_OK) {
        status = heng_baseline_row_running(view->store, view->txn, &running, &runs,
                                           verify->reterr);
    }
    if (status == HENG_ERR_STORE) { /* said when its row is come to */
        verify->since = UINT64_MAX;
        verify->batch = UINT64_MAX;
        return HENG_OK;
    }
    verify->batch = runs ? running.next.number : last.number;
    const heng_baseline *batches[] = {&last, &running.next};
    for (size_t i = 0; i < 2 && status == HENG_OK; i++) {
        heng_str word =
            i == 0 ? HENG_STR(HENG_BATCH_LAST) : HENG_STR(HENG_BATCH_RUNNING);
        MDB_val files;
        if (batches[i]->number == 0)
            continue;
        if (verify->since > batches[i]->commit || batches[i]->commit > view->newest) {
            find_in(verify, HENG_TABLE_BATCH, word, "the batch's commit is impossible");
        }
        status = heng_view_get(view, HENG_TABLE_RULESET, batches[i]->ruleset, &files,
                               &found, verify->reterr);
        if (status == HENG_OK && !found) {
            find_in(verify, HENG_TABLE_BATCH, word, "the batch's ruleset is not there");
        }
    }
    if (runs && running.next.number != last.number + 1) {
        find_in(verify, HENG_TABLE_BATCH, HENG_STR(HENG_BATCH_RUNNING),
                "the batch's number is not the next one");
    }
    return status;
}

static heng_status check_form(struct verify *verify, MDB_val value) {
    const char *fault = heng_baseline_row_fault(
        verify->table, heng_table_value(verify->key.ptr, verify->key.len), value);
    verify->checked++;
    if (fault != NULL) {
        find(verify, fault);
    }
    return HENG_OK;
}

static heng_status check_journal_row(struct verify *verify, MDB_val value) {
    uint64_t number =
        verify->key.len == 8 ? heng_table_be64((const uint8_t *)verify->key.ptr) : 1;
    if (number == 0 || number > verify->view->newest) {
        find(verify, "there is no such commit");
    }
    return check_form(verify, value);
}

static heng_status check_due_row(struct verify *verify, MDB_val value) {
    MDB_val key = heng_table_value(verify->key.ptr, verify->key.len);
    heng_baseline_due_key parts;
    if (heng_baseline_row_read_due_key(key, &parts) &&
        (parts.number == 0 || parts.number > verify->batch)) {
        find(verify, "there is no such batch");
    }
    return check_form(verify, value);
}

static heng_status check_meta_row(struct verify *verify, MDB_val value) {
    (void)value; /* opening read it */
    verify->checked++;
    return HENG_OK;
}

/* ---- the whole ---- */

typedef heng_status check_row(struct verify *verify, MDB_val value);

static heng_status check_table(struct verify *verify, heng_table table,
                               check_row *check) {
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    if (verify->view->store->tables[table] == HENG_DB_NO_TABLE)
        return HENG_OK;
    int code =
        mdb_cursor_open(verify->view->txn, verify->view->store->tables[table], &cursor);
    heng_status status = HENG_OK;
    if (code == MDB_SUCCESS) {
        code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
        verify->table = table;
        while (code == MDB_SUCCESS && status == HENG_OK) {
            verify->key = heng_table_str(key);
            status = check(verify, value);
            if (status == HENG_OK) {
                code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
            }
        }
        mdb_cursor_close(cursor);
    }
    if (status == HENG_OK && code != MDB_NOTFOUND)
        return heng_db_fail(verify->view->store, code, "cannot read the store",
                            verify->reterr);
    return status;
}

heng_status heng_store_verify(heng_store *store,
                              void (*problem)(void *context, const char *table,
                                              const char *key, const char *text),
                              void *context, uint64_t *ret_checked,
                              heng_error *reterr) {
    static check_row *const CHECKS[HENG_TABLE_COUNT] = {
        [HENG_TABLE_META] = check_meta_row,
        [HENG_TABLE_NAME] = check_name_row,
        [HENG_TABLE_SUBJECT] = check_subject_row,
        [HENG_TABLE_GIST] = check_gist_row,
        [HENG_TABLE_DOSSIER] = check_dossier_row,
        [HENG_TABLE_OUTLINE] = check_outline_row,
        [HENG_TABLE_RECORD_OWNER] = check_owner_row,
        [HENG_TABLE_TIE] = check_tie_row,
        [HENG_TABLE_MENTION] = check_mention_row,
        [HENG_TABLE_PAST_SUBJECT] = check_past_subject_row,
        [HENG_TABLE_PAST_RECORD] = check_past_record_row,
        [HENG_TABLE_COMMIT] = check_commit_row,
        [HENG_TABLE_DELIVERY] = check_delivery_row,
        [HENG_TABLE_JOURNAL] = check_journal_row,
        [HENG_TABLE_RULESET] = check_form,
        [HENG_TABLE_DUE] = check_due_row,
        [HENG_TABLE_BATCH] = check_form,
    };
    struct verify verify = {.problem = problem, .context = context, .reterr = reterr};
    MDB_txn *txn = NULL;
    bool sound = false;
    heng_status status = heng_db_begin(store, false, &txn, reterr);
    if (status != HENG_OK)
        return status;
    status = heng_pages_check(store, txn, page_problem, &verify, &verify.checked,
                              &sound, reterr);
    heng_db_abort(store, txn);
    if (status == HENG_OK && sound) {
        status = heng_view_open(store, &verify.view, reterr);
        if (status == HENG_OK) {
            status = check_batches(&verify);
        }
        /* objects come before the indexes over them: the order of the tables */
        for (int i = 0; i < HENG_TABLE_COUNT && status == HENG_OK; i++) {
            bool matched = false;
            if (i == HENG_TABLE_RECORD_OWNER) {
                status = all_matched(&verify, HENG_TABLE_RECORD_OWNER, verify.records,
                                     &matched);
            } else if (i == HENG_TABLE_MENTION) {
                status =
                    all_matched(&verify, HENG_TABLE_MENTION, verify.mentions, &matched);
            }
            if (status == HENG_OK && !matched) {
                status = check_table(&verify, (heng_table)i, CHECKS[i]);
            }
        }
        heng_view_close(verify.view);
    }
    if (status == HENG_ERR_STORE &&
        reterr != NULL) { /* damage is what was looked for */
        problem(context, reterr->place, "", reterr->text);
        status = HENG_OK;
    }
    if (status == HENG_OK) {
        *ret_checked = verify.checked;
    }
    return status;
}

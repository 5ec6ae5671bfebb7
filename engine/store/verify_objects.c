/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify_objects.c: whether each subject and record is well-formed, now and in the
 * past, and each index over them says what they say.
 *
 * Indexes are compared in both directions: from the objects to the rows that must be
 * there, and from each row to the object that must justify it.
 */
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "model/flat.h"
#include "model/identity.h"
#include "store/dossier.h"
#include "store/gather.h"
#include "store/outline_check.h"
#include "store/verify_parts.h"

/* ---- objects ---- */

static bool known_name(const heng_verify *verify, uint32_t number) {
    return number < heng_names_count(verify->view->names);
}

static bool utf8(heng_str text) {
    return heng_utf8_valid_prefix(text.ptr, text.len) == text.len;
}

static void check_attributes(heng_verify *verify, const uint8_t *object,
                             bool is_record) {
    size_t count = heng_flat_attribute_count(object, is_record);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *entry = heng_flat_attribute_at(object, is_record, i);
        if (!known_name(verify, heng_flat_u32(entry))) {
            heng_verify_find(verify, "an attribute has an unknown name");
        }
        if (entry[4] == HENG_ATTRIBUTE_STRING &&
            !utf8(heng_flat_text(object, (size_t)(entry - object) + 8))) {
            heng_verify_find(verify, "an attribute is not UTF-8");
        }
        size_t items = entry[4] == HENG_ATTRIBUTE_STRINGS
                           ? heng_flat_strings_count(object, entry)
                           : 0;
        for (size_t at = 0; at < items; at++) {
            if (!utf8(heng_flat_strings_at(object, entry, at))) {
                heng_verify_find(verify, "an attribute is not UTF-8");
            }
        }
    }
}

static void check_commit(heng_verify *verify, uint64_t commit) {
    if (commit == 0 || commit > verify->view->newest) {
        heng_verify_find(verify,
                         "a commit that is not there is said to have stored it");
    }
}

/* The texts of a head, from the place of the first to that of the last. */
static void check_texts(heng_verify *verify, const uint8_t *bytes, size_t first,
                        size_t last) {
    for (size_t at = first; at <= last; at += 8) {
        if (!utf8(heng_flat_text(bytes, at))) {
            heng_verify_find(verify, "a text is not UTF-8");
        }
    }
}

/* False where it is not well-formed: nothing more can be asked of it. */
static bool check_subject(heng_verify *verify, const uint8_t *bytes, size_t len) {
    verify->checked++;
    if (!heng_flat_check_subject(bytes, len)) {
        heng_verify_find(verify, "no well-formed subject");
        return false;
    }
    check_commit(verify, heng_flat_u64(bytes + HENG_FLAT_SUBJECT_COMMIT));
    check_texts(verify, bytes, HENG_FLAT_SUBJECT_NAME, HENG_FLAT_SUBJECT_STATUS);
    size_t count = heng_flat_relation_count(bytes);
    for (size_t i = 0; i < count; i++) {
        heng_flat_relation relation = heng_flat_relation_at(bytes, i);
        if (!known_name(verify, relation.role)) {
            heng_verify_find(verify, "a relation has an unknown role");
        }
        if (heng_identity_form_of(relation.id) == HENG_IDENTITY_WRONG) {
            heng_verify_find(verify, "a relation is with something that is no id");
        }
    }
    check_attributes(verify, bytes, false);
    return true;
}

static bool check_record(heng_verify *verify, const uint8_t *bytes, size_t len) {
    verify->checked++;
    if (!heng_flat_check_record(bytes, len)) {
        heng_verify_find(verify, "no well-formed record");
        return false;
    }
    check_commit(verify, heng_flat_u64(bytes + HENG_FLAT_RECORD_COMMIT));
    if (!known_name(verify, heng_flat_u32(bytes + 4))) {
        heng_verify_find(verify, "a record has an unknown category");
    }
    check_texts(verify, bytes, HENG_FLAT_RECORD_ID, HENG_FLAT_RECORD_DOCUMENT);
    size_t count = heng_flat_party_count(bytes);
    for (size_t i = 0; i < count; i++) {
        heng_flat_party party = heng_flat_party_at(bytes, i);
        if (!known_name(verify, party.role)) {
            heng_verify_find(verify, "a party has an unknown role");
        }
        if (heng_identity_form_of(party.id) == HENG_IDENTITY_WRONG) {
            heng_verify_find(verify, "a party is no id");
        }
    }
    check_attributes(verify, bytes, true);
    return true;
}

/* ---- from objects to indexes ---- */

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

static heng_status check_ties_of(heng_verify *verify, heng_str id,
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
        heng_status status =
            heng_verify_get(verify, HENG_TABLE_TIE, &key, &row, &found);
        if (status != HENG_OK)
            return status;
        if (!found || !same_ties(subject, other, row)) {
            heng_verify_find(verify,
                             "a relation is not, or differs, in the index of ties");
        }
    }
    return HENG_OK;
}

static heng_status check_mentions_of(heng_verify *verify, heng_str owner,
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
        heng_status status =
            heng_verify_get(verify, HENG_TABLE_MENTION, &key, &row, &found);
        if (status != HENG_OK)
            return status;
        if (!found || row.mv_size != heng_flat_u32(record) ||
            memcmp(row.mv_data, record, row.mv_size) != 0) {
            heng_verify_find(verify,
                             "a party is not, or differs, in the index of mentions");
        }
    }
    return HENG_OK;
}

heng_status heng_verify_subject_row(heng_verify *verify, MDB_val value) {
    if (heng_identity_form_of(verify->key) == HENG_IDENTITY_WRONG) {
        heng_verify_find(verify, "the key is no id");
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
        heng_verify_find(verify, "the dossier lacks the subject");
    }
    if (status == HENG_OK) {
        status = heng_view_get(verify->view, HENG_TABLE_GIST, verify->key,
                               &dossier_value, &found, verify->reterr);
    }
    if (status == HENG_OK && !found) {
        heng_verify_find(verify, "the subject has no gist");
    }
    return status;
}

static heng_status check_owner(heng_verify *verify, const uint8_t *record) {
    MDB_val owner;
    bool found = false;
    heng_status status = heng_view_get(verify->view, HENG_TABLE_RECORD_OWNER,
                                       heng_flat_text(record, HENG_FLAT_RECORD_ID),
                                       &owner, &found, verify->reterr);
    if (status == HENG_OK &&
        (!found || !heng_str_equal(heng_table_str(owner), verify->key))) {
        heng_verify_find(verify,
                         "a record is not the subject's in the index of owners");
    }
    return status;
}

heng_status heng_verify_dossier_row(heng_verify *verify, MDB_val value) {
    heng_dossier dossier;
    const uint8_t *subject = NULL;
    if (!heng_dossier_open(value.mv_data, value.mv_size, true, &dossier)) {
        heng_verify_find(verify, "no well-formed dossier");
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
        heng_verify_find(verify, "the dossier's subject is not the subject");
    }
    const uint8_t *at = dossier.records;
    const uint8_t *before = NULL;
    heng_categories categories = {{0, 0}};
    for (uint32_t i = 0; i < dossier.count; i++) {
        size_t left = (size_t)(dossier.end - at);
        if (left < 4 || heng_flat_u32(at) > left ||
            !check_record(verify, at, heng_flat_u32(at)))
            return HENG_OK; /* said; where the next begins is not known */
        if (before != NULL && heng_dossier_order(before, at) >= 0) {
            heng_verify_find(verify, "the records are not in order");
        }
        verify->records++;
        status = check_owner(verify, at);
        if (status == HENG_OK) {
            status = check_mentions_of(verify, verify->key, at);
        }
        if (status != HENG_OK)
            return status;
        before = at;
        heng_categories_add(&categories, heng_flat_u32(at + 4));
        at += heng_flat_u32(at);
    }
    if (at != dossier.end) {
        heng_verify_find(verify, "more bytes than its records have");
    }
    categories = heng_dossier_all_categories(categories, dossier.count);
    if (!heng_categories_equal(&categories, &dossier.categories)) {
        heng_verify_find(verify, "its categories are not those of its records");
    }
    status = heng_view_get(verify->view, HENG_TABLE_OUTLINE, verify->key, &line, &found,
                           verify->reterr);
    if (status == HENG_OK && !found) {
        heng_verify_find(verify, "the dossier has no outline");
    }
    return status;
}

/* A row that is made of another. */
static heng_status check_made_row(heng_verify *verify, MDB_val value,
                                  heng_made_check *check) {
    const char *problem = NULL;
    verify->checked++;
    heng_status status =
        check(verify->view, verify->key, value, &problem, verify->reterr);
    if (problem != NULL) {
        heng_verify_find(verify, problem);
    }
    return status;
}

heng_status heng_verify_gist_row(heng_verify *verify, MDB_val value) {
    return check_made_row(verify, value, heng_gist_check);
}

heng_status heng_verify_outline_row(heng_verify *verify, MDB_val value) {
    return check_made_row(verify, value, heng_outline_check);
}

/* ---- from indexes to objects ----
 *
 * Each record was found to have its row, and no two can share one. So where there are
 * as many rows as records, each row has its record, and none need be looked for: that
 * would read the dossier once for each record in it.
 */

heng_status heng_verify_all_matched(heng_verify *verify, heng_table table,
                                    uint64_t wanted, bool *ret_matched) {
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
static heng_status newest_record(heng_verify *verify, heng_str owner, heng_str record,
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

heng_status heng_verify_owner_row(heng_verify *verify, MDB_val value) {
    const uint8_t *record = NULL;
    verify->checked++;
    heng_status status =
        newest_record(verify, heng_table_str(value), verify->key, &record);
    if (status == HENG_OK && record == NULL) {
        heng_verify_find(verify, "the owner's dossier does not hold the record");
    }
    return status;
}

heng_status heng_verify_tie_row(heng_verify *verify, MDB_val value) {
    heng_str parts[2];
    const uint8_t *subject = NULL;
    bool found = false;
    MDB_val line;
    verify->checked++;
    if (heng_table_split(heng_table_value(verify->key.ptr, verify->key.len), parts,
                         2) != 2) {
        heng_verify_find(verify, "a key of another form");
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
        heng_verify_find(verify, "the subject that declares the tie is not there");
    } else if (!same_ties(subject, parts[0], value)) {
        heng_verify_find(verify, "the row differs from the subject's relations");
    }
    return HENG_OK;
}

heng_status heng_verify_mention_row(heng_verify *verify, MDB_val value) {
    heng_str parts[3];
    const uint8_t *record = NULL;
    verify->checked++;
    if (heng_table_split(heng_table_value(verify->key.ptr, verify->key.len), parts,
                         3) != 3) {
        heng_verify_find(verify, "a key of another form");
        return HENG_OK;
    }
    heng_status status = newest_record(verify, parts[1], parts[2], &record);
    if (status != HENG_OK)
        return status;
    bool named = record != NULL && heng_gather_names(record, parts[0]);
    if (value.mv_size == 0) {
        if (named) {
            heng_verify_find(verify,
                             "the row is empty, and the record names the party");
        }
    } else if (!named || value.mv_size != heng_flat_u32(record) ||
               memcmp(value.mv_data, record, value.mv_size) != 0) {
        heng_verify_find(verify, "the row differs from the record");
    }
    return HENG_OK;
}

/* ---- past versions ---- */

/* That a past version ends where a commit is, after it began. */
static void check_span(heng_verify *verify, MDB_val value) {
    uint64_t from = 0;
    uint64_t until = 0;
    if (verify->key.len >= 8) {
        from = heng_table_be64((const uint8_t *)verify->key.ptr + verify->key.len - 8);
    }
    if (value.mv_size >= HENG_PAST_BYTES) {
        until = heng_table_be64(value.mv_data);
    }
    if (from == 0 || until <= from || until > verify->view->newest) {
        heng_verify_find(verify, "the version's commits are impossible");
    }
}

heng_status heng_verify_past_subject_row(heng_verify *verify, MDB_val value) {
    check_span(verify, value);
    if (value.mv_size >= HENG_PAST_BYTES) {
        (void)check_subject(verify, (const uint8_t *)value.mv_data + HENG_PAST_BYTES,
                            value.mv_size - HENG_PAST_BYTES);
    }
    return HENG_OK;
}

heng_status heng_verify_past_record_row(heng_verify *verify, MDB_val value) {
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
        heng_verify_find(verify, "the key is that of another record");
    }
    return HENG_OK;
}

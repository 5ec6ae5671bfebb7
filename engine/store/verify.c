/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.c: first whether the pages hold together, read without LMDB; only then,
 * through LMDB, all tables row by row.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "heng/store.h"
#include "model/identity.h"
#include "store/pages.h"
#include "store/verify_parts.h"

/* ---- findings ---- */

void heng_verify_find_in(heng_verify *verify, heng_table table, heng_str key,
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

void heng_verify_find(heng_verify *verify, const char *text) {
    heng_verify_find_in(verify, verify->table, verify->key, text);
}

static void page_problem(void *context, uint64_t page, const char *text) {
    heng_verify *verify = context;
    char key[32];
    (void)snprintf(key, sizeof key, "page %ju", (uintmax_t)page);
    verify->problem(verify->context, "data.mdb", key, text);
}

/* ---- the whole ---- */

static heng_status check_meta_row(heng_verify *verify, MDB_val value) {
    (void)value; /* opening read it */
    verify->checked++;
    return HENG_OK;
}

static heng_status check_table(heng_verify *verify, heng_table table,
                               heng_verify_row *check) {
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
    static heng_verify_row *const CHECKS[HENG_TABLE_COUNT] = {
        [HENG_TABLE_META] = check_meta_row,
        [HENG_TABLE_NAME] = heng_verify_name_row,
        [HENG_TABLE_SUBJECT] = heng_verify_subject_row,
        [HENG_TABLE_GIST] = heng_verify_gist_row,
        [HENG_TABLE_DOSSIER] = heng_verify_dossier_row,
        [HENG_TABLE_OUTLINE] = heng_verify_outline_row,
        [HENG_TABLE_RECORD_OWNER] = heng_verify_owner_row,
        [HENG_TABLE_TIE] = heng_verify_tie_row,
        [HENG_TABLE_MENTION] = heng_verify_mention_row,
        [HENG_TABLE_PAST_SUBJECT] = heng_verify_past_subject_row,
        [HENG_TABLE_PAST_RECORD] = heng_verify_past_record_row,
        [HENG_TABLE_COMMIT] = heng_verify_commit_row,
        [HENG_TABLE_DELIVERY] = heng_verify_delivery_row,
        [HENG_TABLE_JOURNAL] = heng_verify_journal_row,
        [HENG_TABLE_RULESET] = heng_verify_form_row,
        [HENG_TABLE_DUE] = heng_verify_due_row,
        [HENG_TABLE_BATCH] = heng_verify_form_row,
    };
    heng_verify verify = {.problem = problem, .context = context, .reterr = reterr};
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
            status = heng_verify_batches(&verify);
        }
        /* objects come before the indexes over them: the order of the tables */
        for (int i = 0; i < HENG_TABLE_COUNT && status == HENG_OK; i++) {
            bool matched = false;
            if (i == HENG_TABLE_RECORD_OWNER) {
                status = heng_verify_all_matched(&verify, HENG_TABLE_RECORD_OWNER,
                                                 verify.records, &matched);
            } else if (i == HENG_TABLE_MENTION) {
                status = heng_verify_all_matched(&verify, HENG_TABLE_MENTION,
                                                 verify.mentions, &matched);
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

/* SPDX-License-Identifier: Apache-2.0 */
/* verify_commits.c: whether commits, and what lies beside the objects, can be: the
 * words that have a number, deliveries, and what batches left for the next one. */
#include "model/flat.h"
#include "store/baseline_row.h"
#include "store/verify_parts.h"

/* ---- commits, words, deliveries ---- */

heng_status heng_verify_name_row(heng_verify *verify, MDB_val value) {
    verify->checked++;
    if (verify->key.len != 4 ||
        !heng_str_equal(
            heng_names_get(verify->view->names,
                           heng_table_be32((const uint8_t *)verify->key.ptr)),
            heng_table_str(value))) {
        heng_verify_find(verify, "the word is not the one of its number");
    }
    return HENG_OK;
}

heng_status heng_verify_commit_row(heng_verify *verify, MDB_val value) {
    verify->checked++;
    if (verify->key.len != 8 || value.mv_size != HENG_COMMIT_BYTES) {
        heng_verify_find(verify, "no well-formed commit");
        return HENG_OK;
    }
    uint64_t number = heng_table_be64((const uint8_t *)verify->key.ptr);
    heng_time_ms time = heng_flat_i64(value.mv_data);
    MDB_val before;
    heng_key key = {0};
    bool found = false;
    heng_key_add_be64(&key, number - 1);
    heng_status status =
        heng_verify_get(verify, HENG_TABLE_COMMIT, &key, &before, &found);
    if (status != HENG_OK)
        return status;
    if (number == 0 || number > verify->view->newest || (number > 1 && !found)) {
        heng_verify_find(verify, "commits are missing or too many");
    } else if (found && before.mv_size == HENG_COMMIT_BYTES &&
               heng_flat_i64(before.mv_data) > time) {
        heng_verify_find(verify, "times of commits go back");
    }
    if (number > verify->since) {
        status = heng_view_get(verify->view, HENG_TABLE_JOURNAL, verify->key, &before,
                               &found, verify->reterr);
        if (status == HENG_OK && !found) {
            heng_verify_find(verify, "the commit is not in the journal");
        }
    }
    return status;
}

heng_status heng_verify_delivery_row(heng_verify *verify, MDB_val value) {
    verify->checked++;
    if (verify->key.len < 9 || value.mv_size != 4 ||
        !heng_date_valid(heng_flat_i32(value.mv_data))) {
        heng_verify_find(verify, "no well-formed delivery");
    }
    return HENG_OK;
}

/* ---- what batches left ---- */

/* Where the journal begins, and whether what `last` and `running` rest on is there. */
heng_status heng_verify_batches(heng_verify *verify) {
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
            heng_verify_find_in(verify, HENG_TABLE_BATCH, word,
                                "the batch's commit is impossible");
        }
        status = heng_view_get(view, HENG_TABLE_RULESET, batches[i]->ruleset, &files,
                               &found, verify->reterr);
        if (status == HENG_OK && !found) {
            heng_verify_find_in(verify, HENG_TABLE_BATCH, word,
                                "the batch's ruleset is not there");
        }
    }
    if (runs && running.next.number != last.number + 1) {
        heng_verify_find_in(verify, HENG_TABLE_BATCH, HENG_STR(HENG_BATCH_RUNNING),
                            "the batch's number is not the next one");
    }
    return status;
}

heng_status heng_verify_form_row(heng_verify *verify, MDB_val value) {
    const char *fault = heng_baseline_row_fault(
        verify->table, heng_table_value(verify->key.ptr, verify->key.len), value);
    verify->checked++;
    if (fault != NULL) {
        heng_verify_find(verify, fault);
    }
    return HENG_OK;
}

heng_status heng_verify_journal_row(heng_verify *verify, MDB_val value) {
    uint64_t number =
        verify->key.len == 8 ? heng_table_be64((const uint8_t *)verify->key.ptr) : 1;
    if (number == 0 || number > verify->view->newest) {
        heng_verify_find(verify, "there is no such commit");
    }
    return heng_verify_form_row(verify, value);
}

heng_status heng_verify_due_row(heng_verify *verify, MDB_val value) {
    MDB_val key = heng_table_value(verify->key.ptr, verify->key.len);
    heng_baseline_due_key parts;
    if (heng_baseline_row_read_due_key(key, &parts) &&
        (parts.number == 0 || parts.number > verify->batch)) {
        heng_verify_find(verify, "there is no such batch");
    }
    return heng_verify_form_row(verify, value);
}

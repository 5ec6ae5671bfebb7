/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c: what an expression that stands in no rule sees of a subject. */
#include "decide/ask.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "decide/evaluate.h"
#include "model/flat.h"

/* So many ids are shown to who named a record that is not there. */
enum { SHOWN_MAX = 5 };

heng_status heng_ask_declare(const heng_plan *plan, heng_arena *arena,
                             heng_cel_env *env) {
    const heng_cel_type *subject = heng_cel_type_object(arena, &plan->subject_type);
    const heng_cel_type *record = heng_cel_type_object(arena, &plan->record_type);
    const heng_cel_type *records =
        record == NULL ? NULL : heng_cel_type_list(arena, record);
    const struct {
        const char *name;
        const heng_cel_type *type;
        bool many;
    } variables[HENG_SLOT_COUNT] = {
        [HENG_SLOT_SUBJECT] = {"subject", subject, false},
        [HENG_SLOT_AS_OF] = {"as_of", heng_cel_type_simple(HENG_CEL_DATE), false},
        [HENG_SLOT_RECORDS] = {"records", records, true},
        [HENG_SLOT_R] = {"r", record, false},
        [HENG_SLOT_GROUNDS] = {"grounds", records, true},
    };
    if (subject == NULL || records == NULL)
        return HENG_ERR_NOMEM;
    heng_status status = heng_cel_env_object(env, &plan->subject_type);
    if (status == HENG_OK)
        status = heng_cel_env_object(env, &plan->record_type);
    for (uint32_t slot = 0; status == HENG_OK && slot < HENG_SLOT_COUNT; slot++) {
        status = heng_cel_env_variable(env, heng_str_of(variables[slot].name),
                                       variables[slot].type, NULL);
        if (status == HENG_OK && variables[slot].many)
            heng_cel_env_size(env, slot, HENG_COST_RECORDS_PER_SUBJECT);
    }
    return status;
}

/* ---- the record ---- */

/* All records in sight, one after the other; NULL after the last. */
static heng_seen *seen_at(const heng_evaluation *eval, size_t index) {
    if (index < eval->own_count)
        return &eval->own[index];
    index -= eval->own_count;
    for (size_t t = 0; t < eval->tie_count; t++) {
        if (index < eval->ties[t].record_count)
            return &eval->ties[t].records[index];
        index -= eval->ties[t].record_count;
    }
    return index < eval->mention_count ? &eval->mentions[index] : NULL;
}

static heng_str id_of(const heng_seen *seen) {
    return heng_flat_text(seen->bytes, HENG_FLAT_RECORD_ID);
}

static heng_seen *find_record(const heng_evaluation *eval, heng_str id) {
    heng_seen *seen;
    for (size_t i = 0; (seen = seen_at(eval, i)) != NULL; i++) {
        if (heng_str_equal(id_of(seen), id))
            return seen;
    }
    return NULL;
}

static heng_status not_in_sight(const heng_evaluation *eval, heng_str id,
                                heng_error *reterr) {
    char shown[HENG_ERROR_TEXT_BYTES / 2] = "";
    size_t len = 0;
    const heng_seen *seen;
    for (size_t i = 0; (seen = seen_at(eval, i)) != NULL; i++) {
        heng_str other = id_of(seen);
        if (i == SHOWN_MAX || len + other.len + 8 > sizeof shown) {
            memcpy(shown + len, ", …", sizeof ", …");
            break;
        }
        len += (size_t)snprintf(shown + len, sizeof shown - len, "%s`%.*s`",
                                i == 0 ? "" : ", ", HENG_STR_ARG(other));
    }
    return heng_error_set(reterr, HENG_ERR_NOT_FOUND, NULL, (heng_pos){0, 0},
                          "no record `%.*s` is in sight of the rules here; %s%s",
                          (int)(id.len < 64 ? id.len : 64), id.ptr,
                          shown[0] == '\0' ? "there is none at all" : "there is ",
                          shown);
}

/* ---- the values ---- */

heng_status heng_ask_values(const heng_plan *plan, heng_worker *worker,
                            const heng_snapshot *snapshot, heng_str record,
                            heng_cel_value ret_values[HENG_SLOT_COUNT],
                            const heng_seen **ret_seen, heng_error *reterr) {
    heng_evaluation *eval = worker->last;
    const heng_rule_plan reads_all = {.reads_records = true};
    heng_seen *seen = NULL;
    if (eval == NULL || eval->plan != plan || eval->snapshot != snapshot)
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "a question follows a decision about the same subject");
    if (eval->outcome.out_of_scope)
        return heng_error_set(reterr, HENG_ERR_INVALID, NULL, (heng_pos){0, 0},
                              "the subject is out of scope on that day: a person under "
                              "18 or not of full capacity, of whom no rule speaks");
    if (record.len > 0) {
        seen = find_record(eval, record);
        if (seen == NULL)
            return not_in_sight(eval, record, reterr);
    }
    bool second = seen != NULL && seen->disputed && seen->unusable == HENG_USABLE &&
                  plan->ruleset->suspend_disputed;
    eval->two_passes = eval->two_passes || second; /* no rule may have looked at it */
    heng_fire_begin_pass(eval, second ? HENG_PASS_SECOND : HENG_PASS_FIRST);
    heng_fire_variables(eval, &reads_all, seen, NULL);
    if (eval->failed)
        return heng_error_nomem(reterr);
    memcpy(ret_values, eval->variables, sizeof eval->variables);
    if (seen == NULL)
        ret_values[HENG_SLOT_R] =
            heng_cel_value_error(eval->arena, HENG_CEL_ERR_UNKNOWN_NAME,
                                 "no record was named that `r` could be");
    ret_values[HENG_SLOT_GROUNDS] =
        heng_cel_value_error(eval->arena, HENG_CEL_ERR_UNKNOWN_NAME,
                             "only a rule has `grounds`, and this stands in none");
    *ret_seen = seen;
    return HENG_OK;
}

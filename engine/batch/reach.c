/* SPDX-License-Identifier: Apache-2.0 */
/* reach.c: from a record that matters to those who look at it. */
#include "batch/reach.h"

#include <string.h>

#include "decide/matters.h"
#include "decide/plan.h"
#include "model/flat.h"
#include "store/scan.h"

heng_categories heng_reach_categories(const heng_plan *plan, heng_gaze gaze) {
    heng_categories categories = {{0, 0}};
    for (uint32_t name = 0; name < plan->name_count; name++) {
        uint32_t category = plan->category_of_name[name].category;
        if (category != HENG_NONE && heng_matters_kinds(plan, gaze, category) != 0)
            heng_categories_add(&categories, name);
    }
    return categories;
}

heng_sought heng_reach_sought(const heng_plan *plan, heng_gaze gaze) {
    const heng_categories categories = heng_reach_categories(plan, gaze);
    heng_sought sought;
    for (int kind = 0; kind <= HENG_NATURAL_PERSON; kind++)
        sought.of_kind[kind] = categories;
    return sought;
}

heng_sought heng_reach_own(const heng_plan *plan) {
    heng_sought sought = {.of_kind = {HENG_CATEGORIES_ALL}};
    for (uint32_t name = 0; name < plan->name_count; name++) {
        uint32_t category = plan->category_of_name[name].category;
        unsigned kinds = category == HENG_NONE
                             ? 0
                             : heng_matters_kinds(plan, HENG_GAZE_OWN, category);
        for (int kind = 1; kind <= HENG_NATURAL_PERSON; kind++) {
            if ((kinds >> kind & 1) != 0)
                heng_categories_add(&sought.of_kind[kind], name);
        }
    }
    return sought;
}

size_t heng_reach_role_words(const heng_plan *plan) {
    return heng_plan_role_words(plan) * (1 + HENG_SCAN_EXPECTED);
}

static void clear_roles(heng_reacher *reacher) {
    memset(reacher->roles, 0,
           heng_plan_role_words(reacher->plan) * sizeof *reacher->roles);
}

static void add_parties(heng_reacher *reacher, const heng_snapshot *snapshot,
                        const uint8_t *record) {
    for (size_t i = 0; i < heng_flat_party_count(record); i++) {
        heng_flat_party party = heng_flat_party_at(record, i);
        if (heng_roles_have(reacher->roles,
                            heng_plan_role(reacher->plan, party.role)) &&
            !heng_str_equal(party.id, snapshot->id))
            heng_id_set_add(reacher->named, party.id);
    }
}

/* A tie seen from its other end: what one declares is to the other declared by another.
 */
static void add_reached(heng_reacher *reacher, const heng_snapshot *snapshot,
                        const heng_snapshot_tie *tie) {
    if (reacher->met == NULL) {
        heng_id_set_add(reacher->tied, tie->other);
        return;
    }
    const heng_met_tie met = {.whose = tie->other,
                              .other = snapshot->id,
                              .row = reacher->row,
                              .role = tie->role,
                              .from = tie->from,
                              .to = tie->to,
                              .reversed = !tie->reversed};
    heng_tie_set_add(reacher->met, &met);
}

/* Those whom the subject names, and those who name it; seen from them, it stands in the
 * other role. */
static heng_status add_tied(heng_reacher *reacher, const heng_snapshot *snapshot,
                            const uint64_t *roles, heng_error *reterr) {
    const heng_plan *plan = reacher->plan;
    heng_snapshot tied = *snapshot;
    if (tied.subject != NULL && !reacher->is_checked &&
        !heng_flat_check_subject(tied.subject, heng_flat_u32(tied.subject)))
        return HENG_OK;
    heng_status status =
        reacher->scan != NULL
            ? heng_scan_find_ties(reacher->scan, reacher->arena, &tied, reterr)
            : heng_scan_ties(reacher->view, reacher->arena, &tied, reterr);
    for (size_t i = 0; i < tied.tie_count && status == HENG_OK; i++) {
        const heng_snapshot_tie *tie = &tied.ties[i];
        uint32_t role = heng_plan_role(plan, tie->role);
        if (!tie->reversed && role != HENG_NONE)
            role = plan->role_words[role].other;
        if (reacher->everybody ||
            (tie->to >= plan->as_of && heng_roles_have(roles, role)))
            add_reached(reacher, snapshot, tie);
    }
    return status;
}

heng_status heng_reach_everybody(heng_reacher *reacher, const heng_snapshot *snapshot,
                                 heng_error *reterr) {
    reacher->everybody = true;
    reacher->row = (heng_scan_row){0}; /* looking it up says what is wrong */
    heng_status status = add_tied(reacher, snapshot, reacher->roles, reterr);
    reacher->everybody = false;
    return status;
}

/* Whether a well-formed record of a category that a rule looks at can concern somebody,
 * and in which roles. */
static bool matters(heng_reacher *reacher, heng_gaze gaze,
                    const heng_snapshot_record *record, uint32_t category) {
    const heng_plan *plan = reacher->plan;
    heng_seen seen;
    return heng_rule_index_has(&plan->index[gaze], category) &&
           heng_seen_record(plan, record, plan->as_of, &seen) &&
           heng_matters_roles(plan, gaze, &seen, plan->as_of, reacher->roles);
}

/* What is damaged is left to the pass that decides, which says so. */
static bool own_matters(heng_reacher *reacher, heng_gaze gaze,
                        const heng_snapshot_record *record, uint32_t category) {
    return (reacher->is_checked ||
            heng_flat_check_record(record->bytes, heng_flat_u32(record->bytes))) &&
           matters(reacher, gaze, record, category);
}

heng_status heng_reach_end(heng_reacher *reacher, heng_error *reterr) {
    heng_str ids[HENG_SCAN_EXPECTED];
    size_t count = reacher->waiting_count;
    heng_status status = HENG_OK;
    for (size_t i = 0; i < count; i++)
        ids[i] = reacher->waiting[i].id;
    if (count > 0)
        heng_scan_expect_ties(reacher->scan, ids, count);
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        const heng_reach_waiting *next = &reacher->waiting[i];
        heng_snapshot snapshot = {.id = next->id, .subject = next->subject};
        heng_arena_reset(reacher->arena);
        reacher->row = next->row;
        status = add_tied(
            reacher, &snapshot,
            reacher->roles + heng_plan_role_words(reacher->plan) * (i + 1), reterr);
    }
    reacher->waiting_count = 0;
    return status;
}

static void reach_named(heng_reacher *reacher, const heng_snapshot *snapshot) {
    for (size_t i = 0; i < snapshot->record_count; i++) {
        const uint8_t *record = snapshot->records[i].bytes;
        uint32_t category =
            heng_plan_category(reacher->plan, heng_flat_u32(record + 4));
        if (category == HENG_NONE || heng_flat_party_count(record) == 0)
            continue;
        clear_roles(reacher);
        if (own_matters(reacher, HENG_GAZE_NAMED, &snapshot->records[i], category))
            add_parties(reacher, snapshot, record);
    }
}

static heng_status reach_tied(heng_reacher *reacher, const heng_snapshot *snapshot,
                              heng_error *reterr) {
    bool found = false;
    clear_roles(reacher);
    for (size_t i = 0; i < snapshot->record_count; i++) {
        const uint8_t *record = snapshot->records[i].bytes;
        uint32_t category =
            heng_plan_category(reacher->plan, heng_flat_u32(record + 4));
        found =
            (category != HENG_NONE && own_matters(reacher, HENG_GAZE_THROUGH,
                                                  &snapshot->records[i], category)) ||
            found;
    }
    if (!found)
        return HENG_OK;
    if (reacher->scan == NULL || !heng_scan_lasts(reacher->scan))
        return add_tied(reacher, snapshot, reacher->roles, reterr);
    size_t words = heng_plan_role_words(reacher->plan);
    reacher->waiting[reacher->waiting_count++] =
        (heng_reach_waiting){snapshot->id, snapshot->subject, reacher->row};
    memcpy(reacher->roles + words * reacher->waiting_count, reacher->roles,
           words * sizeof *reacher->roles);
    return reacher->waiting_count == HENG_SCAN_EXPECTED
               ? heng_reach_end(reacher, reterr)
               : HENG_OK;
}

heng_status heng_reach_from(heng_reacher *reacher, const heng_snapshot *snapshot,
                            heng_error *reterr) {
    const heng_plan *plan = reacher->plan;
    if (reacher->named != NULL && plan->index[HENG_GAZE_NAMED].rule_count > 0)
        reach_named(reacher, snapshot);
    bool asked = reacher->tied != NULL || reacher->met != NULL;
    return asked && plan->index[HENG_GAZE_THROUGH].rule_count > 0
               ? reach_tied(reacher, snapshot, reterr)
               : HENG_OK;
}

/* Of ten records that name somebody nine do so in a role that no rule asks for. */
bool heng_reach_may_name(void *context, const uint8_t *record, size_t len) {
    const heng_plan *plan = ((const heng_reacher *)context)->plan;
    uint32_t category = heng_plan_category(plan, heng_flat_u32(record + 4));
    size_t count = heng_flat_party_count(record);
    if (category == HENG_NONE)
        return false;
    if (count > (len - HENG_FLAT_RECORD_BYTES) / HENG_FLAT_PARTY_BYTES)
        return true; /* damaged */
    const uint64_t *roles = heng_plan_roles(plan, HENG_GAZE_NAMED, category);
    for (size_t i = 0; i < count; i++) {
        if (heng_roles_have(roles,
                            heng_plan_role(plan, heng_flat_party_role(record, i))))
            return true;
    }
    return false;
}

bool heng_reach_names(void *context, heng_str party, heng_str owner,
                      const uint8_t *record, size_t len) {
    heng_reacher *reacher = context;
    heng_snapshot_record one = {record, owner};
    uint32_t category = heng_plan_category(reacher->plan, heng_flat_u32(record + 4));
    if (!heng_flat_check_record(record, len))
        return true;
    clear_roles(reacher);
    if (!matters(reacher, HENG_GAZE_NAMED, &one, category))
        return false;
    for (size_t i = 0; i < heng_flat_party_count(record); i++) {
        heng_flat_party named = heng_flat_party_at(record, i);
        if (heng_roles_have(reacher->roles,
                            heng_plan_role(reacher->plan, named.role)) &&
            heng_str_equal(named.id, party))
            return true;
    }
    return false;
}

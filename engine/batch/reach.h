/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach.h: whom the records of others reach.
 *
 * A rule with `through` looks at the records of those tied to the subject. To ask every
 * subject for its ties would be a random read for each. The other way round it is
 * cheap: a record that such a rule can concern is rare, and whoever has it knows, in
 * the same dossier, whom it is tied to. So one pass over the dossiers finds all
 * subjects that must be decided with their ties; all others are decided without.
 *
 * Records that name a party lie in the order of the parties (the table of mentions):
 * for rules with `named_as` that table is gone through beside the dossiers, and
 * heng_reach_names() says which rows of it can concern anybody.
 *
 * INVARIANT: over-approximates only (decide/matters.h).
 */
#ifndef HENG_BATCH_REACH_H
#define HENG_BATCH_REACH_H

#include "batch/id_set.h"
#include "batch/tie_set.h"
#include "decide/plan.h"
#include "heng/decide.h"
#include "heng/error.h"
#include "heng/store.h"
#include "model/snapshot.h"
#include "store/scan.h"

/* A subject with a record that matters to those who look at it. It waits to be asked
 * for its ties until there are HENG_SCAN_EXPECTED of such. */
typedef struct heng_reach_waiting {
    heng_str id;
    const uint8_t *subject;
    heng_scan_row row;
} heng_reach_waiting;

/** Where one thread collects. */
typedef struct heng_reacher {
    const heng_plan *plan;
    heng_view *view;
    heng_arena *arena;  /* reset by the caller */
    heng_id_set *tied;  /* who looks at it through a tie; NULL: not asked for … */
    heng_tie_set *met;  /* … or with the ties; NULL */
    heng_scan_row row;  /* of the subject whose records are looked at, for `met` */
    heng_scan *scan;    /* through which ties are looked up; NULL: through the view */
    heng_id_set *named; /* whom its records name; NULL: not asked for */
    bool everybody;     /* whatever the role and the days of a tie */
    bool is_checked;    /* the snapshots' objects are well-formed */
    uint64_t *roles;    /* room for heng_reach_role_words() */
    size_t waiting_count;
    heng_reach_waiting waiting[HENG_SCAN_EXPECTED];
} heng_reacher;

/** For heng_scan_mentions(): the categories of the records at which rules of that gaze
 * look. */
heng_categories heng_reach_categories(const heng_plan *plan, heng_gaze gaze);

/** For heng_scan_narrow(): the same, whatever the kind of the subject. */
heng_sought heng_reach_sought(const heng_plan *plan, heng_gaze gaze);

/** For heng_scan_narrow(): the categories of a subject's own records at which rules
 * about its kind look; of those who are not told by their kind, all. */
heng_sought heng_reach_own(const heng_plan *plan);

/** How many numbers `roles` must hold: a bit for each role word of the plan, for the
 * subject that is looked at and for each that waits. */
size_t heng_reach_role_words(const heng_plan *plan);

/** Adds all whom the records of this subject reach; with a scan whose snapshots last
 * some of them only when heng_reach_end() comes. */
heng_status heng_reach_from(heng_reacher *reacher, const heng_snapshot *snapshot,
                            heng_error *reterr) HENG_NODISCARD;

/** Adds those who wait. */
heng_status heng_reach_end(heng_reacher *reacher, heng_error *reterr) HENG_NODISCARD;

/** Adds all to whom the subject is tied: for one whose records cannot be looked at. */
heng_status heng_reach_everybody(heng_reacher *reacher, const heng_snapshot *snapshot,
                                 heng_error *reterr) HENG_NODISCARD;

/** For heng_scan_mentions(), with a heng_reacher as its context: whether a record can
 * concern anybody whom it names, by category and roles alone … */
bool heng_reach_may_name(void *reacher, const uint8_t *record, size_t len);

/** … and whether one of `owner` that names `party` can concern it. */
bool heng_reach_names(void *reacher, heng_str party, heng_str owner,
                      const uint8_t *record, size_t len);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h: subjects in the order of their ids, as snapshots, for batch: one pass over
 * the dossiers, or their outlines. Nothing is copied, and once warm nothing is
 * allocated.
 *
 * Subjects without records are not touched unless HENG_SCAN_ALL asks for them, or they
 * are on the list of those wanted. Ties and mentions are random reads, so only those on
 * that list get them, each what is wanted of it, unless HENG_SCAN_REST asks for
 * everybody's.
 */
#ifndef HENG_STORE_SCAN_H
#define HENG_STORE_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/store.h"
#include "heng/str.h"
#include "model/gist.h"
#include "model/snapshot.h"
#include "store/categories.h"

typedef struct heng_scan heng_scan;

/** Subjects that a scan is told of together, before it looks them up. */
enum { HENG_SCAN_EXPECTED = 16 };

/** A row of the dossiers or outlines, in the map: it lies there as long as the view. */
typedef struct heng_scan_row {
    const uint8_t *bytes; /* NULL: none */
    size_t len;
} heng_scan_row;

/** A tie of `whose` that was met from its other end, by a scan of the same table and
 * commit. As heng_snapshot_tie. */
typedef struct heng_met_tie {
    heng_str whose;
    heng_str other;
    heng_scan_row row; /* of the other */
    uint32_t role;
    heng_date from, to;
    bool reversed;
} heng_met_tie;

/** A subject that is handed out whether it has records or not, with `what`
 * (HENG_VIEW_*). */
typedef struct heng_wanted {
    heng_str id;
    unsigned what;
    const heng_met_tie *ties; /* instead of all its ties, in the order of snapshots;
                                 NULL: they are looked up as `what` says */
    size_t tie_count;
} heng_wanted;

/** Beside HENG_VIEW_*. */
enum {
    HENG_SCAN_ALL = 16,       /* also subjects without records */
    HENG_SCAN_REST = 32,      /* ties and mentions, as HENG_VIEW_* say, for everybody */
    HENG_SCAN_OUTLINES = 128, /* subjects and own records may lack their particulars
                                 (heng_flat_outline_*()), those without a dossier also
                                 relations: far less memory to wait for */
    HENG_SCAN_HEADS = 64 /* for whoever looks for few: of records of the newest state
                            only the fixed head may be read, and nothing of the subject,
                            until that one has checked them (heng_flat_check_*()). With
                            HENG_SCAN_OUTLINES all may be read, as ever */
};

/** @param what  HENG_VIEW_* and HENG_SCAN_*. Begin with heng_scan_range(). */
heng_status heng_scan_open(heng_view *view, unsigned what, heng_scan **ret_scan,
                           heng_error *reterr) HENG_NODISCARD;

/**
 * From the next range on only hands out, of those with records, whoever has one whose
 * category is sought, is wanted, or is named; and more. Others cost next to nothing.
 * Not where the view looks back: there all are handed out. Kinds are told apart only
 * with HENG_SCAN_OUTLINES; else what is sought of kind 0 is sought of all.
 */
void heng_scan_narrow(heng_scan *scan, const heng_sought *sought);

/** Of a record that names somebody, before it is told whom. */
typedef bool heng_scan_glances(void *context, const uint8_t *record, size_t len);
typedef bool heng_scan_cares(void *context, heng_str party, heng_str owner,
                             const uint8_t *record, size_t len);

/**
 * From the next range on also hands out everybody whom a record of another names, with
 * those records: those of the categories for which
 * `glances` and then `cares` say so. They lie in the order of the ids of those they
 * name, so this is one more table to go through beside the others, and no look-up.
 *
 * @param glances  says of nearly all that they are not wanted, by the record alone,
 *                 whose flat head is there; nothing more of its `len` bytes was
 *                 checked, in either question.
 * @param cares    says of the others whether they are wanted. What is damaged is:
 *                 reading it says so. Neither is asked where the view looks back: then
 *                 all are handed out.
 */
heng_status heng_scan_mentions(heng_scan *scan, const heng_categories *categories,
                               heng_scan_glances *glances, heng_scan_cares *cares,
                               void *context, heng_error *reterr) HENG_NODISCARD;

/** Whether what snapshots point to lives as long as the view, but for their arrays and
 * the subjects without records. */
bool heng_scan_lasts(const heng_scan *scan);

/** NULL is a no-op. Close it before its view. */
void heng_scan_close(heng_scan *scan);

/**
 * Goes to a range of ids. Ranges let several threads share the work, each with its own
 * view and scan.
 *
 * @param after   begins with the first id after this one; empty: with the first.
 * Copied.
 * @param last    ends with the last id not after this one; empty: with the last.
 * Copied.
 * @param wanted  in ascending order of ids, each once, within the range. Borrowed until
 *                the range ends.
 */
heng_status heng_scan_range(heng_scan *scan, heng_str after, heng_str last,
                            const heng_wanted *wanted, size_t wanted_count,
                            heng_error *reterr) HENG_NODISCARD;

/**
 * The next subject. `subject` is NULL where there is no subject line.
 *
 * @param ret_snapshot  NULL at the end; else valid until the next call.
 * @return HENG_OK, at the end too, and where a subject has more records or ties than
 * one can have (`too_much` of the snapshot then says so); HENG_ERR_STORE;
 * HENG_ERR_NOMEM.
 */
heng_status heng_scan_next(heng_scan *scan, const heng_snapshot **ret_snapshot,
                           heng_error *reterr) HENG_NODISCARD;

/** Whether a subject without records is passed by. `subject` is its outline; or NULL,
 * and `head` the head of its gist. */
typedef bool heng_scan_passes(void *context, heng_str id, const uint8_t *subject,
                              const heng_gist_head *head);

/**
 * With HENG_SCAN_ALL and HENG_SCAN_OUTLINES: passes by the subjects without records
 * that come next, as long as `passes` says so. heng_scan_next() then hands out the
 * first that is not passed by.
 *
 * @param attributes  whether `passes` looks at attributes: it gets outlines then.
 */
heng_status heng_scan_pass(heng_scan *scan, bool attributes, heng_scan_passes *passes,
                           void *context, heng_error *reterr) HENG_NODISCARD;

/** The row of the subject handed out last; none where it has none, or the view looks
 * back. */
heng_scan_row heng_scan_get_row(const heng_scan *scan);

/** As heng_view_snapshot(), but a subject with more records or ties than one can have
 * is handed out as heng_scan_next() does. @param id  must live as long as the snapshot.
 */
heng_status heng_scan_one(heng_view *view, heng_str id, unsigned what,
                          heng_arena *arena, const heng_snapshot **ret_snapshot,
                          heng_error *reterr) HENG_NODISCARD;

/** Fills in who is tied to the subject of a snapshot, declared by either side, without
 * their records, however many there are. In `arena`, in no order. */
heng_status heng_scan_ties(heng_view *view, heng_arena *arena, heng_snapshot *snapshot,
                           heng_error *reterr) HENG_NODISCARD;

/** The same through a scan, which looks them up sooner; its range goes on where it is.
 */
heng_status heng_scan_find_ties(heng_scan *scan, heng_arena *arena,
                                heng_snapshot *snapshot,
                                heng_error *reterr) HENG_NODISCARD;

/** Has the memory fetch what heng_scan_find_ties() will read of some subjects, who are
 * then asked for soon. At most HENG_SCAN_EXPECTED of them count. */
void heng_scan_expect_ties(heng_scan *scan, const heng_str *ids, size_t count);

/**
 * Ids that cut the table of the scan into pieces of a few hundred to a few thousand
 * subjects, ascending; none where it is small.
 *
 * @param what     HENG_SCAN_ALL: all subjects; else those with records. With
 *                 HENG_SCAN_OUTLINES these by the pages of the outlines.
 * @param ret_ids  in `arena`.
 */
heng_status heng_scan_cuts(heng_view *view, unsigned what, heng_arena *arena,
                           heng_str **ret_ids, size_t *ret_count,
                           heng_error *reterr) HENG_NODISCARD;

#endif

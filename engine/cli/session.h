/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h: what most commands begin with: the ruleset, the store, the day, a view,
 * and one subject decided. Every step says itself what is wrong and gives the exit
 * status to end with, HENG_EXIT_FINE to go on.
 */
#ifndef HENG_CLI_SESSION_H
#define HENG_CLI_SESSION_H

#include "cli/command.h"
#include "heng/arena.h"
#include "heng/decide.h"
#include "heng/diag.h"
#include "heng/ruleset.h"
#include "heng/store.h"
#include "model/snapshot.h"
#include "report/layout.h"
#include "report/render.h"

typedef struct heng_session {
    const heng_cli *cli;
    const char *rules_path, *db_path;
    heng_diags *diags;
    heng_ruleset *ruleset;
    heng_store *store;
    heng_view *view;
    heng_overlay *overlay;
    heng_date as_of;
    bool has_known_at;
    int64_t known_at;  /* what the answer's knowledge is of */
    heng_arena *arena; /* a snapshot, and texts of its rendering */
    heng_plan *plan;
    heng_worker *worker;
    heng_snapshot *snapshot;
    const heng_decision *decision;
} heng_session;

void heng_session_init(heng_session *session, const heng_cli *cli);
void heng_session_done(heng_session *session);

/** Loads the ruleset; its problems go to standard error. */
int heng_session_rules(heng_session *session);

/** The same from a folder or file that was named. */
int heng_session_rules_at(heng_session *session, const char *path);

/** Opens the store. */
int heng_session_store(heng_session *session, heng_store_mode mode);

/** Opens the store for writing, or, where that may not be, for reading: `ret_why` then
 * says why. */
int heng_session_store_either(heng_session *session, bool *ret_writable,
                              heng_error *ret_why);

/** The as-of day: --as-of, or today in the ruleset's time zone. */
int heng_session_day(heng_session *session);

/** A view of the newest state, or of --known-at. */
int heng_session_view(heng_session *session);

/** Binds the ruleset to the view (and what is supposed) for the day. */
int heng_session_plan(heng_session *session);

/** The index of --matter in the ruleset; UINT32_MAX without one. */
int heng_session_matter(heng_session *session, uint32_t *ret_matter);

/** --suppose and --with, for one subject. */
int heng_session_suppose(heng_session *session, heng_str subject);

/** All of the above, then the decision about `subject` with its whole justification.
 * HENG_EXIT_UNKNOWN where nothing is known of it. */
int heng_session_decide(heng_session *session, heng_str subject);

/** The decision about a subject by a plan that is there: nothing but its snapshot is
 * read. */
int heng_session_decide_one(heng_session *session, heng_str subject, uint32_t matter);

/** What the reporting floor needs to tell the decision. JSON speaks Chinese unless
 * --lang was given, so that equal inputs give equal bytes whatever the locale. */
heng_render heng_session_render(const heng_session *session, bool is_json);

/** For text on standard output. */
heng_layout heng_session_layout(const heng_session *session, heng_buffer *out);

/** Prints `out` and its failure; `status` where all went well. */
int heng_session_print(heng_buffer *out, int status);

/** 0, 2 or 4: what a decision's verdicts mean for the exit status. */
int heng_session_verdict_status(const heng_decision *decision);

/** A usage error: there is no such thing in the ruleset; with what was probably meant.
 */
int heng_session_unknown(const heng_session *session, const char *what,
                         const char *word, const heng_str *names, size_t count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* session.c: from a command line to a decision. */
#include "cli/session.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/near.h"
#include "cli/clock.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/stranger.h"
#include "ruleset/linked.h"

#define DEFAULT_RULES "rules"
#define DEFAULT_DB "heng.db"

void heng_session_init(heng_session *session, const heng_cli *cli) {
    *session = (heng_session){.cli = cli};
}

void heng_session_done(heng_session *session) {
    heng_worker_free(session->worker);
    heng_plan_free(session->plan);
    heng_overlay_free(session->overlay);
    heng_arena_free(session->arena);
    if (session->view != NULL)
        heng_view_close(session->view);
    heng_store_close(session->store);
    heng_ruleset_free(session->ruleset);
    heng_diags_free(session->diags);
    *session = (heng_session){0};
}

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

static bool exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

/* ---- ruleset ---- */

static const char *find_rules(const heng_cli *cli) {
    const char *given = heng_options_get(cli, "rules");
    if (given == NULL)
        given = environment("HENG_RULES");
    if (given != NULL)
        return given;
    if (exists(DEFAULT_RULES))
        return DEFAULT_RULES;
    return exists(HENG_RULES_DIR) ? HENG_RULES_DIR : NULL;
}

static int fail_rules(heng_session *session, heng_status status,
                      const heng_error *error) {
    if (status != HENG_ERR_RULESET)
        return heng_output_error(error);
    for (size_t i = 0; i < heng_diags_count(session->diags); i++)
        heng_diag_render(heng_diags_get(session->diags, i), session->cli->color_err,
                         heng_output_err_piece, NULL);
    size_t errors = heng_diags_error_count(session->diags);
    (void)heng_output_fail("the ruleset `%s` has %zu error%s; nothing was decided",
                           session->rules_path, errors, errors == 1 ? "" : "s");
    return HENG_EXIT_RULESET;
}

int heng_session_rules(heng_session *session) {
    const char *path = find_rules(session->cli);
    if (path == NULL)
        return heng_output_fail("no ruleset: there is no folder ./" DEFAULT_RULES
                                " here; name one with --rules DIR or HENG_RULES");
    return heng_session_rules_at(session, path);
}

int heng_session_rules_at(heng_session *session, const char *path) {
    heng_error error = {0};
    session->rules_path = path;
    session->diags = heng_diags_new();
    if (session->diags == NULL)
        return heng_output_fail("out of memory");
    heng_status status = heng_ruleset_load(session->rules_path, session->diags,
                                           &session->ruleset, &error);
    return status == HENG_OK ? HENG_EXIT_FINE : fail_rules(session, status, &error);
}

/* ---- store ---- */

static void find_store(heng_session *session) {
    const char *given = heng_options_get(session->cli, "db");
    if (given == NULL)
        given = environment("HENG_DB");
    session->db_path = given != NULL ? given : DEFAULT_DB;
}

int heng_session_store(heng_session *session, heng_store_mode mode) {
    heng_error error = {0};
    find_store(session);
    if (heng_store_open(session->db_path, mode, &session->store, &error) != HENG_OK)
        return heng_output_error(&error);
    return HENG_EXIT_FINE;
}

int heng_session_store_either(heng_session *session, bool *ret_writable,
                              heng_error *ret_why) {
    find_store(session);
    heng_status status =
        heng_store_open(session->db_path, HENG_STORE_WRITE, &session->store, ret_why);
    *ret_writable = status == HENG_OK;
    if (status == HENG_ERR_IO)
        return heng_session_store(session, HENG_STORE_READ);
    return status == HENG_OK ? HENG_EXIT_FINE : heng_output_error(ret_why);
}

int heng_session_day(heng_session *session) {
    heng_error error = {0};
    const char *given = heng_options_get(session->cli, "as-of");
    if (given != NULL) {
        if (heng_date_parse(heng_str_of(given), &session->as_of))
            return HENG_EXIT_FINE;
        return heng_output_usage(session->cli->command,
                                 "option `--as-of` is `%s`, expected a day such as "
                                 "2026-05-01, from 1900-01-01 to 2200-12-31",
                                 given);
    }
    if (heng_clock_day(heng_ruleset_time_zone(session->ruleset), heng_clock_now(),
                       &session->as_of, &error) != HENG_OK)
        return heng_output_error(&error);
    return HENG_EXIT_FINE;
}

/* The moment of --known-at; a day means its end. */
static int read_known_at(const heng_session *session, const char *given,
                         int64_t *ret_ms) {
    heng_error error = {0};
    heng_date day;
    if (heng_clock_parse(heng_str_of(given), ret_ms))
        return HENG_EXIT_FINE;
    if (!heng_date_parse(heng_str_of(given), &day))
        return heng_output_usage(session->cli->command,
                                 "option `--known-at` is `%s`, expected a day such as "
                                 "2026-05-01 or a time such as "
                                 "2026-05-01T11:00:00+08:00",
                                 given);
    if (heng_clock_day_end(heng_ruleset_time_zone(session->ruleset), day, ret_ms,
                           &error) != HENG_OK)
        return heng_output_error(&error);
    return HENG_EXIT_FINE;
}

int heng_session_view(heng_session *session) {
    heng_error error = {0};
    int64_t asked = 0;
    const char *given = heng_options_get(session->cli, "known-at");
    int status = given == NULL ? HENG_EXIT_FINE : read_known_at(session, given, &asked);
    if (status != HENG_EXIT_FINE)
        return status;
    if (heng_view_open(session->store, &session->view, &error) != HENG_OK)
        return heng_output_error(&error);
    if (given != NULL && heng_view_known_at(session->view, asked, &error) != HENG_OK)
        return heng_output_error(&error);
    session->has_known_at = heng_view_commit(session->view) != 0;
    session->known_at = heng_view_commit_time(session->view);
    /* A moment still to come would promise what nobody knows yet; the answer then says
     * which commit it rests on. */
    if (given != NULL && session->has_known_at && asked <= heng_clock_now())
        session->known_at = asked;
    return HENG_EXIT_FINE;
}

/* ---- names of the ruleset ---- */

int heng_session_unknown(const heng_session *session, const char *what,
                         const char *word, const heng_str *names, size_t count) {
    size_t near = 0;
    if (heng_near_find(heng_str_of(word), names, count, &near))
        return heng_output_usage(session->cli->command,
                                 "there is no %s `%s` in the ruleset (did you mean "
                                 "`%.*s`?); `heng find TEXT` looks for them",
                                 what, word, HENG_STR_ARG(names[near]));
    return heng_output_usage(session->cli->command,
                             "there is no %s `%s` in the ruleset; `heng find TEXT` "
                             "looks for them",
                             what, word);
}

int heng_session_matter(heng_session *session, uint32_t *ret_matter) {
    const heng_ruleset *ruleset = session->ruleset;
    const char *word = heng_options_get(session->cli, "matter");
    *ret_matter = UINT32_MAX;
    if (word == NULL)
        return HENG_EXIT_FINE;
    const heng_matter *matter = heng_ruleset_find_matter(ruleset, heng_str_of(word));
    if (matter != NULL) {
        *ret_matter = (uint32_t)(matter - ruleset->matters);
        return HENG_EXIT_FINE;
    }
    heng_str *names = heng_alloc_zero(ruleset->matter_count + 1, sizeof *names);
    if (names == NULL)
        return heng_output_fail("out of memory");
    for (size_t i = 0; i < ruleset->matter_count; i++)
        names[i] = ruleset->matters[i].id;
    int status =
        heng_session_unknown(session, "matter", word, names, ruleset->matter_count);
    heng_alloc_free(names);
    return status;
}

/* ---- what is supposed ---- */

static int suppose_file(heng_session *session, const char *path) {
    heng_error error = {0};
    char *bytes = NULL;
    size_t len = 0;
    heng_status status =
        heng_file_read(path, HENG_LIMIT_OVERLAY_BYTES, &bytes, &len, &error);
    if (status == HENG_OK)
        status = heng_overlay_add(session->overlay, path, bytes, len, &error);
    heng_alloc_free(bytes);
    return status == HENG_OK ? HENG_EXIT_FINE : heng_output_error(&error);
}

static int suppose_tie(heng_session *session, heng_str subject, const char *given) {
    heng_error error = {0};
    const char *equals = strchr(given, '=');
    if (equals == NULL || equals == given || equals[1] == '\0')
        return heng_output_usage(session->cli->command,
                                 "option `--with` is `%s`, expected ROLE=ID, such as "
                                 "legal_representative=P-0001",
                                 given);
    heng_str role = {given, (size_t)(equals - given)};
    if (heng_overlay_tie(session->overlay, subject, role, heng_str_of(equals + 1),
                         &error) != HENG_OK)
        return heng_output_error(&error);
    return HENG_EXIT_FINE;
}

int heng_session_suppose(heng_session *session, heng_str subject) {
    const heng_cli *cli = session->cli;
    heng_error error = {0};
    int status = HENG_EXIT_FINE;
    if (heng_options_get(cli, "suppose") == NULL &&
        heng_options_get(cli, "with") == NULL)
        return HENG_EXIT_FINE;
    if (heng_overlay_new(heng_ruleset_catalog(session->ruleset), &session->overlay,
                         &error) != HENG_OK)
        return heng_output_error(&error);
    for (size_t i = 0; status == HENG_EXIT_FINE; i++) {
        const char *path = heng_options_get_at(cli, "suppose", i);
        if (path == NULL)
            break;
        status = suppose_file(session, path);
    }
    for (size_t i = 0; status == HENG_EXIT_FINE; i++) {
        const char *given = heng_options_get_at(cli, "with", i);
        if (given == NULL)
            break;
        status = suppose_tie(session, subject, given);
    }
    return status;
}

/* ---- deciding ---- */

int heng_session_plan(heng_session *session) {
    heng_error error = {0};
    const struct heng_names *names = heng_view_names(session->view);
    heng_status status = HENG_OK;
    if (session->overlay != NULL)
        status = heng_overlay_names(session->overlay, session->view, &names, &error);
    if (status == HENG_OK)
        status = heng_plan_new(session->ruleset, names, session->as_of, &session->plan,
                               &error);
    if (status != HENG_OK)
        return heng_output_error(&error);
    session->worker = heng_worker_new();
    session->arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    if (session->worker == NULL || session->arena == NULL)
        return heng_output_fail("out of memory");
    return HENG_EXIT_FINE;
}

static int take_snapshot(heng_session *session, heng_str subject) {
    heng_error error = {0};
    unsigned what = heng_plan_needs(session->plan);
    heng_status status = HENG_ERR_NOT_FOUND;
    if (subject.len <= HENG_LIMIT_SUBJECT_ID_BYTES && subject.len > 0)
        status =
            session->overlay != NULL
                ? heng_overlay_snapshot(session->overlay, session->view, subject, what,
                                        session->arena, &session->snapshot, &error)
                : heng_view_snapshot(session->view, subject, what, session->arena,
                                     &session->snapshot, &error);
    if (status == HENG_ERR_NOT_FOUND)
        return heng_stranger_tell(session, subject);
    if (status == HENG_OK && session->snapshot->subject == NULL)
        return heng_stranger_tell_nameless(session, subject);
    return status == HENG_OK ? HENG_EXIT_FINE : heng_output_error(&error);
}

int heng_session_decide(heng_session *session, heng_str subject) {
    uint32_t matter = UINT32_MAX;
    int status = heng_session_matter(session, &matter);
    if (status == HENG_EXIT_FINE)
        status = heng_session_day(session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_store(session, HENG_STORE_READ);
    if (status == HENG_EXIT_FINE)
        status = heng_session_view(session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_suppose(session, subject);
    if (status == HENG_EXIT_FINE)
        status = heng_session_plan(session);
    return status == HENG_EXIT_FINE ? heng_session_decide_one(session, subject, matter)
                                    : status;
}

int heng_session_decide_one(heng_session *session, heng_str subject, uint32_t matter) {
    heng_error error = {0};
    int status = take_snapshot(session, subject);
    if (status != HENG_EXIT_FINE)
        return status;
    if (heng_decide(session->plan, session->worker, session->snapshot, matter,
                    HENG_DECIDE_FULL | HENG_DECIDE_EXACT_DAYS, &session->decision,
                    &error) != HENG_OK)
        return heng_output_error(&error);
    return HENG_EXIT_FINE;
}

int heng_session_verdict_status(const heng_decision *decision) {
    bool found = false;
    if (decision->out_of_scope)
        return HENG_EXIT_UNKNOWN;
    size_t count = decision->matter != UINT32_MAX ? 1 : decision->verdict_count;
    for (size_t i = 0; i < count; i++) {
        heng_verdict verdict = decision->matter != UINT32_MAX
                                   ? decision->verdict
                                   : decision->verdicts[i].verdict;
        if (verdict == HENG_VERDICT_UNDETERMINED ||
            verdict == HENG_VERDICT_OUT_OF_SCOPE)
            return HENG_EXIT_UNKNOWN;
        found =
            found || verdict == HENG_VERDICT_BLOCKED || verdict == HENG_VERDICT_CAUTION;
    }
    return found ? HENG_EXIT_FOUND : HENG_EXIT_FINE;
}

/* ---- telling ---- */

heng_render heng_session_render(const heng_session *session, bool is_json) {
    const heng_cli *cli = session->cli;
    return (heng_render){
        .ruleset = session->ruleset,
        .plan = session->plan,
        .worker = session->worker,
        .snapshot = session->snapshot,
        .decision = session->decision,
        .has_known_at = session->has_known_at,
        .known_at = session->known_at,
        .supposed = session->overlay != NULL,
        .unmask = heng_options_get(cli, "unmask") != NULL,
        .lang = is_json && !cli->lang_given ? HENG_LANG_ZH : cli->lang,
        .arena = session->arena,
    };
}

heng_layout heng_session_layout(const heng_session *session, heng_buffer *out) {
    return (heng_layout){.out = out,
                         .arena = session->arena,
                         .width = heng_output_width(),
                         .color = session->cli->color};
}

int heng_session_print(heng_buffer *out, int status) {
    heng_status made = heng_buffer_status(out);
    if (made != HENG_OK)
        return heng_output_fail("the answer could not be written: %s",
                                heng_status_text(made));
    heng_output_write(heng_buffer_view(out));
    return heng_output_finish() ? status : HENG_EXIT_FAILED;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* eval_subject.c: what an expression sees of a subject of the store. */
#include "cli/eval_subject.h"

#include "cli/options.h"
#include "cli/output.h"
#include "decide/ask.h"

int heng_eval_subject_check(const heng_cli *cli) {
    static const char *const needing[] = {"record", "as-of", "known-at", "unmask"};
    if (heng_options_get(cli, "subject") != NULL)
        return HENG_EXIT_FINE;
    for (size_t i = 0; i < sizeof needing / sizeof needing[0]; i++) {
        if (heng_options_get(cli, needing[i]) != NULL)
            return heng_output_usage(cli->command,
                                     "option `--%s` says something only about the "
                                     "subject of --subject",
                                     needing[i]);
    }
    return HENG_EXIT_FINE;
}

/* A record that no rule would be shown, or not like this. */
static void note_oddity(const heng_cli *cli, const char *id, const heng_seen *seen) {
    switch (seen->unusable) {
    case HENG_USABLE:
        if (seen->disputed)
            heng_output_note(cli,
                             "the record `%s` is disputed on that day; it is shown as "
                             "where the dispute is left aside",
                             id);
        break;
    case HENG_UNUSABLE_FUTURE:
        heng_output_note(
            cli, "no rule looks at the record `%s` on that day: it is decided later",
            id);
        break;
    case HENG_UNUSABLE_USE_LIMIT:
        heng_output_note(
            cli, "no rule looks at the record `%s` on that day: its use limit is past",
            id);
        break;
    case HENG_UNUSABLE_REPAIRED:
        heng_output_note(cli,
                         "the record `%s` is repaired on that day: only rules with "
                         "`on_repair: stays` look at it",
                         id);
        break;
    case HENG_UNUSABLE_REVOKED:
        heng_output_note(cli, "no rule looks at the record `%s`: it is revoked", id);
        break;
    }
}

static int fill(heng_session *session, heng_cel_value *ret_values) {
    heng_error error = {0};
    const heng_seen *seen = NULL;
    const char *record = heng_options_get(session->cli, "record");
    heng_status status = heng_ask_values(
        session->plan, session->worker, session->snapshot,
        heng_str_of(record == NULL ? "" : record), ret_values, &seen, &error);
    if (status != HENG_OK)
        return heng_output_error(&error);
    if (seen != NULL)
        note_oddity(session->cli, record, seen);
    return HENG_EXIT_FINE;
}

int heng_eval_subject_open(heng_session *session, heng_arena *arena, heng_cel_env *env,
                           heng_cel_value *ret_values) {
    const heng_cli *cli = session->cli;
    int status = heng_session_rules(session);
    if (status == HENG_EXIT_FINE)
        status =
            heng_session_decide(session, heng_str_of(heng_options_get(cli, "subject")));
    if (status != HENG_EXIT_FINE)
        return status;
    if (session->decision->out_of_scope) {
        (void)heng_output_fail(
            "the subject is out of scope on that day: a person under "
            "18, or not of full capacity, of whom no rule speaks");
        return HENG_EXIT_UNKNOWN;
    }
    if (heng_ask_declare(session->plan, arena, env) != HENG_OK)
        return heng_output_fail("out of memory");
    return fill(session, ret_values);
}

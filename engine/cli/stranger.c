/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stranger.c: an unknown subject: is the id mistyped, or is it new?
 *
 * Ids that share their beginning are looked at, which costs a few reads. Identity
 * numbers of persons are never suggested: that would give them away.
 */
#include "cli/stranger.h"

#include <string.h>

#include "base/near.h"
#include "cli/output.h"
#include "model/identity.h"

enum { SHOWN_MAX = 3, LOOKED_AT_MAX = 200, EDITS_MAX = 2, SHORTEST_START = 4 };

static void say_form(heng_str id) {
    const char *reason = NULL;
    bool fits = false;
    switch (heng_identity_form_of(id)) {
    case HENG_IDENTITY_WRONG:
        (void)heng_identity_check(HENG_LEGAL_PERSON, id, &reason, NULL);
        (void)heng_output_fail("the id fits no form: %s",
                               reason == NULL ? "unknown form" : reason);
        break;
    case HENG_IDENTITY_USCC:
        (void)heng_identity_check(HENG_LEGAL_PERSON, id, NULL, &fits);
        if (!fits)
            (void)heng_output_fail("its check characters do not fit: perhaps a slip of "
                                   "the pen");
        break;
    case HENG_IDENTITY_NUMBER:
        (void)heng_identity_check(HENG_NATURAL_PERSON, id, NULL, &fits);
        if (!fits)
            (void)heng_output_fail("its check character does not fit: perhaps a slip "
                                   "of the pen");
        break;
    case HENG_IDENTITY_OPAQUE:
        break;
    }
}

static bool may_suggest(heng_str id, heng_str other) {
    heng_identity_form form = heng_identity_form_of(other);
    return (form == HENG_IDENTITY_USCC || form == HENG_IDENTITY_OPAQUE) &&
           heng_near_distance(id, other, EDITS_MAX) <= EDITS_MAX;
}

static size_t say_near(heng_session *session, heng_str id, size_t start) {
    heng_error error = {0};
    heng_str at = {id.ptr, start};
    size_t shown = 0;
    for (size_t i = 0; i < LOOKED_AT_MAX && shown < SHOWN_MAX; i++) {
        heng_str next;
        if (heng_view_next_subject(session->view, at, &next, &error) != HENG_OK ||
            next.len < start || memcmp(next.ptr, id.ptr, start) != 0)
            break;
        if (may_suggest(id, next)) {
            (void)heng_output_fail("near it is `%.*s`", HENG_STR_ARG(next));
            shown++;
        }
        at = next;
    }
    return shown;
}

int heng_stranger_tell_nameless(heng_session *session, heng_str id) {
    char masked[HENG_IDENTITY_MASKED_BYTES];
    (void)heng_identity_mask(id, masked);
    (void)heng_output_fail(
        "only records of the subject `%s` are known in the store `%s`, "
        "and no line says what kind of subject it is; import its own "
        "line (type `subject`)",
        masked, session->db_path);
    return HENG_EXIT_UNKNOWN;
}

int heng_stranger_tell(heng_session *session, heng_str id) {
    char masked[HENG_IDENTITY_MASKED_BYTES];
    size_t shown = 0;
    (void)heng_identity_mask(id, masked);
    (void)heng_output_fail("nothing is known of the subject `%s` in the store `%s`",
                           masked, session->db_path);
    say_form(id);
    for (size_t start = id.len > 0 ? id.len - 1 : 0;
         shown == 0 && start >= SHORTEST_START; start--)
        shown = say_near(session, id, start);
    if (shown == 0)
        (void)heng_output_fail("check the id, look for the name with `heng find`, or "
                               "import the subject");
    return HENG_EXIT_UNKNOWN;
}

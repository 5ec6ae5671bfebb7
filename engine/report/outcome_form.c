/* SPDX-License-Identifier: Apache-2.0 */
/* outcome_form.c: ids of measures and rules, quoted. They are of letters that need no
 * escape. */
#include "report/outcome_form.h"

#include "ruleset/linked.h"

static heng_str piece(heng_arena *arena, bool *failed, const char *text) {
    *failed = *failed || text == NULL;
    return *failed ? (heng_str){0} : heng_arena_dup_str(arena, heng_str_of(text));
}

static heng_str measure_piece(heng_arena *arena, heng_str id, heng_state state,
                              bool *failed) {
    return piece(arena, failed,
                 heng_arena_printf(arena, "{\"id\":\"%.*s\",\"state\":\"%s\",\"from\":",
                                   HENG_STR_ARG(id), heng_state_word(state)));
}

static heng_str rule_piece(heng_arena *arena, heng_str id, bool *failed) {
    return piece(arena, failed, heng_arena_printf(arena, "\"%.*s\"", HENG_STR_ARG(id)));
}

static heng_str alone_piece(heng_arena *arena, heng_str id, bool *failed) {
    return piece(arena, failed,
                 heng_arena_printf(arena, ",\"rules\":[\"%.*s\"],\"grounds\":[",
                                   HENG_STR_ARG(id)));
}

const heng_outcome_form *heng_outcome_form_new(const heng_ruleset *ruleset,
                                               heng_arena *arena) {
    bool failed = false;
    heng_outcome_form *form = heng_arena_calloc(arena, 1, sizeof *form);
    heng_str *applies =
        heng_arena_calloc(arena, ruleset->measure_count + 1, sizeof *applies);
    heng_str *suspended =
        heng_arena_calloc(arena, ruleset->measure_count + 1, sizeof *suspended);
    heng_str *rules = heng_arena_calloc(arena, ruleset->rule_count + 1, sizeof *rules);
    heng_str *alone = heng_arena_calloc(arena, ruleset->rule_count + 1, sizeof *alone);
    if (form == NULL || applies == NULL || suspended == NULL || rules == NULL ||
        alone == NULL)
        return NULL;
    for (size_t i = 0; i < ruleset->measure_count; i++) {
        heng_str id = ruleset->measures[i].id;
        applies[i] = measure_piece(arena, id, HENG_STATE_APPLIES, &failed);
        suspended[i] = measure_piece(arena, id, HENG_STATE_SUSPENDED, &failed);
    }
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        heng_str id = ruleset->rules[i].id;
        rules[i] = rule_piece(arena, id, &failed);
        alone[i] = alone_piece(arena, id, &failed);
    }
    *form = (heng_outcome_form){applies, suspended, rules, alone};
    return failed ? NULL : form;
}

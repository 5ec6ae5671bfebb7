/* SPDX-License-Identifier: Apache-2.0 */
/* reason.c: the `reason` of a rule, rendered for one ground. */
#include <string.h>

#include "decide/evaluate.h"
#include "decide/nearly.h"

static const heng_firing NO_FIRING = {0};

static const heng_firing *find_firing(const heng_evaluation *eval,
                                      const heng_finding *finding) {
    for (size_t i = 0; i < eval->active_count; i++) {
        if (eval->actives[i].rule != finding->rule)
            continue;
        for (int pass = 0; pass < HENG_PASSES; pass++) {
            const heng_firing *firing = &eval->actives[i].pass[pass];
            if (firing->grounds == finding->grounds && firing->ground_count > 0)
                return firing;
        }
    }
    return &NO_FIRING;
}

static heng_str piece_text(heng_evaluation *eval, const heng_template_piece *piece) {
    if (piece->program == NULL)
        return piece->text;
    heng_cel_value value = heng_fire_ask(eval, piece->program);
    if (!heng_cel_value_is_error(value))
        return heng_cel_value_text(value, eval->arena);
    /* A reason that cannot be rendered must not hide the decision: say what was asked.
     */
    char *text = heng_arena_printf(eval->arena, "{%.*s}", HENG_STR_ARG(piece->text));
    return text == NULL ? piece->text : heng_str_of(text);
}

heng_str heng_decide_reason(const heng_plan *plan, heng_worker *worker,
                            const heng_snapshot *snapshot, const heng_finding *finding,
                            const heng_ground *ground, int lang) {
    heng_evaluation *eval = worker->last;
    const heng_rule *rule = &plan->ruleset->rules[finding->rule];
    const heng_template *template = &rule->reason[lang == HENG_LANG_EN ? 1 : 0];
    heng_str none = {NULL, 0};
    if (eval == NULL || eval->plan != plan || eval->snapshot != snapshot)
        return none;
    if (template->count == 0)
        template = &rule->reason[lang == HENG_LANG_EN ? 0 : 1];
    if (template->count == 0)
        return none;
    heng_seen *seen =
        ground == NULL ? NULL : heng_nearly_find_seen(eval, ground->record);
    if (seen == NULL)
        return none;
    eval->records = NULL;
    eval->pass = HENG_PASS_FIRST;
    heng_rule_plan reads_all = {.reads_records = true};
    heng_fire_variables(eval, &reads_all, seen, find_firing(eval, finding));

    heng_str *pieces = heng_arena_calloc(eval->arena, template->count, sizeof *pieces);
    size_t len = 0;
    if (pieces == NULL)
        return none;
    for (size_t i = 0; i < template->count; i++) {
        pieces[i] = piece_text(eval, &template->pieces[i]);
        len += pieces[i].len;
    }
    char *text = heng_arena_alloc(eval->arena, len + 1);
    if (text == NULL)
        return none;
    size_t at = 0;
    for (size_t i = 0; i < template->count; i++) {
        if (pieces[i].len > 0)
            memcpy(text + at, pieces[i].ptr, pieces[i].len);
        at += pieces[i].len;
    }
    text[at] = '\0';
    return (heng_str){text, at};
}

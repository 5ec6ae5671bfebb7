/* SPDX-License-Identifier: Apache-2.0 */
/* render_decision_text.c: the decision in the order in which an officer needs it. */
#include "report/render_decision_text.h"

#include <string.h>

#include "report/render_law.h"

enum { HEAD_INDENT = 0, ITEM_INDENT = 1, TABLE_INDENT = 2 };

#define SAY HENG_RENDER_LAW_SAY

static void heading(heng_layout *layout, heng_str text) {
    heng_layout_blank(layout);
    heng_layout_text(layout, HEAD_INDENT, 0, HENG_PAINT_STRONG, text);
}

/* ---- the verdict ---- */

static heng_paint paint_of(heng_verdict verdict) {
    switch (verdict) {
    case HENG_VERDICT_BLOCKED:
        return HENG_PAINT_BAD;
    case HENG_VERDICT_CAUTION:
    case HENG_VERDICT_UNDETERMINED:
    case HENG_VERDICT_OUT_OF_SCOPE:
        return HENG_PAINT_WARN;
    case HENG_VERDICT_CLEAR:
    case HENG_VERDICT_FAVOURED:
        return HENG_PAINT_GOOD;
    }
    return HENG_PAINT_NONE;
}

/* A clear verdict may stand above measures (notices, and what is suspended), and above
 * doubts that bear on no verdict. */
static heng_say clear_phrase(const heng_decision *decision) {
    heng_say phrase = HENG_SAY_CLEAR;
    if (decision->undetermined_count > 0)
        return HENG_SAY_CLEAR_DOUBT;
    for (size_t i = 0; i < decision->measure_count; i++) {
        if (decision->measures[i].state == HENG_STATE_SUSPENDED)
            return HENG_SAY_CLEAR_SUSPENDED;
        phrase = HENG_SAY_CLEAR_NOTICE;
    }
    return phrase;
}

static heng_say verdict_phrase(const heng_decision *decision) {
    switch (decision->verdict) {
    case HENG_VERDICT_BLOCKED:
        return HENG_SAY_BLOCKED;
    case HENG_VERDICT_CAUTION:
        return HENG_SAY_CAUTION;
    case HENG_VERDICT_FAVOURED:
        return HENG_SAY_FAVOURED;
    case HENG_VERDICT_CLEAR:
        return clear_phrase(decision);
    case HENG_VERDICT_OUT_OF_SCOPE:
    case HENG_VERDICT_UNDETERMINED:
        break;
    }
    return HENG_SAY_UNDETERMINED;
}

#define WORD_IN(constant, word, zh, en)                                                \
    case constant:                                                                     \
        return heng_str_of(lang == HENG_LANG_EN ? en : zh);

static heng_str verdict_word(heng_lang lang, heng_verdict verdict) {
    switch (verdict) { HENG_VERDICT_MAP(WORD_IN) }
    return (heng_str){"", 0};
}

static void matter_table(const heng_render *render, heng_layout *layout) {
    const heng_decision *decision = render->decision;
    heng_layout_table table = {.columns = 3};
    heng_layout_row(
        layout, &table,
        (const heng_str[]){heng_render_law_phrase(render, HENG_SAY_MATTER),
                           heng_render_law_phrase(render, HENG_SAY_VERDICT),
                           heng_render_law_phrase(render, HENG_SAY_AUTHORITY)});
    for (size_t i = 0; i < decision->verdict_count; i++) {
        const heng_matter_verdict *entry = &decision->verdicts[i];
        const heng_matter *matter = &render->ruleset->matters[entry->matter];
        heng_layout_row(layout, &table,
                        (const heng_str[]){
                            heng_render_law_titled(render, &matter->title, matter->id),
                            verdict_word(render->lang, entry->verdict),
                            matter->authority});
    }
    heng_layout_blank(layout);
    heng_layout_print(layout, &table, TABLE_INDENT);
}

static void all_matters(const heng_render *render, heng_layout *layout, heng_str who,
                        heng_str day) {
    const heng_decision *decision = render->decision;
    if (decision->verdict_count == 0) {
        bool doubt = decision->undetermined_count > 0;
        heng_layout_text(
            layout, 0, 0, doubt ? HENG_PAINT_WARN : HENG_PAINT_GOOD,
            SAY(render, doubt ? HENG_SAY_ALL_BUT_DOUBT : HENG_SAY_ALL_CLEAR, who, day));
        return;
    }
    heng_layout_text(layout, 0, 0, HENG_PAINT_STRONG,
                     SAY(render, HENG_SAY_SOME, who, day,
                         heng_render_law_count(render, decision->verdict_count)));
    matter_table(render, layout);
}

void heng_render_decision_text_verdict(const heng_render *render, heng_layout *layout) {
    const heng_decision *decision = render->decision;
    heng_str who = heng_render_law_who(render);
    heng_str day = heng_render_date(render, decision->as_of);
    if (decision->out_of_scope) {
        heng_layout_text(layout, 0, 0, HENG_PAINT_WARN,
                         SAY(render, HENG_SAY_OUT_OF_SCOPE, who, day));
    } else if (decision->matter == UINT32_MAX) {
        all_matters(render, layout, who, day);
    } else {
        const heng_matter *matter = &render->ruleset->matters[decision->matter];
        heng_layout_text(layout, 0, 0, paint_of(decision->verdict),
                         SAY(render, verdict_phrase(decision), who,
                             heng_render_law_titled(render, &matter->title, matter->id),
                             day));
    }
    if (render->supposed)
        heng_layout_text(layout, 0, 0, HENG_PAINT_WARN,
                         heng_render_law_phrase(render, HENG_SAY_SUPPOSED));
}

/* ---- measures ---- */

static heng_str effect_text(const heng_render *render, const heng_measure *measure) {
    if (measure->kind != HENG_MEASURE_RESTRICTION)
        return heng_render_law_phrase(render, HENG_SAY_NONE);
    return heng_render_law_phrase(
        render, measure->effect == HENG_EFFECT_BAR ? HENG_SAY_BARS : HENG_SAY_BURDENS);
}

static heng_str open_word(heng_lang lang, heng_open open) {
    switch (open) { HENG_OPEN_MAP(WORD_IN) }
    return (heng_str){"", 0};
}

static heng_str until_text(const heng_render *render, heng_term term) {
    if (heng_date_valid(term.until))
        return heng_render_date(render, term.until);
    heng_str word = open_word(render->lang, term.open);
    return word.len > 0 ? word : heng_render_law_phrase(render, HENG_SAY_NONE);
}

static void measure_table(const heng_render *render, heng_layout *layout) {
    const heng_decision *decision = render->decision;
    heng_layout_table table = {.columns = 7};
    heng_layout_row(layout, &table,
                    (const heng_str[]){heng_render_law_phrase(render, HENG_SAY_MEASURE),
                                       heng_render_law_phrase(render, HENG_SAY_KIND),
                                       heng_render_law_phrase(render, HENG_SAY_EFFECT),
                                       heng_render_law_phrase(render, HENG_SAY_FORCE),
                                       heng_render_law_phrase(render, HENG_SAY_STATE),
                                       heng_render_law_phrase(render, HENG_SAY_FROM),
                                       heng_render_law_phrase(render, HENG_SAY_UNTIL)});
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        const heng_measure *measure = &render->ruleset->measures[applied->measure];
        heng_layout_row(
            layout, &table,
            (const heng_str[]){
                heng_render_law_titled(render, &measure->title, measure->id),
                heng_render_word(render, HENG_WORDS_MEASURE_KIND, (int)measure->kind),
                effect_text(render, measure),
                heng_render_word(render, HENG_WORDS_FORCE, applied->force),
                heng_render_law_state(render, applied->state),
                heng_render_date(render, applied->term.from),
                until_text(render, applied->term)});
    }
    heng_layout_blank(layout);
    heng_layout_print(layout, &table, TABLE_INDENT);
}

static void measure_section(const heng_render *render, heng_layout *layout,
                            size_t number) {
    const heng_applied *applied = &render->decision->measures[number];
    const heng_measure *measure = &render->ruleset->measures[applied->measure];
    char *head = heng_arena_printf(render->arena, "%zu. ", number + 1);
    heng_str title = heng_render_law_titled(render, &measure->title, measure->id);
    if (head == NULL || title.ptr == NULL) {
        heng_buffer_fail(layout->out, HENG_ERR_NOMEM);
        return;
    }
    char *line = heng_arena_printf(render->arena, "%s%.*s", head, HENG_STR_ARG(title));
    heading(layout, line == NULL ? (heng_str){NULL, 1} : heng_str_of(line));
    heng_render_law_field(render, layout, HENG_SAY_L_AUTHORITY, measure->authority);
    if (applied->state == HENG_STATE_SUSPENDED)
        heng_render_law_field(render, layout, HENG_SAY_STATE_LABEL,
                              heng_render_law_phrase(render, HENG_SAY_SUSPENDED));
    for (size_t i = 0; i < applied->because_count; i++) {
        const heng_finding *finding = applied->because[i];
        const heng_rule *rule = &render->ruleset->rules[finding->rule];
        heng_render_law_field(render, layout, HENG_SAY_L_WHY,
                              heng_render_law_titled(render, &rule->title, rule->id));
        heng_render_law_grounds(render, layout, finding);
        heng_render_law_bases(render, layout, rule->bases, rule->basis_count);
    }
    heng_render_law_lifts(render, layout, applied);
    heng_render_law_remedies(render, layout, measure);
}

/* ---- what does not apply ---- */

static void not_applied(const heng_render *render, heng_layout *layout) {
    const heng_decision *decision = render->decision;
    if (decision->not_applied_count == 0)
        return;
    heading(layout, heng_render_law_phrase(render, HENG_SAY_H_NOT_APPLIED));
    for (size_t i = 0; i < decision->not_applied_count; i++) {
        const heng_not_applied *entry = &decision->not_applied[i];
        const heng_measure *measure = &render->ruleset->measures[entry->measure];
        heng_layout_text(layout, ITEM_INDENT, 2, HENG_PAINT_NONE,
                         heng_render_law_titled(render, &measure->title, measure->id));
        for (size_t b = 0; b < entry->because_count; b++) {
            const heng_finding *finding = entry->because[b];
            const heng_rule *rule = &render->ruleset->rules[finding->rule];
            heng_render_law_field(render, layout, HENG_SAY_STATE_LABEL,
                                  heng_render_law_why_not(render, entry->state, finding,
                                                          entry->by_measure));
            heng_render_law_field(
                render, layout, HENG_SAY_L_WHY,
                heng_render_law_titled(render, &rule->title, rule->id));
            if (finding->ground_count > 0)
                heng_render_law_grounds(render, layout, finding);
            if (entry->state == HENG_STATE_EXCEPTED &&
                finding->unless < rule->unless_count) {
                const heng_unless *unless = &rule->unless[finding->unless];
                heng_render_law_bases(render, layout, unless->bases,
                                      unless->basis_count);
            }
        }
    }
}

/* ---- what could not be told ---- */

/* `r.amount` with the title that the catalog gives it. */
static heng_str need_text(const heng_render *render, heng_str need) {
    static const heng_str RECORD = {"r.", 2}, SUBJECT = {"subject.", 8};
    const heng_ruleset *ruleset = render->ruleset;
    bool own =
        need.len > SUBJECT.len && memcmp(need.ptr, SUBJECT.ptr, SUBJECT.len) == 0;
    bool of_record =
        need.len > RECORD.len && memcmp(need.ptr, RECORD.ptr, RECORD.len) == 0;
    size_t skip = own ? SUBJECT.len : of_record ? RECORD.len : need.len;
    heng_str name = {need.ptr + skip, need.len - skip};
    size_t count =
        own ? ruleset->subject_attribute_count : ruleset->record_attribute_count;
    const heng_attribute *const *list =
        own ? ruleset->subject_attributes : ruleset->record_attributes;
    for (size_t i = 0; name.len > 0 && i < count; i++) {
        heng_str title = heng_text_in(&list[i]->title, render->lang);
        if (heng_str_equal(list[i]->name, name) && title.len > 0)
            return SAY(render, HENG_SAY_NEED, need, title);
    }
    return need;
}

static void needs_fields(const heng_render *render, heng_layout *layout,
                         const heng_doubt *doubt) {
    for (size_t i = 0; i < doubt->need_count; i++)
        heng_render_law_field(render, layout, HENG_SAY_L_NEEDS,
                              need_text(render, doubt->needs[i]));
}

void heng_render_decision_text_doubts(const heng_render *render, heng_layout *layout) {
    const heng_decision *decision = render->decision;
    if (decision->undetermined_count == 0)
        return;
    heading(layout, heng_render_law_phrase(render, HENG_SAY_H_UNDETERMINED));
    for (size_t i = 0; i < decision->undetermined_count; i++) {
        const heng_doubt *doubt = &decision->undetermined[i];
        const heng_rule *rule = &render->ruleset->rules[doubt->rule];
        heng_str error = heng_render_masked(render, doubt->error);
        heng_layout_text(layout, ITEM_INDENT, 2, HENG_PAINT_NONE,
                         heng_render_law_titled(render, &rule->title, rule->id));
        if (doubt->live)
            heng_layout_text(layout, ITEM_INDENT + 2, 0, HENG_PAINT_NONE,
                             heng_render_law_phrase(render, HENG_SAY_DOUBT_LIVE));
        heng_render_law_field(render, layout, HENG_SAY_L_ERROR,
                              doubt->record.len == 0
                                  ? error
                                  : SAY(render, HENG_SAY_DOUBT_RECORD,
                                        heng_render_document(render, doubt->record),
                                        error));
        needs_fields(render, layout, doubt);
        heng_render_law_field(render, layout, HENG_SAY_L_DO,
                              heng_render_law_phrase(render, doubt->need_count > 0
                                                                 ? HENG_SAY_DO_NEEDS
                                                                 : HENG_SAY_DO_ERROR));
        heng_layout_field(layout, 3, HENG_RENDER_LAW_LABEL_CELLS, HENG_STR(""),
                          heng_render_law_phrase(render, HENG_SAY_DO_ASK));
    }
}

/* ---- the foot ---- */

static heng_str short_digest(const heng_render *render) {
    enum { SHORT = sizeof "sha256:" - 1 + 12 };
    heng_str digest = render->ruleset->digest;
    return (heng_str){digest.ptr, digest.len < SHORT ? digest.len : (size_t)SHORT};
}

static void foot_field(const heng_render *render, heng_layout *layout, heng_say label,
                       heng_str text) {
    enum { CELLS = 15 };
    heng_layout_field(layout, 0, CELLS, heng_render_law_phrase(render, label), text);
}

void heng_render_decision_text_foot(const heng_render *render, heng_layout *layout) {
    const heng_decision *decision = render->decision;
    const heng_ruleset *ruleset = render->ruleset;
    heng_layout_blank(layout);
    for (size_t i = 0; i < decision->unknown_tie_count; i++)
        heng_layout_text(layout, 0, 0, HENG_PAINT_NONE,
                         SAY(render, HENG_SAY_UNKNOWN_TIES,
                             heng_render_id(render, decision->unknown_ties[i])));
    if (decision->invisible_records > 0)
        heng_layout_text(
            layout, 0, 0, HENG_PAINT_WARN,
            SAY(render, HENG_SAY_INVISIBLE,
                heng_render_law_count(render, decision->invisible_records)));
    foot_field(render, layout, HENG_SAY_L_VALID,
               heng_date_valid(decision->valid_through)
                   ? SAY(render, HENG_SAY_VALID_DAY,
                         heng_render_date(render, decision->valid_through))
                   : heng_render_law_phrase(render, HENG_SAY_VALID_EVER));
    foot_field(render, layout, HENG_SAY_L_AS_OF,
               heng_render_date(render, decision->as_of));
    foot_field(render, layout, HENG_SAY_L_KNOWN,
               render->has_known_at ? heng_render_time(render->arena, render->known_at)
                                    : heng_render_law_phrase(render, HENG_SAY_NEVER));
    foot_field(render, layout, HENG_SAY_L_RULESET,
               SAY(render, HENG_SAY_RULESET_IS, ruleset->id, ruleset->version,
                   short_digest(render)));
    heng_layout_text(layout, 0, 0, HENG_PAINT_FAINT,
                     heng_render_law_phrase(render, HENG_SAY_ADVICE));
}

void heng_render_decision_text(const heng_render *render, heng_layout *layout) {
    const heng_decision *decision = render->decision;
    heng_render_decision_text_verdict(render, layout);
    if (decision->measure_count > 0)
        measure_table(render, layout);
    for (size_t i = 0; i < decision->measure_count; i++)
        measure_section(render, layout, i);
    heng_render_decision_text_doubts(render, layout);
    not_applied(render, layout);
    heng_render_decision_text_foot(render, layout);
}

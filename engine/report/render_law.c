/* SPDX-License-Identifier: Apache-2.0 */
/* render_law.c: pieces of answers for people. */
#include "report/render_law.h"

#include "model/flat.h"

enum { INDENT = 3 };

heng_str heng_render_law_say(const heng_render *render, heng_say say,
                             const heng_str *texts, size_t count) {
    return heng_wording_fill(render->arena, render->lang, say, texts, count);
}

#define SAY HENG_RENDER_LAW_SAY

static heng_str joined(const heng_render *render, heng_str a, heng_str b) {
    if ((a.ptr == NULL && a.len > 0) || (b.ptr == NULL && b.len > 0))
        return (heng_str){NULL, 1};
    char *text =
        heng_arena_printf(render->arena, "%.*s%.*s", HENG_STR_ARG(a), HENG_STR_ARG(b));
    return text == NULL ? (heng_str){NULL, 1} : heng_str_of(text);
}

void heng_render_law_field(const heng_render *render, heng_layout *layout,
                           heng_say label, heng_str text) {
    heng_layout_field(layout, INDENT, HENG_RENDER_LAW_LABEL_CELLS,
                      heng_render_law_phrase(render, label), text);
}

static void more(heng_layout *layout, heng_str text) {
    heng_layout_field(layout, INDENT, HENG_RENDER_LAW_LABEL_CELLS, HENG_STR(""), text);
}

heng_str heng_render_law_count(const heng_render *render, size_t count) {
    char *text = heng_arena_printf(render->arena, "%zu", count);
    return text == NULL ? (heng_str){NULL, 1} : heng_str_of(text);
}

heng_str heng_render_law_titled(const heng_render *render, const heng_text *title,
                                heng_str id) {
    return SAY(render, HENG_SAY_WHO, heng_text_in(title, render->lang), id);
}

heng_str heng_render_law_who(const heng_render *render) {
    heng_str name = heng_render_subject_name(render);
    heng_str id = heng_render_id(render, render->snapshot->id);
    return name.len == 0 ? id : SAY(render, HENG_SAY_WHO, name, id);
}

/* ---- articles ---- */

static heng_str basis_text(const heng_render *render, const heng_basis *basis) {
    heng_str source =
        heng_text_in(&render->ruleset->sources[basis->source].title, render->lang);
    if (basis->article.ptr == NULL)
        return SAY(render, HENG_SAY_BASIS_UNREAD, source);
    return SAY(render, HENG_SAY_BASIS, source, basis->article);
}

void heng_render_law_bases(const heng_render *render, heng_layout *layout,
                           const heng_basis *bases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        heng_str quote = heng_text_in(&bases[i].quote, render->lang);
        heng_str note = heng_text_in(&bases[i].note, render->lang);
        heng_str text = basis_text(render, &bases[i]);
        if (quote.len > 0)
            text = joined(render, text, SAY(render, HENG_SAY_QUOTE, quote));
        heng_render_law_field(render, layout, HENG_SAY_L_BASIS, text);
        if (note.len > 0)
            heng_render_law_field(render, layout, HENG_SAY_L_NOTE, note);
    }
}

/* ---- records ---- */

static heng_str ground_text(const heng_render *render, const heng_ground *ground,
                            heng_gaze gaze) {
    heng_str text =
        SAY(render, HENG_SAY_RECORD,
            heng_render_document(render,
                                 heng_flat_text(ground->record, HENG_FLAT_RECORD_ID)),
            heng_flat_text(ground->record, HENG_FLAT_RECORD_AUTHORITY),
            heng_render_document(
                render, heng_flat_text(ground->record, HENG_FLAT_RECORD_DOCUMENT)),
            heng_render_date(render, heng_flat_i32(ground->record + 16)));
    if (ground->subject.len > 0)
        text = joined(
            render, text,
            SAY(render,
                gaze == HENG_GAZE_NAMED ? HENG_SAY_RECORD_NAMES : HENG_SAY_RECORD_OF,
                heng_render_id(render, ground->subject),
                heng_render_role(render, ground->role)));
    if (ground->disputed)
        text = joined(render, text,
                      heng_render_law_phrase(render, HENG_SAY_RECORD_DISPUTED));
    return text;
}

void heng_render_law_grounds(const heng_render *render, heng_layout *layout,
                             const heng_finding *finding) {
    const heng_rule *rule = &render->ruleset->rules[finding->rule];
    for (size_t i = 0; i < finding->ground_count; i++) {
        const heng_ground *ground = &finding->grounds[i];
        heng_render_law_field(render, layout, HENG_SAY_L_RECORD,
                              ground_text(render, ground, rule->gaze));
        heng_str reason =
            heng_decide_reason(render->plan, render->worker, render->snapshot, finding,
                               ground, (int)render->lang);
        if (reason.len > 0)
            more(layout, heng_render_masked(render, reason));
    }
    if (finding->ground_count == 0)
        heng_render_law_field(render, layout, HENG_SAY_L_RECORD,
                              heng_render_law_phrase(render, HENG_SAY_NO_RECORD));
}

/* ---- how it ends ---- */

static heng_str end_text(const heng_render *render, heng_term term) {
    if (heng_date_valid(term.until))
        return SAY(render, HENG_SAY_ENDS_ON, heng_render_date(render, term.until),
                   heng_render_date(render, heng_render_day_after(term.until)));
    switch (term.open) {
    case HENG_OPEN_LIFE:
        return heng_render_law_phrase(render, HENG_SAY_ENDS_LIFE);
    case HENG_OPEN_WHILE_IN_FORCE:
        return heng_render_law_phrase(render, HENG_SAY_ENDS_IN_FORCE);
    case HENG_OPEN_WHILE_IN_EFFECT:
        return heng_render_law_phrase(render, HENG_SAY_ENDS_IN_EFFECT);
    case HENG_OPEN_NONE:
        break;
    }
    return heng_render_law_phrase(render, HENG_SAY_ENDS_FAR);
}

static heng_str repair_text(const heng_render *render, const heng_applied *applied) {
    if (applied->repair != NULL) {
        heng_str from = heng_render_date(render, applied->repair_from);
        heng_str route = heng_text_in(&applied->repair->route, render->lang);
        return applied->repair_from <= render->decision->as_of
                   ? SAY(render, HENG_SAY_REPAIR_NOW, from, route)
                   : SAY(render, HENG_SAY_REPAIR, from, route);
    }
    for (size_t i = 0; i < applied->because_count; i++) {
        if (render->ruleset->rules[applied->because[i]->rule].stays)
            return heng_render_law_phrase(render, HENG_SAY_REPAIR_STAYS);
    }
    return heng_render_law_phrase(render, HENG_SAY_REPAIR_NONE);
}

void heng_render_law_lifts(const heng_render *render, heng_layout *layout,
                           const heng_applied *applied) {
    const heng_measure *measure = &render->ruleset->measures[applied->measure];
    heng_render_law_field(render, layout, HENG_SAY_L_ENDS,
                          end_text(render, applied->term));
    if (measure->kind != HENG_MEASURE_RESTRICTION)
        return;
    heng_render_law_field(render, layout, HENG_SAY_L_REPAIR,
                          repair_text(render, applied));
    if (applied->repair != NULL)
        more(layout, basis_text(render, &applied->repair->basis));
}

/* ---- remedies ---- */

static heng_str remedy_kind(const heng_render *render, heng_str kind) {
    static const struct {
        const char *word;
        heng_say phrase;
    } KINDS[] = {{"reconsideration", HENG_SAY_RECONSIDERATION},
                 {"litigation", HENG_SAY_LITIGATION},
                 {"objection", HENG_SAY_OBJECTION}};
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (heng_str_equal(kind, heng_str_of(KINDS[i].word)))
            return heng_render_law_phrase(render, KINDS[i].phrase);
    }
    return kind;
}

static heng_str period_part(const heng_render *render, heng_str before, heng_say one,
                            heng_say many, int32_t count) {
    if (count == 0)
        return before;
    char *number = heng_arena_printf(render->arena, "%d", (int)count);
    if (number == NULL)
        return (heng_str){NULL, 1};
    heng_str part = SAY(render, count == 1 ? one : many, heng_str_of(number));
    if (before.len == 0)
        return part;
    heng_str gap = render->lang == HENG_LANG_EN ? HENG_STR(" ") : HENG_STR("");
    return joined(render, joined(render, before, gap), part);
}

static heng_str period_text(const heng_render *render, heng_period period) {
    heng_str text = {"", 0};
    text = period_part(render, text, HENG_SAY_YEAR, HENG_SAY_YEARS, period.months / 12);
    text =
        period_part(render, text, HENG_SAY_MONTH, HENG_SAY_MONTHS, period.months % 12);
    return period_part(render, text, HENG_SAY_DAY, HENG_SAY_DAYS, period.days);
}

void heng_render_law_remedies(const heng_render *render, heng_layout *layout,
                              const heng_measure *measure) {
    for (size_t i = 0; i < measure->remedy_count; i++) {
        const heng_remedy *remedy = &measure->remedies[i];
        heng_render_law_field(render, layout, HENG_SAY_L_CONTEST,
                              SAY(render, HENG_SAY_REMEDY,
                                  remedy_kind(render, remedy->kind),
                                  period_text(render, remedy->within),
                                  basis_text(render, &remedy->basis)));
    }
}

/* ---- why not ---- */

#define WORD_IN(constant, word, zh, en)                                                \
    case constant:                                                                     \
        return heng_str_of(lang == HENG_LANG_EN ? en : zh);

static heng_str state_word(heng_lang lang, heng_state state) {
    switch (state) { HENG_STATE_MAP(WORD_IN) }
    return (heng_str){"", 0};
}

static heng_str lapse_word(heng_lang lang, heng_lapse lapse) {
    switch (lapse) { HENG_LAPSE_MAP(WORD_IN) }
    return (heng_str){"", 0};
}

heng_str heng_render_law_state(const heng_render *render, heng_state state) {
    return state_word(render->lang, state);
}

static heng_str excepted_text(const heng_render *render, const heng_finding *finding) {
    const heng_rule *rule = &render->ruleset->rules[finding->rule];
    if (finding->unless >= rule->unless_count)
        return state_word(render->lang, HENG_STATE_EXCEPTED);
    heng_str because =
        heng_text_in(&rule->unless[finding->unless].because, render->lang);
    if (because.len > 0)
        return SAY(render, HENG_SAY_EXCEPTED, because);
    return SAY(render, HENG_SAY_EXCEPTED_PLAIN,
               heng_render_law_count(render, (size_t)finding->unless + 1));
}

heng_str heng_render_law_why_not(const heng_render *render, heng_state state,
                                 const heng_finding *finding, uint32_t by_measure) {
    const heng_ruleset *ruleset = render->ruleset;
    heng_str since = heng_render_date(render, finding->since);
    heng_str cause = lapse_word(render->lang, finding->lapse);
    switch (state) {
    case HENG_STATE_DISPLACED:
        if (finding->by_rule != UINT32_MAX)
            return SAY(render, HENG_SAY_DISPLACED_RULE,
                       heng_render_law_titled(render,
                                              &ruleset->rules[finding->by_rule].title,
                                              ruleset->rules[finding->by_rule].id));
        if (by_measure != UINT32_MAX)
            return SAY(render, HENG_SAY_DISPLACED_MEASURE,
                       heng_render_law_titled(render,
                                              &ruleset->measures[by_measure].title,
                                              ruleset->measures[by_measure].id));
        return heng_render_law_phrase(render, HENG_SAY_DISPLACED);
    case HENG_STATE_LAPSED:
        return since.len == 0 ? SAY(render, HENG_SAY_LAPSED_NO_DAY, cause)
                              : SAY(render, HENG_SAY_LAPSED, since, cause);
    case HENG_STATE_EXCEPTED:
        return excepted_text(render, finding);
    case HENG_STATE_PENDING:
        return SAY(render, HENG_SAY_PENDING, since);
    case HENG_STATE_UNVERIFIED:
        return heng_render_law_phrase(render, HENG_SAY_UNVERIFIED);
    case HENG_STATE_APPLIES:
    case HENG_STATE_SUSPENDED:
        break;
    }
    return state_word(render->lang, state);
}

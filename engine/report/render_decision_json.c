/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render_decision_json.c: the decision as machines get it.
 *
 * ORDER keys: as in schema/heng.decision-1.json. Entries of not_applied that differ in
 * why (two exceptions, two last days) are entries of their own, so that every reason is
 * told and each entry has one.
 */
#include "report/render_decision_json.h"

#include "report/render_part_json.h"

static void write_str(heng_json_write *json, const char *key, heng_str value) {
    heng_json_write_key(json, key);
    heng_render_part_json_str(json, value);
}

static void write_text_or_null(heng_json_write *json, const char *key,
                               const char *value) {
    heng_json_write_key(json, key);
    heng_json_write_text(json, value);
}

static void write_head(const heng_render *render, heng_json_write *json) {
    const heng_ruleset *ruleset = render->ruleset;
    const heng_word *kind = heng_render_subject_kind(render);
    write_text_or_null(json, "schema", "heng.decision/1");

    heng_json_write_key(json, "subject");
    heng_json_write_object(json);
    write_str(json, "id", heng_render_id(render, render->snapshot->id));
    write_text_or_null(json, "kind", kind == NULL ? NULL : kind->word);
    write_str(json, "name", heng_render_subject_name(render));
    heng_json_write_object_end(json);

    heng_render_part_json_date(json, "as_of", render->decision->as_of);
    heng_json_write_key(json, "known_at");
    if (render->has_known_at)
        heng_render_part_json_str(json,
                                  heng_render_time(render->arena, render->known_at));
    else
        heng_json_write_null(json);
    heng_render_part_json_date(json, "valid_through", render->decision->valid_through);

    heng_json_write_key(json, "ruleset");
    heng_json_write_object(json);
    write_str(json, "id", ruleset->id);
    write_str(json, "version", ruleset->version);
    write_str(json, "digest", ruleset->digest);
    heng_json_write_object_end(json);
}

static void write_verdict(const heng_render *render, heng_json_write *json) {
    const heng_decision *decision = render->decision;
    if (decision->matter != UINT32_MAX) {
        write_str(json, "matter", render->ruleset->matters[decision->matter].id);
        write_text_or_null(json, "verdict", heng_verdict_word(decision->verdict));
        return;
    }
    heng_json_write_key(json, "verdicts");
    heng_json_write_array(json);
    for (size_t i = 0; i < decision->verdict_count; i++) {
        const heng_matter_verdict *entry = &decision->verdicts[i];
        heng_json_write_object(json);
        write_str(json, "matter", render->ruleset->matters[entry->matter].id);
        write_text_or_null(json, "verdict", heng_verdict_word(entry->verdict));
        heng_json_write_object_end(json);
    }
    heng_json_write_array_end(json);
}

static void write_term(heng_json_write *json, heng_term term) {
    heng_json_write_key(json, "term");
    heng_json_write_object(json);
    heng_render_part_json_date(json, "from", term.from);
    heng_render_part_json_date(json, "until", term.until);
    if (!heng_date_valid(term.until))
        write_text_or_null(json, "open", heng_open_word(term.open));
    heng_json_write_object_end(json);
}

static void write_remedies(const heng_render *render, heng_json_write *json,
                           const heng_measure *measure) {
    char within[HENG_PERIOD_TEXT_BYTES];
    heng_json_write_key(json, "remedies");
    heng_json_write_array(json);
    for (size_t i = 0; i < measure->remedy_count; i++) {
        const heng_remedy *remedy = &measure->remedies[i];
        heng_json_write_object(json);
        write_str(json, "kind", remedy->kind);
        heng_json_write_key(json, "within");
        heng_json_write_str(
            json, (heng_str){within, heng_period_format(remedy->within, within)});
        heng_json_write_key(json, "basis");
        heng_render_part_json_bases(render, json, &remedy->basis, 1);
        heng_json_write_object_end(json);
    }
    heng_json_write_array_end(json);
}

static void write_applied(const heng_render *render, heng_json_write *json,
                          const heng_applied *applied) {
    const heng_measure *measure = &render->ruleset->measures[applied->measure];
    heng_json_write_object(json);
    write_str(json, "id", measure->id);
    write_text_or_null(
        json, "kind",
        heng_kind_word(HENG_WORDS_MEASURE_KIND, (int)measure->kind)->word);
    if (measure->kind == HENG_MEASURE_RESTRICTION)
        write_text_or_null(
            json, "effect",
            heng_kind_word(HENG_WORDS_EFFECT, (int)measure->effect)->word);
    write_text_or_null(json, "force",
                       heng_kind_word(HENG_WORDS_FORCE, applied->force)->word);
    write_text_or_null(json, "state", heng_state_word(applied->state));
    write_term(json, applied->term);
    heng_json_write_key(json, "matters");
    heng_json_write_array(json);
    for (size_t i = 0; i < measure->matter_count; i++)
        heng_json_write_str(json, render->ruleset->matters[measure->matters[i]].id);
    heng_json_write_array_end(json);
    heng_json_write_key(json, "because");
    heng_json_write_array(json);
    for (size_t i = 0; i < applied->because_count; i++)
        heng_render_part_json_finding(render, json, applied->because[i]);
    heng_json_write_array_end(json);
    heng_render_part_json_repair(render, json, applied);
    write_remedies(render, json, measure);
    heng_json_write_object_end(json);
}

static bool same_why(const heng_finding *a, const heng_finding *b) {
    return a->by_rule == b->by_rule && a->unless == b->unless && a->lapse == b->lapse &&
           a->since == b->since && (a->unless == UINT32_MAX || a->rule == b->rule);
}

/* ORDER state: what each says of why. */
static void write_why(const heng_render *render, heng_json_write *json,
                      const heng_not_applied *entry, const heng_finding *finding) {
    const heng_ruleset *ruleset = render->ruleset;
    if (entry->state == HENG_STATE_DISPLACED) {
        heng_json_write_key(json, "by");
        heng_json_write_object(json);
        if (finding->by_rule != UINT32_MAX)
            write_str(json, "rule", ruleset->rules[finding->by_rule].id);
        else if (entry->by_measure != UINT32_MAX)
            write_str(json, "measure", ruleset->measures[entry->by_measure].id);
        heng_json_write_object_end(json);
    } else if (entry->state == HENG_STATE_EXCEPTED && finding->unless != UINT32_MAX) {
        const heng_unless *unless =
            &ruleset->rules[finding->rule].unless[finding->unless];
        heng_json_write_key(json, "unless");
        heng_json_write_object(json);
        heng_json_write_key(json, "index");
        heng_json_write_uint(json, finding->unless);
        write_str(json, "because", heng_text_in(&unless->because, render->lang));
        heng_json_write_object_end(json);
    } else if (entry->state == HENG_STATE_LAPSED) {
        heng_render_part_json_date(json, "since", finding->since);
        write_text_or_null(json, "cause", heng_lapse_word(finding->lapse));
    } else if (entry->state == HENG_STATE_PENDING) {
        heng_render_part_json_date(json, "from", finding->since);
    }
}

static void write_not_applied(const heng_render *render, heng_json_write *json,
                              const heng_not_applied *entry) {
    for (size_t i = 0; i < entry->because_count;) {
        const heng_finding *first = entry->because[i];
        heng_json_write_object(json);
        write_str(json, "id", render->ruleset->measures[entry->measure].id);
        write_text_or_null(json, "state", heng_state_word(entry->state));
        write_why(render, json, entry, first);
        heng_json_write_key(json, "because");
        heng_json_write_array(json);
        for (; i < entry->because_count && same_why(first, entry->because[i]); i++)
            heng_render_part_json_finding(render, json, entry->because[i]);
        heng_json_write_array_end(json);
        heng_json_write_object_end(json);
    }
}

static void write_doubt(const heng_render *render, heng_json_write *json,
                        const heng_doubt *doubt) {
    heng_json_write_object(json);
    write_str(json, "rule", render->ruleset->rules[doubt->rule].id);
    write_str(json, "error", heng_render_masked(render, doubt->error));
    heng_json_write_key(json, "needs");
    heng_json_write_array(json);
    for (size_t i = 0; i < doubt->need_count; i++)
        heng_json_write_str(json, doubt->needs[i]);
    heng_json_write_array_end(json);
    heng_json_write_object_end(json);
}

void heng_render_decision_json(const heng_render *render, heng_json_write *json) {
    const heng_decision *decision = render->decision;
    heng_json_write_object(json);
    write_head(render, json);
    write_verdict(render, json);
    heng_json_write_key(json, "measures");
    heng_json_write_array(json);
    for (size_t i = 0; i < decision->measure_count; i++)
        write_applied(render, json, &decision->measures[i]);
    heng_json_write_array_end(json);
    heng_json_write_key(json, "not_applied");
    heng_json_write_array(json);
    for (size_t i = 0; i < decision->not_applied_count; i++)
        write_not_applied(render, json, &decision->not_applied[i]);
    heng_json_write_array_end(json);
    heng_json_write_key(json, "undetermined");
    heng_json_write_array(json);
    for (size_t i = 0; i < decision->undetermined_count; i++)
        write_doubt(render, json, &decision->undetermined[i]);
    heng_json_write_array_end(json);
    heng_json_write_object_end(json);
}

heng_status heng_render_decision_json_answer(const heng_render *render,
                                             heng_buffer *out) {
    heng_json_write json;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    write_text_or_null(&json, "schema", "heng.answer/1");
    write_text_or_null(&json, "entry", NULL); /* until there is a decision log */
    if (render->supposed) {
        heng_json_write_key(&json, "supposed");
        heng_json_write_bool(&json, true);
    }
    heng_json_write_key(&json, "decision");
    heng_render_decision_json(render, &json);
    heng_json_write_object_end(&json);
    return heng_buffer_add_char(out, '\n');
}

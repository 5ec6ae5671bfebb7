/* SPDX-License-Identifier: Apache-2.0 */
/* world.c: makes worlds for the tests of decide, and prints decisions. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "model/flat.h"
#include "model/snapshot.h"
#include "support/check.h"

const char WORLD_PRELUDE[] =
    "ruleset: {id: t, version: \"1\", title: t, region: \"430000\", time_zone: "
    "Asia/Shanghai,\n"
    "  disputed: %s, subject_attributes: {scale: {type: string}, staff: {type: int}, "
    "listed: {type: bool},\n"
    "    audited_on: {type: date}, lines: {type: list(string)}}}\n"
    "sources:\n"
    "  - {id: law, title: l, issuer: i, level: law, in_force: {from: 2000-01-01}}\n"
    "roles:\n"
    "  - {id: head, inverse: heads, title: h}\n"
    "  - {id: responsible, title: r}\n"
    "categories:\n"
    "  - {id: fine, title: f, information: public, nature: adverse, severity: general, "
    "provider: p,\n"
    "     attributes: {amount: {type: decimal}, count: {type: int}},\n"
    "     repair: [{after: P1Y, route: ask, basis: {source: law, article: \"9\"}}]}\n"
    "  - {id: list, title: l, information: public, nature: adverse, severity: serious, "
    "provider: p,\n"
    "     use_limit: P3Y}\n"
    "  - {id: reward, title: r, information: public, nature: favourable, provider: p,\n"
    "     attributes: {grade: {type: string, enum: [A, B]}}}\n"
    "  - {id: other, title: o, information: public, nature: neutral, provider: p,\n"
    "     attributes: {amount: {type: decimal}, count: {type: int}, flagged: {type: "
    "bool},\n"
    "       word: {type: string}, seen_on: {type: date}, marks: {type: "
    "list(string)}}}\n"
    "matters:\n"
    "  - {id: bid, title: b, authority: a}\n"
    "  - {id: service, title: s, authority: a}\n"
    "measures:\n"
    "  - {id: exclude, title: e, kind: restriction, force: mandatory, matters: [bid], "
    "authority: a,\n"
    "     remedies: [{kind: litigation, within: P6M, basis: {source: law, article: "
    "\"1\"}}]}\n"
    "  - {id: inspect, title: e, kind: restriction, effect: burden, force: mandatory,\n"
    "     matters: [service], authority: a, tags: [supervision],\n"
    "     remedies: [{kind: litigation, within: P6M, basis: {source: law, article: "
    "\"1\"}}]}\n"
    "  - {id: late, title: e, kind: restriction, force: discretionary, matters: [], "
    "authority: a,\n"
    "     remedies: [{kind: litigation, within: P6M, basis: {source: law, article: "
    "\"1\"}}]}\n"
    "  - {id: reduce, title: e, kind: incentive, force: mandatory, matters: [service], "
    "authority: a}\n"
    "  - {id: tell, title: e, kind: notice, force: mandatory, matters: [bid], "
    "authority: a}\n";

static heng_date day_of(const char *text) {
    heng_date day = 0;
    assert_true(heng_date_parse(heng_str_of(text), &day));
    return day;
}

static void print_diag(void *context, const char *text, size_t len) {
    (void)context;
    (void)fwrite(text, 1, len, stderr);
}

static heng_status load(const char *disputed, const char *rules,
                        heng_ruleset **ret_ruleset, heng_error *reterr) {
    heng_status status = HENG_ERR_NOMEM;
    heng_diags *diags = heng_diags_new();
    char *text = malloc(sizeof WORLD_PRELUDE + 64);
    assert_non_null(text);
    const char *at = strstr(WORLD_PRELUDE, "%s");
    int head = (int)(at - WORLD_PRELUDE);
    (void)sprintf(text, "%.*s%s%s", head, WORLD_PRELUDE, disputed, at + 2);
    heng_ruleset_file files[] = {{"t.yaml", heng_str_of(text)},
                                 {"rules.yaml", heng_str_of(rules)}};
    if (diags != NULL)
        status = heng_ruleset_load_files(files, 2, diags, ret_ruleset, reterr);
    for (size_t i = 0; status == HENG_ERR_RULESET && i < heng_diags_count(diags); i++)
        heng_diag_render(heng_diags_get(diags, i), false, print_diag, NULL);
    free(text);
    heng_diags_free(diags);
    return status;
}

static heng_status take_lines(world *made, const char *lines, heng_error *reterr) {
    heng_status status =
        heng_overlay_new(heng_ruleset_catalog(made->ruleset), &made->overlay, reterr);
    if (status == HENG_OK)
        status = heng_overlay_add(made->overlay, "lines", lines, strlen(lines), reterr);
    if (status == HENG_OK)
        status =
            heng_overlay_snapshot(made->overlay, NULL, HENG_STR("S-1"), HENG_VIEW_ALL,
                                  made->arena, &made->snapshot, reterr);
    return status;
}

static heng_status decide(world *made, const char *as_of, uint32_t matter,
                          heng_error *reterr) {
    heng_status status = heng_plan_new(made->ruleset, made->snapshot->names,
                                       day_of(as_of), &made->plan, reterr);
    if (status == HENG_OK)
        status = heng_decide(made->plan, made->worker, made->snapshot, matter,
                             HENG_DECIDE_FULL | HENG_DECIDE_EXACT_DAYS, &made->decision,
                             reterr);
    return status;
}

static heng_status prepare(world *made, const char *disputed, const char *rules,
                           const char *lines, heng_error *reterr) {
    heng_status status = load(disputed, rules, &made->ruleset, reterr);
    if (status != HENG_OK)
        return status;
    made->arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    made->worker = heng_worker_new();
    if (made->arena == NULL || made->worker == NULL)
        return heng_error_nomem(reterr);
    return take_lines(made, lines, reterr);
}

heng_status world_try(world *made, const char *disputed, const char *rules,
                      const char *lines, const char *as_of, heng_error *reterr) {
    heng_status status = prepare(made, disputed, rules, lines, reterr);
    return status == HENG_OK ? decide(made, as_of, UINT32_MAX, reterr) : status;
}

void world_plan(world *made, const char *disputed, const char *rules, const char *lines,
                const char *as_of, unsigned flags) {
    heng_error error = {0};
    if (prepare(made, disputed, rules, lines, &error) != HENG_OK ||
        heng_plan_new_with(made->ruleset, made->snapshot->names, day_of(as_of), flags,
                           &made->plan, &error) != HENG_OK)
        fail_msg("the world cannot be made: %zu: %s", error.pos.line, error.text);
}

void world_decide(world *made, const char *disputed, const char *rules,
                  const char *lines, const char *as_of, const char *matter) {
    heng_error error = {0};
    uint32_t index = UINT32_MAX;
    if (prepare(made, disputed, rules, lines, &error) != HENG_OK)
        fail_msg("the world cannot be made: %zu: %s", error.pos.line, error.text);
    if (matter != NULL) {
        const heng_matter *found =
            heng_ruleset_find_matter(made->ruleset, heng_str_of(matter));
        assert_non_null(found);
        index = (uint32_t)(found - made->ruleset->matters);
    }
    if (decide(made, as_of, index, &error) != HENG_OK)
        fail_msg("no decision: %s", error.text);
}

static void print_day(heng_buffer *out, heng_date day) {
    char text[HENG_DATE_TEXT_BYTES] = "";
    if (day != HENG_DATE_NONE)
        heng_date_format(day, text);
    heng_buffer_add_text(out, text);
}

static void print_because(const world *made, const heng_finding *const *because,
                          size_t count, heng_buffer *out) {
    heng_buffer_add_text(out, " by");
    for (size_t i = 0; i < count; i++) {
        heng_str id = made->ruleset->rules[because[i]->rule].id;
        heng_buffer_add_format(out, " %.*s(", HENG_STR_ARG(id));
        for (size_t g = 0; g < because[i]->ground_count; g++) {
            const heng_ground *ground = &because[i]->grounds[g];
            heng_str record = heng_flat_text(ground->record, HENG_FLAT_RECORD_ID);
            heng_buffer_add_format(out, "%s%.*s", g == 0 ? "" : " ",
                                   HENG_STR_ARG(record));
            if (ground->role.len > 0)
                heng_buffer_add_format(out, " of %.*s as %.*s",
                                       HENG_STR_ARG(ground->subject),
                                       HENG_STR_ARG(ground->role));
            if (ground->disputed)
                heng_buffer_add_text(out, " disputed");
        }
        heng_buffer_add_text(out, ")");
    }
}

static void print_applied(const world *made, const heng_applied *applied,
                          heng_buffer *out) {
    const heng_measure *measure = &made->ruleset->measures[applied->measure];
    heng_buffer_add_format(
        out, "%.*s %s %s ", HENG_STR_ARG(measure->id), heng_state_word(applied->state),
        applied->force == HENG_FORCE_MANDATORY ? "mandatory" : "may");
    print_day(out, applied->term.from);
    heng_buffer_add_text(out, "..");
    print_day(out, applied->term.until);
    heng_buffer_add_text(out, heng_open_word(applied->term.open));
    print_because(made, applied->because, applied->because_count, out);
    if (applied->repair_from != HENG_DATE_NONE) {
        heng_buffer_add_text(out, " repair ");
        print_day(out, applied->repair_from);
    }
    heng_buffer_add_text(out, "\n");
}

static void print_near(const world *made, const heng_not_applied *near,
                       heng_buffer *out) {
    const heng_finding *first = near->because[0];
    heng_buffer_add_format(out, "%.*s %s",
                           HENG_STR_ARG(made->ruleset->measures[near->measure].id),
                           heng_state_word(near->state));
    if (near->by_rule != UINT32_MAX)
        heng_buffer_add_format(out, " rule %.*s",
                               HENG_STR_ARG(made->ruleset->rules[near->by_rule].id));
    if (near->by_measure != UINT32_MAX)
        heng_buffer_add_format(
            out, " measure %.*s",
            HENG_STR_ARG(made->ruleset->measures[near->by_measure].id));
    if (near->state == HENG_STATE_LAPSED)
        heng_buffer_add_format(out, " %s", heng_lapse_word(first->lapse));
    if (first->since != HENG_DATE_NONE) {
        heng_buffer_add_text(out, " since ");
        print_day(out, first->since);
    }
    if (near->state == HENG_STATE_EXCEPTED)
        heng_buffer_add_format(out, " unless %u", (unsigned)first->unless);
    print_because(made, near->because, near->because_count, out);
    heng_buffer_add_text(out, "\n");
}

static void print_doubt(const world *made, const heng_doubt *doubt, heng_buffer *out) {
    heng_buffer_add_format(out, "doubt %.*s%s: %.*s",
                           HENG_STR_ARG(made->ruleset->rules[doubt->rule].id),
                           doubt->live ? " (live)" : "", HENG_STR_ARG(doubt->error));
    if (doubt->record.len > 0)
        heng_buffer_add_format(out, " (%.*s)", HENG_STR_ARG(doubt->record));
    for (size_t i = 0; i < doubt->need_count; i++)
        heng_buffer_add_format(out, " needs %.*s", HENG_STR_ARG(doubt->needs[i]));
    heng_buffer_add_text(out, "\n");
}

void world_print(const world *made, heng_buffer *out) {
    const heng_decision *decision = made->decision;
    heng_buffer_add_text(out, "verdict");
    if (decision->matter != UINT32_MAX)
        heng_buffer_add_format(out, " %s", heng_verdict_word(decision->verdict));
    for (size_t i = 0; i < decision->verdict_count; i++)
        heng_buffer_add_format(
            out, " %.*s=%s",
            HENG_STR_ARG(made->ruleset->matters[decision->verdicts[i].matter].id),
            heng_verdict_word(decision->verdicts[i].verdict));
    heng_buffer_add_text(out, "\n");
    for (size_t i = 0; i < decision->measure_count; i++)
        print_applied(made, &decision->measures[i], out);
    for (size_t i = 0; i < decision->not_applied_count; i++)
        print_near(made, &decision->not_applied[i], out);
    for (size_t i = 0; i < decision->undetermined_count; i++)
        print_doubt(made, &decision->undetermined[i], out);
    for (size_t i = 0; i < decision->unknown_tie_count; i++)
        heng_buffer_add_format(out, "unknown %.*s\n",
                               HENG_STR_ARG(decision->unknown_ties[i]));
    heng_buffer_add_text(out, "through ");
    print_day(out, decision->valid_through);
    heng_buffer_add_text(out, "\n");
}

void world_done(world *made) {
    heng_plan_free(made->plan);
    heng_worker_free(made->worker);
    heng_overlay_free(made->overlay);
    heng_arena_free(made->arena);
    heng_ruleset_free(made->ruleset);
    memset(made, 0, sizeof *made);
}

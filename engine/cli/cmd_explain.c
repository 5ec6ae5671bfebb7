/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_explain.c: why and why not, condition by condition. */
#include "base/alloc.h"
#include "base/limits.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "report/render_explain.h"
#include "ruleset/linked.h"

/* Which rules are explained: a mark for each rule of the ruleset. */
typedef struct heng_asked {
    bool *rules;
    size_t count; /* marked */
} heng_asked;

static void mark(heng_asked *asked, uint32_t rule) {
    if (!asked->rules[rule]) {
        asked->rules[rule] = true;
        asked->count++;
    }
}

/* All names of one sort, for what was probably meant. */
static int fail_unknown(const heng_session *session, bool is_rule, const char *word) {
    const heng_ruleset *ruleset = session->ruleset;
    size_t count = is_rule ? ruleset->rule_count : ruleset->measure_count;
    heng_str *names = heng_alloc_zero(count + 1, sizeof *names);
    if (names == NULL)
        return heng_output_fail("out of memory");
    for (size_t i = 0; i < count; i++)
        names[i] = is_rule ? ruleset->rules[i].id : ruleset->measures[i].id;
    int status =
        heng_session_unknown(session, is_rule ? "rule" : "measure", word, names, count);
    heng_alloc_free(names);
    return status;
}

/* Marks what --rule and --measure name. */
static int mark_named(const heng_session *session, heng_asked *asked) {
    const heng_ruleset *ruleset = session->ruleset;
    const char *word;
    for (size_t i = 0; (word = heng_options_get_at(session->cli, "rule", i)) != NULL;
         i++) {
        const heng_rule *rule = heng_ruleset_find_rule(ruleset, heng_str_of(word));
        if (rule == NULL)
            return fail_unknown(session, true, word);
        mark(asked, (uint32_t)(rule - ruleset->rules));
    }
    for (size_t i = 0; (word = heng_options_get_at(session->cli, "measure", i)) != NULL;
         i++) {
        const heng_measure *measure =
            heng_ruleset_find_measure(ruleset, heng_str_of(word));
        if (measure == NULL)
            return fail_unknown(session, false, word);
        for (uint32_t r = 0; r < ruleset->rule_count; r++) {
            if (heng_rule_brings(&ruleset->rules[r],
                                 (uint32_t)(measure - ruleset->measures)))
                mark(asked, r);
        }
    }
    return HENG_EXIT_FINE;
}

static bool concerns(const heng_ruleset *ruleset, uint32_t rule, uint32_t matter) {
    for (size_t i = 0; i < ruleset->rules[rule].measure_count; i++) {
        const heng_measure *measure =
            &ruleset->measures[ruleset->rules[rule].measures[i]];
        for (size_t m = 0; m < measure->matter_count; m++) {
            if (measure->matters[m] == matter)
                return true;
        }
    }
    return matter == UINT32_MAX;
}

/* Nothing named: what fires, nearly does, or could not be told. */
static void mark_active(const heng_session *session, heng_asked *asked) {
    const heng_decision *decision = session->decision;
    for (size_t i = 0; i < decision->finding_count; i++) {
        if (concerns(session->ruleset, decision->findings[i]->rule, decision->matter))
            mark(asked, decision->findings[i]->rule);
    }
    for (size_t i = 0; i < decision->measure_count; i++) {
        for (size_t b = 0; b < decision->measures[i].because_count; b++)
            mark(asked, decision->measures[i].because[b]->rule);
    }
    for (size_t i = 0; i < decision->undetermined_count; i++)
        mark(asked, decision->undetermined[i].rule);
}

static int explain_all(heng_session *session, const heng_asked *asked,
                       const heng_explanation **list) {
    heng_error error = {0};
    size_t count = 0;
    for (uint32_t r = 0; r < session->ruleset->rule_count; r++) {
        if (asked->rules[r] &&
            heng_explain(session->plan, session->worker, session->snapshot, r,
                         &list[count++], &error) != HENG_OK)
            return heng_output_error(&error);
    }
    return HENG_EXIT_FINE;
}

static int print(const heng_session *session, const heng_explanation *const *list,
                 size_t count) {
    heng_buffer out;
    bool is_json = heng_options_format(session->cli)[0] == 'j';
    heng_render render = heng_session_render(session, is_json);
    heng_render_explained explained = {list, count};
    heng_buffer_init(&out, HENG_LIMIT_ANSWER_BYTES);
    if (is_json) {
        (void)heng_render_explain_json(&render, &explained, &out);
    } else {
        heng_layout layout = heng_session_layout(session, &out);
        heng_render_explain_text(&render, &explained, &layout);
    }
    int status = heng_session_print(&out, HENG_EXIT_FINE);
    heng_buffer_done(&out);
    return status;
}

static int explain(heng_session *session, heng_asked *asked) {
    const heng_cli *cli = session->cli;
    int status = mark_named(session, asked);
    if (status == HENG_EXIT_FINE)
        status = heng_session_decide(session, heng_str_of(cli->arguments[0]));
    if (status != HENG_EXIT_FINE)
        return status;
    if (heng_options_get(cli, "rule") == NULL &&
        heng_options_get(cli, "measure") == NULL)
        mark_active(session, asked);
    const heng_explanation **list = heng_alloc_zero(asked->count + 1, sizeof *list);
    if (list == NULL)
        return heng_output_fail("out of memory");
    status = explain_all(session, asked, list);
    if (status == HENG_EXIT_FINE)
        status = print(session, list, asked->count);
    heng_alloc_free(list);
    return status;
}

static int run(const heng_cli *cli) {
    heng_session session;
    heng_asked asked = {0};
    heng_session_init(&session, cli);
    int status = heng_session_rules(&session);
    if (status == HENG_EXIT_FINE) {
        asked.rules = heng_alloc_zero(session.ruleset->rule_count + 1, sizeof(bool));
        status = asked.rules == NULL ? heng_output_fail("out of memory")
                                     : explain(&session, &asked);
    }
    heng_alloc_free(asked.rules);
    heng_session_done(&session);
    return status;
}

static const heng_option OPTIONS[] = {
    {"rule", '\0', "RULE", NULL, true, "只解释这条规则", "only this rule"},
    {"measure", '\0', "MEASURE", NULL, true, "只解释会带来这项措施的规则",
     "only rules that bring this measure about"},
    {"matter", '\0', "MATTER", NULL, false, "只看这个事项", "only this matter"},
    {"suppose", '\0', "FILE", NULL, true, "假设 FILE 中的行（导入格式）已经在案",
     "suppose that the lines of FILE (import format) were on record"},
    {"with", '\0', "ROLE=ID", NULL, true, "假设该主体与 ID 有这种关系",
     "suppose that ID stands to the subject in that role"},
    {"unmask", '\0', NULL, NULL, false, "完整显示自然人身份号码",
     "show identity numbers of natural persons"},
};

const heng_command heng_cmd_explain_record = {
    .name = "explain",
    .arguments = "SUBJECT",
    .least = 1,
    .most = 1,
    .zh = "说明为何适用、为何不适用：每个条件的值，以及使它如此的记录",
    .en = "why and why not: every condition with its value and what made it so",
    .more_zh = "不指定规则或措施时，解释成立、接近成立和无法判定的规则。",
    .more_en =
        "Without a rule or measure, it explains the rules that hold, nearly hold, or "
        "cannot be determined.",
    .example = "heng explain 91430100MA4L16XQ7X --measure procurement.exclude\n"
               "heng explain 91430100MA4L16XQ7X --matter procurement.bid --as-of "
               "2027-03-16",
    .globals = HENG_GLOBAL_DB | HENG_GLOBAL_RULES | HENG_GLOBAL_FORMAT |
               HENG_GLOBAL_AS_OF | HENG_GLOBAL_KNOWN_AT,
    .formats = "text|json",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .run = run,
};

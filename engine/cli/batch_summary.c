/* SPDX-License-Identifier: Apache-2.0 */
/* batch_summary.c: counts and the index in words. */
#include "cli/batch_summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/batch_job.h"
#include "cli/output.h"
#include "decide/plan.h"
#include "decide/sieve.h"
#include "heng/decimal.h"
#include "ruleset/linked.h"

heng_batch_summary heng_batch_summary_of(const heng_batch_job *job) {
    return (heng_batch_summary){
        .cli = job->session->cli,
        .ruleset = job->session->ruleset,
        .counts = job->counts,
        .numbers = job->numbers,
        .changed = job->changed,
        .compared = job->ends.has_from,
        .elapsed_ms = heng_progress_elapsed(&job->progress),
    };
}

/* ---- the summary ---- */

static void tell_counts(const heng_batch_summary *of, bool zh) {
    const heng_batch_counts *counts = &of->counts;
    double seconds = (double)of->elapsed_ms / 1000.0;
    uint64_t rate =
        counts->looked_at * 1000 / (of->elapsed_ms > 0 ? (uint64_t)of->elapsed_ms : 1);
    heng_output_line(zh ? "主体：%" PRIu64 "，判断：%" PRIu64 "，有结果：%" PRIu64
                          "，不在适用范围：%" PRIu64
                        : "subjects: %" PRIu64 ", looked at: %" PRIu64
                          ", with an outcome: %" PRIu64 ", out of scope: %" PRIu64,
                     counts->subjects, counts->looked_at, counts->told,
                     counts->out_of_scope);
    if (of->compared)
        heng_output_line(zh ? "与上次不同：%" PRIu64
                            : "not as in the last batch: %" PRIu64,
                         counts->changed);
    heng_output_line(zh ? "用时 %.1f 秒，每秒判断 %" PRIu64
                        : "took %.1f s, looked at %" PRIu64 " a second",
                     seconds, rate);
    heng_output_line(zh ? "措施：适用 %" PRIu64 "，暂缓 %" PRIu64
                        : "measures: %" PRIu64 " apply, %" PRIu64 " are suspended",
                     counts->applies, counts->suspended);
}

/* Counts first: titles are of any width. */
static void tell_measures(const heng_batch_summary *of, bool zh) {
    size_t count = of->ruleset->measure_count;
    heng_output_line("%s", zh ? "各措施的主体数（适用、暂缓）："
                              : "subjects by measure (applies, suspended):");
    for (size_t i = 0; i < count; i++) {
        const heng_measure *measure = &of->ruleset->measures[i];
        heng_str title =
            heng_text_in(&measure->title, zh ? HENG_LANG_ZH : HENG_LANG_EN);
        if (of->numbers[i] != 0 || of->numbers[count + i] != 0)
            heng_output_line("%9" PRIu64 " %9" PRIu64 "  %.*s  %.*s", of->numbers[i],
                             of->numbers[count + i], HENG_STR_ARG(measure->id),
                             HENG_STR_ARG(title));
    }
}

static void tell_regions(const heng_batch_summary *of, bool zh) {
    const uint64_t *regions = of->numbers + 2 * of->ruleset->measure_count;
    heng_output_line("%s", zh ? "各地区有结果的主体数（行政区划代码前四位）："
                              : "subjects with an outcome by region (first four digits "
                                "of its code):");
    for (int i = 0; i < HENG_BATCH_REGIONS - 1; i++) {
        if (regions[i] != 0)
            heng_output_line("%9" PRIu64 "  %04d", regions[i], i);
    }
    if (regions[HENG_BATCH_REGIONS - 1] != 0)
        heng_output_line("%9" PRIu64 "  %s", regions[HENG_BATCH_REGIONS - 1],
                         zh ? "其他" : "other");
}

void heng_batch_summary_tell(const heng_batch_summary *of) {
    bool zh = of->cli->lang == HENG_LANG_ZH;
    if (!of->cli->quiet) {
        tell_counts(of, zh);
        if (of->counts.applies + of->counts.suspended > 0)
            tell_measures(of, zh);
        if (of->counts.told > 0)
            tell_regions(of, zh);
    }
    heng_output_line(zh ? "有规则无法判定的主体：%" PRIu64
                        : "subjects with rules that cannot be determined: %" PRIu64,
                     of->counts.undetermined);
}

/* ---- what the index made of the rules ---- */

static heng_str field_of(const heng_plan *plan, const heng_sieve *key) {
    enum { DECIDED_ON = 16, EFFECTIVE_ON = 20 }; /* model/flat.h: the head */
    if (key->kind != HENG_SIEVE_DAY)
        return heng_names_get(plan->names, key->name);
    return key->name == DECIDED_ON     ? HENG_STR("decided_on")
           : key->name == EFFECTIVE_ON ? HENG_STR("effective_on")
                                       : HENG_STR("expires_on");
}

static void format_number(const heng_sieve *key, char *text, size_t room) {
    char made[HENG_DECIMAL_TEXT_BYTES + HENG_DATE_TEXT_BYTES];
    int64_t number = heng_sieve_number(key);
    bool is_date = key->kind == HENG_SIEVE_DAY || key->type == HENG_ATTRIBUTE_DATE;
    if (is_date && number >= HENG_DATE_MIN && number <= HENG_DATE_MAX) {
        heng_date_format((heng_date)number, made);
    } else if (!is_date && key->type == HENG_ATTRIBUTE_DECIMAL) {
        made[heng_decimal_format(number, made)] = '\0';
    } else if (!is_date && key->type == HENG_ATTRIBUTE_BOOL) {
        (void)snprintf(made, sizeof made, "%s", number != 0 ? "true" : "false");
    } else {
        (void)snprintf(made, sizeof made, "%" PRId64, number);
    }
    (void)snprintf(text, room, "%s", made);
}

/* r.act == "unlicensed" */
static void format_key(const heng_plan *plan, const heng_sieve *key, char *text,
                       size_t room) {
    static const char *const SIGNS[] = {
        [HENG_COMPARE_EQ] = "==", [HENG_COMPARE_NE] = "!=", [HENG_COMPARE_LT] = "<",
        [HENG_COMPARE_LE] = "<=", [HENG_COMPARE_GT] = ">",  [HENG_COMPARE_GE] = ">="};
    char number[64];
    heng_str field = field_of(plan, key);
    if (key->kind == HENG_SIEVE_WORD) {
        (void)snprintf(text, room, "r.%.*s %s \"%.*s\"", HENG_STR_ARG(field),
                       SIGNS[key->compare], (int)key->len, key->as.text);
        return;
    }
    format_number(key, number, sizeof number);
    (void)snprintf(text, room, "r.%.*s %s %s", HENG_STR_ARG(field), SIGNS[key->compare],
                   number);
}

static void tell_rule(const heng_plan *plan, uint32_t index, int width, bool zh) {
    static const char *const GAZES[HENG_GAZES][2] = {
        {"own", "本人"}, {"through", "经由关系"}, {"named_as", "被列名"}};
    enum { KEY_BYTES = 512 };
    char key[KEY_BYTES] = "";
    const heng_rule *rule = &plan->ruleset->rules[index];
    const char *gaze = GAZES[rule->gaze][zh];
    int pad = width - (int)rule->id.len;
    if (plan->rules[index].always) {
        heng_output_line(
            "  %.*s%*s  %s  %s", HENG_STR_ARG(rule->id), pad, "", gaze,
            zh ? rule->ground == NULL ? "未索引：没有 ground，须逐一查看全部主体"
                                      : "未索引：没有记录也可能触发，须逐一查看全部主体"
            : rule->ground == NULL
                ? "not indexed: has no ground, so every subject is looked at"
                : "not indexed: can fire without a record, so every subject is looked "
                  "at");
        return;
    }
    if (rule->all_categories) {
        heng_output_line("  %.*s%*s  %s  %s", HENG_STR_ARG(rule->id), pad, "", gaze,
                         zh ? "未索引：ground 对 r.category 没有限定"
                            : "not indexed: ground sets no bound on r.category");
        return;
    }
    const heng_sieve *sieve = plan->rules[index].sieve;
    const heng_sieve *bound = sieve == NULL ? NULL : heng_sieve_key(sieve);
    bool is_stored = bound != NULL && (bound->kind == HENG_SIEVE_DAY ||
                                       bound->name < heng_names_count(plan->names));
    if (is_stored)
        format_key(plan, bound, key, sizeof key);
    else if (bound != NULL)
        (void)snprintf(key, sizeof key, "%s",
                       zh ? "并按库中尚无记录带有的一项属性"
                          : "and an attribute that no record in the store has");
    heng_output_line(zh ? "  %.*s%*s  %s  目录项 %zu 个%s%s"
                        : "  %.*s%*s  %s  by category (%zu)%s%s",
                     HENG_STR_ARG(rule->id), pad, "", gaze, rule->category_count,
                     key[0] == '\0' ? ""
                     : zh           ? "，"
                                    : ", ",
                     key);
}

void heng_batch_summary_rules(const heng_cli *cli, const heng_batch *batch) {
    const heng_plan *plan = heng_batch_plan(batch);
    const heng_batch_counts *counts = &heng_batch_get_tally(batch)->counts;
    const heng_ruleset *ruleset = plan->ruleset;
    bool zh = cli->lang == HENG_LANG_ZH;
    int width = 0;
    for (size_t i = 0; i < ruleset->rule_count; i++)
        width = (int)ruleset->rules[i].id.len > width ? (int)ruleset->rules[i].id.len
                                                      : width;
    heng_output_line("%s",
                     zh ? "规则如何由记录找到：" : "how rules are found from records:");
    for (uint32_t i = 0; i < ruleset->rule_count; i++)
        tell_rule(plan, i, width, zh);
    heng_output_line(zh ? "判断 %" PRIu64 " 个主体，其中因他人记录 %" PRIu64 " 个"
                        : "looked at %" PRIu64 " subjects, %" PRIu64
                          " of them because of records of others",
                     counts->looked_at, counts->reached);
}

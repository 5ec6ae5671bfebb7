/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_load.c: how long a ruleset of 1,000 rules takes to load and link.
 *
 * The rules are made up but shaped as real ones: a category, a condition on an
 * attribute, an exception, a term, a reason in two languages, two bases.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "heng/ruleset.h"

enum { RULES = 1000, CATEGORIES = 100, MEASURES = 50, SOURCES = 40, ROUNDS = 15 };

static void write_catalog(heng_buffer *out) {
    heng_buffer_add_text(out, "ruleset:\n"
                              "  id: bench\n"
                              "  title: {zh: 测速, en: Bench}\n"
                              "sources:\n");
    for (int i = 0; i < SOURCES; i++)
        heng_buffer_add_format(out,
                               "  - id: law-%d\n"
                               "    title: {zh: 法律, en: Law}\n"
                               "    issuer: 全国人民代表大会常务委员会\n"
                               "    level: law\n"
                               "    in_force: {from: 2003-01-01}\n",
                               i);
    heng_buffer_add_text(out, "categories:\n");
    for (int i = 0; i < CATEGORIES; i++)
        heng_buffer_add_format(
            out,
            "  - id: list.category_%d\n"
            "    title: {zh: 失信主体, en: Entity}\n"
            "    information: public\n"
            "    nature: adverse\n"
            "    severity: serious\n"
            "    provider: 机关\n"
            "    use_limit: P3Y\n"
            "    attributes:\n"
            "      amount: {type: decimal, unit: CNY, required: true}\n"
            "      case_kind: {type: string, enum: [evasion, fraud, arrears]}\n",
            i);
    heng_buffer_add_text(out,
                         "matters:\n"
                         "  - {id: procurement.bid, title: 投标, authority: 机关}\n"
                         "measures:\n");
    for (int i = 0; i < MEASURES; i++)
        heng_buffer_add_format(
            out,
            "  - id: measure-%d\n"
            "    title: {zh: 限制, en: Restriction}\n"
            "    kind: restriction\n"
            "    force: mandatory\n"
            "    matters: [procurement.bid]\n"
            "    authority: 机关\n"
            "    tags: [joint]\n"
            "    remedies:\n"
            "      - {kind: litigation, within: P6M, basis: {source: "
            "law-1, article: \"46\"}}\n",
            i);
}

static void write_rules(heng_buffer *out) {
    heng_buffer_add_text(out, "rules:\n");
    for (int i = 0; i < RULES; i++)
        heng_buffer_add_format(
            out,
            "  - id: rule-%d\n"
            "    title: {zh: 规则, en: Rule}\n"
            "    tags: [tag-%d]\n"
            "    applies_to: [legal_person, unincorporated]\n"
            "    effective: {from: 2016-08-01}\n"
            "    ground: >-\n"
            "      r.category == \"list.category_%d\" && r.amount >= %d &&\n"
            "      r.case_kind in [\"evasion\", \"fraud\"]\n"
            "    when: grounds.exists(g, g.decided_on >= as_of - period(\"P2Y\"))\n"
            "    unless:\n"
            "      - if: subject.status == \"restructured\"\n"
            "        because: {zh: 重整, en: restructured}\n"
            "        basis: [{source: law-%d, article: \"3\"}]\n"
            "    measures: [measure-%d, measure-%d]\n"
            "    term: {from: r.decided_on, last: P3Y}\n"
            "    reason: {zh: \"因{r.document_no}被列入\", en: \"listed by "
            "{r.document_no}\"}\n"
            "    basis:\n"
            "      - {source: law-%d, article: \"22\"}\n"
            "      - {source: law-%d, article: \"7\"}\n",
            i, i % 20, i % CATEGORIES, i * 100, i % SOURCES, i % MEASURES,
            (i + 1) % MEASURES, i % SOURCES, (i + 3) % SOURCES);
}

/* Of the processor: on a busy machine the wall clock says more about the others. */
static double now_ms(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b) {
    const double *left = a;
    const double *right = b;
    return (*left > *right) - (*left < *right);
}

static void print_piece(void *context, const char *text, size_t len) {
    (void)context;
    (void)fwrite(text, 1, len, stderr);
}

/* Milliseconds of one load; below 0 where it failed. */
static double load(heng_str text) {
    heng_ruleset_file file = {"bench.yaml", text};
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    if (diags == NULL)
        return -1;
    double start = now_ms();
    heng_status status = heng_ruleset_load_files(&file, 1, diags, &ruleset, &error);
    double took = now_ms() - start;
    if (status != HENG_OK) {
        (void)fprintf(stderr, "%s\n", error.text);
        if (heng_diags_count(diags) > 0)
            heng_diag_render(heng_diags_get(diags, 0), false, print_piece, NULL);
        took = -1;
    }
    heng_ruleset_free(ruleset);
    heng_diags_free(diags);
    return took;
}

int main(void) {
    double took[ROUNDS];
    heng_buffer text;
    heng_buffer_init(&text, (size_t)16 << 20);
    write_catalog(&text);
    write_rules(&text);
    for (int i = 0; i < ROUNDS; i++) {
        took[i] = load(heng_buffer_view(&text));
        if (took[i] < 0)
            return 1;
    }
    qsort(took, ROUNDS, sizeof took[0], compare);
    (void)printf(
        "load and link %d rules, %zu KiB: median %.1f ms, best %.1f ms (bar: 50 "
        "ms)\n",
        RULES, text.len >> 10, took[ROUNDS / 2], took[0]);
    heng_buffer_done(&text);
    return 0;
}

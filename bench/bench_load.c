/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_load.c: how long a ruleset takes to load and link, beside libyaml alone reading
 * the same text.
 *
 * The bar is for 1,000 rules, made up but shaped as real ones: a category, a condition
 * on two attributes, an exception, a term, a reason in two languages, two bases. Beside
 * them are the rulesets of the other benchmarks. Times are those of
 * the processor; libyaml is timed twice a round for the noise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "base/buffer.h"
#include "made_rules.h"
#include "measure.h"

static const char ABOUT[] =
    "Loading and linking a ruleset, against libyaml alone reading its text.";

enum { RULES = 1000, CATEGORIES = 100, MEASURES = 50, SOURCES = 40 };

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

/* ---- the sides ---- */

static void print_piece(void *context, const char *text, size_t len) {
    (void)context;
    (void)fwrite(text, 1, len, stderr);
}

static void time_load(heng_str text, heng_series *series) {
    heng_ruleset_file file = {"bench.yaml", text};
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    if (diags == NULL)
        heng_measure_die("memory", "none left");
    heng_instant start = heng_measure_now();
    heng_status status = heng_ruleset_load_files(&file, 1, diags, &ruleset, &error);
    heng_measure_add(series, start, 1);
    if (status != HENG_OK) {
        if (heng_diags_count(diags) > 0)
            heng_diag_render(heng_diags_get(diags, 0), false, print_piece, NULL);
        heng_measure_die("rules", error.text);
    }
    heng_ruleset_free(ruleset);
    heng_diags_free(diags);
}

static void time_yaml(heng_str text, heng_series *series) {
    yaml_parser_t parser;
    bool more = true;
    heng_instant start = heng_measure_now();
    if (!yaml_parser_initialize(&parser))
        heng_measure_die("libyaml", "out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.ptr, text.len);
    while (more) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event))
            heng_measure_die("libyaml", "cannot read the rules");
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    heng_measure_add(series, start, 1);
}

/* ---- rows ---- */

typedef struct heng_text {
    char rules[16];
    bool is_barred; /* the ruleset that the bar is for */
    heng_buffer text;
    heng_series load, yaml, again;
} heng_text;

static void init_text(heng_text *text, size_t rules) {
    heng_buffer_init(&text->text, (size_t)64 << 20);
    (void)snprintf(text->rules, sizeof text->rules, "%zu", rules);
    text->is_barred = rules == RULES;
    if (text->is_barred) {
        write_catalog(&text->text);
        write_rules(&text->text);
    } else {
        heng_made_rules_write(&text->text, rules);
    }
    (void)snprintf(text->load.name, sizeof text->load.name, "Load/side=heng/rules=%zu",
                   rules);
    (void)snprintf(text->yaml.name, sizeof text->yaml.name,
                   "Load/side=libyaml/rules=%zu", rules);
    if (heng_buffer_status(&text->text) != HENG_OK)
        heng_measure_die("memory", "none left");
}

static void tell(const heng_measure_options *options, const heng_text *text) {
    char name[64];
    heng_row row = {name,      &text->load,    &text->yaml,   "load",
                    "libyaml", HENG_CLOCK_CPU, HENG_BAR_NONE, 0};
    (void)snprintf(name, sizeof name, "load and link %s rules, %zu KiB / libyaml",
                   text->rules, text->text.len >> 10);
    heng_measure_tell(options, &row);
    heng_measure_print(options, &text->load);
    heng_measure_print(options, &text->yaml);
    if (text->is_barred)
        heng_measure_tell_value(
            options, "load and link 1000 rules", NULL,
            heng_measure_time(&text->load, HENG_CLOCK_CPU).median * 1e-6, "ms", 50);
}

int main(int argc, char **argv) {
    static const size_t SIZES[] = {60, 600, RULES, 6000};
    enum { COUNT = sizeof SIZES / sizeof SIZES[0] };
    heng_measure_options options = {.subjects = 100000, .rounds = 9, .rules = "rules"};
    heng_text *texts = calloc(COUNT, sizeof *texts);
    heng_measure_options_read(&options, ABOUT, argc, argv);
    if (texts == NULL)
        heng_measure_die("memory", "none left");
    for (size_t i = 0; i < COUNT; i++)
        init_text(&texts[i], SIZES[i]);
    for (size_t round = 0; round < options.rounds; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            time_yaml(heng_buffer_view(&texts[i].text), &texts[i].yaml);
            time_load(heng_buffer_view(&texts[i].text), &texts[i].load);
            time_yaml(heng_buffer_view(&texts[i].text), &texts[i].again);
        }
    }
    for (size_t i = 0; i < COUNT; i++) {
        tell(&options, &texts[i]);
        if (texts[i].is_barred)
            heng_measure_tell_noise(&options, &texts[i].yaml, &texts[i].again);
        heng_buffer_done(&texts[i].text);
    }
    free(texts);
    return 0;
}

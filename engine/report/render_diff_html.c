/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render_diff_html.c: a comparison of two rulesets as one page, to be sent around and
 * kept: style and charts are in it, it loads nothing and runs nothing.
 */
#include <inttypes.h>

#include "report/render_diff.h"

static const char STYLE[] =
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;margin:2em auto;"
    "max-width:64em;padding:0 1em;color:#222;background:#fff}"
    "h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.25em .75em .25em 0;border-bottom:1px solid #ddd;"
    "vertical-align:top}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "td.b{width:30%}.bar{display:flex;height:1em;background:#f4f4f4}"
    ".bar i{display:block;height:100%}"
    ".k0{background:#1a7f5a}.k1{background:#c0392b}.k2{background:#d68910}"
    ".k3{background:#7d3c98}.k4{background:#7f8c8d}"
    ".key i{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}"
    "pre{white-space:pre-wrap;background:#f7f7f7;padding:1em}"
    "@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}"
    "th,td{border-color:#444}.bar,pre{background:#262626}}";

static void add(heng_buffer *out, const char *text) {
    (void)heng_buffer_add_str(out, heng_str_of(text));
}

/* As text between tags, or within an attribute. */
static void add_text(heng_buffer *out, heng_str text) {
    for (size_t i = 0; text.ptr != NULL && i < text.len; i++) {
        switch (text.ptr[i]) {
        case '<':
            add(out, "&lt;");
            break;
        case '>':
            add(out, "&gt;");
            break;
        case '&':
            add(out, "&amp;");
            break;
        case '"':
            add(out, "&quot;");
            break;
        default:
            (void)heng_buffer_add_char(out, text.ptr[i]);
        }
    }
    if (text.ptr == NULL && text.len > 0)
        heng_buffer_fail(out, HENG_ERR_NOMEM); /* it could not be made */
}

static heng_str say(const heng_diff_report *report, heng_say phrase) {
    return heng_wording_get(report->lang, phrase);
}

static heng_str title(const heng_diff_report *report) {
    char day[HENG_DATE_TEXT_BYTES];
    heng_date_format(report->as_of, day);
    const heng_str texts[] = {heng_str_of(day)};
    return heng_wording_fill(report->arena, report->lang, HENG_SAY_DIFF_HEAD, texts, 1);
}

static void fact(const heng_diff_report *report, heng_buffer *out, heng_say label,
                 heng_str text) {
    add(out, "<tr><th>");
    add_text(out, say(report, label));
    add(out, "</th><td>");
    add_text(out, text);
    add(out, "</td></tr>\n");
}

static void ruleset_fact(const heng_diff_report *report, heng_buffer *out,
                         heng_say label, const heng_ruleset *ruleset) {
    fact(report, out, label,
         heng_diff_made(heng_arena_printf(
             report->arena, "%.*s %.*s (%.*s)", HENG_STR_ARG(ruleset->id),
             HENG_STR_ARG(ruleset->version), HENG_STR_ARG(ruleset->digest))));
}

static void ids_fact(const heng_diff_report *report, heng_buffer *out, heng_say label,
                     const heng_str *ids, size_t count) {
    add(out, "<tr><th>");
    add_text(out, say(report, label));
    add(out, "</th><td>");
    for (size_t i = 0; i < count; i++) {
        add(out, i > 0 ? "<br>" : "");
        add_text(out, ids[i]);
    }
    if (count == 0)
        add_text(out, say(report, HENG_SAY_DIFF_NO_RULES));
    add(out, "</td></tr>\n");
}

static heng_str counts_text(const heng_diff_report *report) {
    const uint64_t numbers[] = {report->counts.subjects, report->counts.looked_at,
                                report->counts.changed};
    heng_str texts[3];
    for (int i = 0; i < 3; i++)
        texts[i] =
            heng_diff_made(heng_arena_printf(report->arena, "%" PRIu64, numbers[i]));
    return heng_wording_fill(report->arena, report->lang, HENG_SAY_DIFF_COUNTS, texts,
                             3);
}

static void facts(const heng_diff_report *report, heng_buffer *out) {
    add(out, "<table>\n");
    ruleset_fact(report, out, HENG_SAY_DIFF_OLD, report->both->old);
    ruleset_fact(report, out, HENG_SAY_DIFF_NEW, report->both->now);
    fact(report, out, HENG_SAY_DIFF_KNOWN,
         report->has_known_at ? heng_render_time(report->arena, report->known_at)
                              : say(report, HENG_SAY_DIFF_EMPTY));
    ids_fact(report, out, HENG_SAY_DIFF_RULES, report->before->rules,
             report->before->rule_count);
    if (report->before->category_count > 0)
        ids_fact(report, out, HENG_SAY_DIFF_CATEGORIES, report->before->categories,
                 report->before->category_count);
    fact(report, out, HENG_SAY_DIFF_PROOF, heng_diff_days(report));
    fact(report, out, HENG_SAY_DIFF_SUBJECTS, counts_text(report));
    add(out, "</table>\n");
}

static uint64_t sum_of(const heng_diff_row *row) {
    uint64_t sum = 0;
    for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++)
        sum += row->counts[k];
    return sum;
}

/* Beside the longest one. */
static void bar(heng_buffer *out, const heng_diff_row *row, uint64_t most) {
    add(out, "<td class=\"b\"><div class=\"bar\">");
    for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++) {
        if (row->counts[k] > 0)
            (void)heng_buffer_add_format(
                out, "<i class=\"k%d\" style=\"width:%.2f%%\"></i>", k,
                (double)row->counts[k] * 100.0 / (double)most);
    }
    add(out, "</div></td>");
}

static bool table(const heng_diff_report *report, heng_buffer *out,
                  heng_diff_axis axis) {
    heng_diff_row *rows = NULL;
    size_t count = 0;
    uint64_t most = 1;
    if (!heng_diff_rows(report, axis, &rows, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        most = sum_of(&rows[i]) > most ? sum_of(&rows[i]) : most;
    add(out, "<h2>");
    add_text(out, say(report, heng_diff_say_axis(axis)));
    add(out, "</h2>\n<table>\n<tr><th></th><th></th>");
    for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++) {
        add(out, "<th class=\"n\">");
        add_text(out, say(report, heng_diff_say_kind((heng_difference_kind)k)));
        add(out, "</th>");
    }
    add(out, "<th></th></tr>\n");
    for (size_t i = 0; i < count; i++) {
        add(out, "<tr><td>");
        add_text(out, rows[i].id);
        add(out, "</td><td>");
        add_text(out, rows[i].title);
        add(out, "</td>");
        for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++)
            (void)heng_buffer_add_format(out, "<td class=\"n\">%" PRIu64 "</td>",
                                         rows[i].counts[k]);
        bar(out, &rows[i], most);
        add(out, "</tr>\n");
    }
    add(out, "</table>\n");
    return true;
}

static void key(const heng_diff_report *report, heng_buffer *out) {
    add(out, "<p class=\"key\">");
    for (int k = 0; k < HENG_DIFFERENCE_KINDS; k++) {
        (void)heng_buffer_add_format(out, "<i class=\"k%d\"></i>", k);
        add_text(out, say(report, heng_diff_say_kind((heng_difference_kind)k)));
    }
    add(out, "</p>\n");
}

static void side(const heng_diff_report *report, heng_buffer *out, heng_say label,
                 heng_str text) {
    add(out, "<h3>");
    add_text(out, say(report, label));
    add(out, "</h3>\n<pre>");
    add_text(out, text);
    add(out, "</pre>\n");
}

static void sample(const heng_diff_report *report, heng_buffer *out, size_t index) {
    const heng_diff_sample *at = &report->samples[index];
    const heng_str texts[] = {
        heng_diff_made(heng_arena_printf(report->arena, "%zu", index + 1)), at->subject,
        report->both->ids[at->measure], say(report, heng_diff_say_kind(at->kind))};
    add(out, "<details><summary>");
    add_text(out, heng_wording_fill(report->arena, report->lang, HENG_SAY_DIFF_SAMPLE,
                                    texts, 4));
    add(out, "</summary>\n");
    side(report, out, HENG_SAY_DIFF_BY_OLD, at->old);
    side(report, out, HENG_SAY_DIFF_BY_NEW, at->now);
    add(out, "</details>\n");
}

heng_status heng_render_diff_html(const heng_diff_report *report, heng_buffer *out) {
    bool zh = report->lang == HENG_LANG_ZH;
    add(out, "<!DOCTYPE html>\n<html lang=\"");
    add(out, zh ? "zh" : "en");
    add(out, "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
             "content=\"width=device-width\">\n<title>");
    add_text(out, title(report));
    add(out, "</title>\n<style>");
    add(out, STYLE);
    add(out, "</style>\n</head>\n<body>\n<h1>");
    add_text(out, title(report));
    add(out, "</h1>\n");
    facts(report, out);
    if (report->cube->count == 0) {
        add(out, "<p>");
        add_text(out, say(report, HENG_SAY_DIFF_NOTHING));
        add(out, "</p>\n");
    } else {
        key(report, out);
    }
    for (int axis = 0; axis < HENG_DIFF_AXES && report->cube->count > 0; axis++) {
        if (!table(report, out, (heng_diff_axis)axis))
            return HENG_ERR_NOMEM;
    }
    for (size_t i = 0; i < report->sample_count; i++)
        sample(report, out, i);
    add(out, "</body>\n</html>\n");
    return heng_buffer_status(out);
}

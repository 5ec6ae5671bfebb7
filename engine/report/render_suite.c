/* SPDX-License-Identifier: Apache-2.0 */
/* render_suite.c: results of `heng test`. */
#include "report/render_suite.h"

void heng_render_suite_failure(const heng_suite_result *result, heng_lang lang,
                               heng_buffer *out) {
    heng_pos pos = heng_source_locate(result->span.source, result->span.start);
    heng_buffer_add_format(out, "%s:%zu:%zu: %s: %.*s\n",
                           heng_source_name(result->span.source), pos.line, pos.col,
                           lang == HENG_LANG_EN ? "failed" : "未通过",
                           HENG_STR_ARG(result->name[lang == HENG_LANG_EN ? 1 : 0]));
    for (size_t i = 0; i < result->failure_count; i++)
        heng_buffer_add_format(out, "    %s\n", result->failures[i]);
}

void heng_render_suite_counts(const heng_suite_counts *counts, heng_lang lang,
                              heng_buffer *out) {
    heng_buffer_add_format(
        out,
        lang == HENG_LANG_EN
            ? "%zu cases: %zu passed, %zu failed; %zu of %zu rules live in some case, "
              "%zu of %zu conditions seen true and false\n"
            : "用例 %zu 个：通过 %zu，未通过 %zu；规则曾成立 %zu／%zu，"
              "条件真假都出现过 %zu／%zu\n",
        counts->cases, counts->passed, counts->failed, counts->rules_fired,
        counts->rules, counts->conditions_both, counts->conditions);
}

void heng_render_suite_json(const heng_suite_result *result, heng_lang lang,
                            heng_json_write *json) {
    heng_pos pos = heng_source_locate(result->span.source, result->span.start);
    heng_json_write_object(json);
    heng_json_write_key(json, "name");
    heng_json_write_str(json, result->name[lang == HENG_LANG_EN ? 1 : 0]);
    heng_json_write_key(json, "file");
    heng_json_write_text(json, heng_source_name(result->span.source));
    heng_json_write_key(json, "line");
    heng_json_write_uint(json, pos.line);
    heng_json_write_key(json, "passed");
    heng_json_write_bool(json, result->passed);
    heng_json_write_key(json, "failures");
    heng_json_write_array(json);
    for (size_t i = 0; i < result->failure_count; i++)
        heng_json_write_text(json, result->failures[i]);
    heng_json_write_array_end(json);
    heng_json_write_object_end(json);
}

static void write_count(heng_json_write *json, const char *key, size_t count) {
    heng_json_write_key(json, key);
    heng_json_write_uint(json, count);
}

void heng_render_suite_counts_json(const heng_suite_counts *counts,
                                   heng_json_write *json) {
    heng_json_write_object(json);
    write_count(json, "cases", counts->cases);
    write_count(json, "passed", counts->passed);
    write_count(json, "failed", counts->failed);
    write_count(json, "rules", counts->rules);
    write_count(json, "rules_live", counts->rules_fired);
    write_count(json, "conditions", counts->conditions);
    write_count(json, "conditions_both_ways", counts->conditions_both);
    heng_json_write_object_end(json);
}

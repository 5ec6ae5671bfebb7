/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_test.c: `heng test`: the cases that stand beside the rules. */
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "heng/lab.h"
#include "report/render_suite.h"

/* All results of a suite together: far more than any ruleset's cases need. */
enum { RESULTS_BYTES = 1 << 28 };

typedef struct heng_test_run {
    heng_lang lang;
    bool is_json;
    heng_buffer out;
    heng_json_write json;
} heng_test_run;

static void take_result(void *context, const heng_suite_result *result) {
    heng_test_run *run = context;
    if (run->is_json)
        heng_render_suite_json(result, run->lang, &run->json);
    else if (!result->passed)
        heng_render_suite_failure(result, run->lang, &run->out);
}

static void take_gap(void *context, const heng_suite_gap *gap) {
    heng_test_run *run = context;
    if (!run->is_json)
        heng_buffer_add_format(&run->out, "%s `%.*s`: %s\n",
                               run->lang == HENG_LANG_EN ? "not covered:" : "未覆盖：",
                               HENG_STR_ARG(gap->rule), gap->what);
}

static int run_suite(const heng_session *session, heng_test_run *run) {
    const char *only = heng_options_get(session->cli, "only");
    bool coverage = heng_options_get(session->cli, "coverage") != NULL;
    heng_suite_counts counts = {0};
    heng_error error = {0};
    heng_suite_options options = {.only = heng_str_of(only),
                                  .result = take_result,
                                  .gap = coverage ? take_gap : NULL,
                                  .context = run};
    heng_json_write_init(&run->json, &run->out, HENG_JSON_COMPACT);
    if (run->is_json) {
        heng_json_write_object(&run->json);
        heng_json_write_key(&run->json, "schema");
        heng_json_write_text(&run->json, "heng.test/1");
        heng_json_write_key(&run->json, "cases");
        heng_json_write_array(&run->json);
    }
    if (heng_suite_run(session->ruleset, &options, &counts, &error) != HENG_OK)
        return heng_output_error(&error);
    if (run->is_json) {
        heng_json_write_array_end(&run->json);
        heng_json_write_key(&run->json, "counts");
        heng_render_suite_counts_json(&counts, &run->json);
        heng_json_write_object_end(&run->json);
        heng_buffer_add_char(&run->out, '\n');
    } else {
        heng_render_suite_counts(&counts, run->lang, &run->out);
    }
    if (only != NULL && counts.cases == 0)
        return heng_output_fail("no case has `%s` in its name", only);
    return counts.failed > 0 ? HENG_EXIT_FOUND : HENG_EXIT_FINE;
}

static int run(const heng_cli *cli) {
    heng_session session;
    heng_test_run running = {.lang = cli->lang,
                             .is_json = strcmp(heng_options_format(cli), "json") == 0};
    heng_session_init(&session, cli);
    heng_buffer_init(&running.out, RESULTS_BYTES);
    int status = heng_session_rules(&session);
    if (status == HENG_EXIT_FINE) {
        status = run_suite(&session, &running);
        status = heng_session_print(&running.out, status);
    }
    heng_buffer_done(&running.out);
    heng_session_done(&session);
    return status;
}

static const heng_option OPTIONS[] = {
    {"only", '\0', "TEXT", NULL, false, "只运行名称中含有该文字的用例",
     "run only the cases whose name contains this"},
    {"coverage", '\0', NULL, NULL, false, "列出用例没有触及的规则和条件",
     "list the rules and conditions that no case reached"},
};

const heng_command heng_cmd_test_record = {
    .name = "test",
    .arguments = "",
    .least = 0,
    .most = 0,
    .zh = "运行规则集自带的用例",
    .en = "run the cases that stand beside the rules",
    .more_zh = "有用例未通过时退出状态为 "
               "2。每个未通过之处说明期望什么、得到什么、差在哪个条件或者记录。",
    .more_en =
        "Ends with status 2 where a case fails. Each failure says what was expected, "
        "what came, and which condition or record makes the difference.",
    .example =
        "heng test --rules rules --coverage\nheng test --only 农民工 --format json",
    .globals = HENG_GLOBAL_RULES | HENG_GLOBAL_FORMAT,
    .formats = "pretty|json",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof *OPTIONS,
    .run = run,
};

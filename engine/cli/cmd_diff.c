/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_diff.c: what a draft of the rules would change, for whom. */
#include <stdlib.h>
#include <string.h>

#include "cli/diff_job.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/threads.h"

enum { SAMPLES = 3, MOST_SAMPLES = 1000 };

static int read_samples(const heng_cli *cli, size_t *ret_samples) {
    const char *given = heng_options_get(cli, "samples");
    char *end = NULL;
    *ret_samples = SAMPLES;
    if (given == NULL)
        return HENG_EXIT_FINE;
    unsigned long samples = strtoul(given, &end, 10);
    if (*given < '0' || *given > '9' || *end != '\0' || samples > MOST_SAMPLES)
        return heng_output_usage(cli->command,
                                 "option `--samples` is `%s`, expected a number from 0 "
                                 "to %d",
                                 given, MOST_SAMPLES);
    *ret_samples = (size_t)samples;
    return HENG_EXIT_FINE;
}

static int check_files(const heng_cli *cli) {
    const char *out = heng_options_get(cli, "out");
    const char *html = heng_options_get(cli, "html");
    if (out != NULL && html != NULL && strcmp(out, html) == 0)
        return heng_output_usage(cli->command,
                                 "`--html` and `--out` name the same file");
    if (html != NULL && strcmp(html, "-") == 0)
        return heng_output_usage(cli->command,
                                 "`--html` needs a file: standard output has the "
                                 "report");
    return HENG_EXIT_FINE;
}

/* Both look at one store on one day: that of the new ruleset's time zone. */
static int open_both(heng_session *old, heng_session *now) {
    int status = heng_session_rules_at(old, old->cli->arguments[0]);
    if (status == HENG_EXIT_FINE)
        status = heng_session_rules_at(now, now->cli->arguments[1]);
    if (status == HENG_EXIT_FINE)
        status = heng_session_day(now);
    if (status == HENG_EXIT_FINE)
        status = heng_session_store(now, HENG_STORE_READ);
    if (status == HENG_EXIT_FINE)
        status = heng_session_view(now);
    old->as_of = now->as_of;
    old->view = now->view;
    old->has_known_at = now->has_known_at;
    old->known_at = now->known_at;
    return status;
}

static int run(const heng_cli *cli) {
    heng_session old, now;
    heng_diff_job job = {.old = &old,
                         .now = &now,
                         .out = heng_options_get(cli, "out"),
                         .html = heng_options_get(cli, "html"),
                         .threads = 1,
                         .is_json = heng_options_format(cli)[0] == 'j'};
    bool fails = heng_options_get(cli, "fail-on-change") != NULL;
    int status = check_files(cli);
    if (status == HENG_EXIT_FINE)
        status = heng_threads_read(cli, &job.threads);
    if (status == HENG_EXIT_FINE)
        status = read_samples(cli, &job.samples);
    if (status != HENG_EXIT_FINE)
        return status;
    heng_session_init(&old, cli);
    heng_session_init(&now, cli);
    status = open_both(&old, &now);
    if (status == HENG_EXIT_FINE)
        status = heng_diff_job_run(&job);
    if (status == HENG_EXIT_FINE && fails && job.report.counts.changed > 0)
        status = HENG_EXIT_FOUND;
    heng_diff_job_done(&job);
    old.view = NULL; /* it is the other's */
    heng_session_done(&old);
    heng_session_done(&now);
    return status;
}

static const heng_option OPTIONS[] = {
    {"out", '\0', "FILE", NULL, false,
     "另写每个主体每项不同的措施（heng.difference/1）；- 为标准输出",
     "also write each measure of each subject that differs (heng.difference/1); - is "
     "standard output, in place of the report"},
    {"html", '\0', "FILE", NULL, false, "另写一份带图表、可单独保存的网页报告",
     "also write the report as a page with charts that stands for itself"},
    {"samples", '\0', "N", NULL, false, "最多解释多少处不同；默认 3",
     "explain at most so many differences by both rulesets; 3 by default"},
    {"fail-on-change", '\0', NULL, NULL, false, "有主体的结果不同时，退出状态为 2",
     "end with status 2 where anybody gets something else"},
    {"threads", '\0', "N", NULL, false, "线程数；默认与处理器数相同，结果不因此而变",
     "threads to use; as many as processors by default; the result is the same"},
    {"unmask", '\0', NULL, NULL, false, "完整显示自然人身份号码",
     "show identity numbers of natural persons"},
};

const heng_command heng_cmd_diff_record = {
    .name = "diff",
    .arguments = "OLD NEW",
    .least = 2,
    .most = 2,
    .zh = "比对两套规则集：谁新增、失去哪些措施，期限有何变动",
    .en = "two rulesets compared: who gains or loses a measure, or has a term altered",
    .more_zh =
        "OLD 和 NEW 是规则集的文件夹或文件，在同一存储、同一基准日上各判断一次。"
        "只判断不同的规则可能涉及的主体。\n"
        "按措施、地区（行政区划代码前四位）、行业门类和主体类型计数；"
        "一个主体有几项不同的措施就计几次。\n"
        "变动：两套规则下都适用，但是一方暂缓，或者强度、期限不同，或者措施本身不同。",
    .more_en =
        "OLD and NEW are folders or files of rules, each decided by on the same day "
        "over "
        "the same store.\nOnly those are decided whom a rule can concern that is not "
        "the "
        "same.\n"
        "Counts are by measure, region (first four digits of its code), section of "
        "industry and kind of\nsubject; a subject counts once for each measure that "
        "differs. Altered: it applies by both, but\nis suspended by one, or has "
        "another "
        "force or term.",
    .example = "heng diff rules draft --as-of 2027-01-01\n"
               "heng diff rules draft --html draft.html --out who.ndjson\n"
               "heng diff rules draft --fail-on-change --samples 0 --format json",
    .globals =
        HENG_GLOBAL_DB | HENG_GLOBAL_FORMAT | HENG_GLOBAL_AS_OF | HENG_GLOBAL_KNOWN_AT,
    .formats = "text|json",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .run = run,
};

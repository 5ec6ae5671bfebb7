/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_batch.c: all subjects, in the order of their ids, one line each; or what changed.
 */
#include <string.h>
#include <sys/stat.h>

#include "cli/batch_job.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/threads.h"
#include "heng/batch.h"

static int read_decimal(const heng_cli *cli, const char *name, int64_t most,
                        heng_decimal *ret_value) {
    const char *given = heng_options_get(cli, name);
    heng_decimal value = 0;
    if (given == NULL)
        return HENG_EXIT_FINE;
    if (!heng_decimal_parse(heng_str_of(given), &value) || value < 0 ||
        value > most * HENG_DECIMAL_ONE)
        return heng_output_usage(cli->command,
                                 "option `--%s` is `%s`, expected a number from 0 to "
                                 "%d, such as 2.5",
                                 name, given, (int)most);
    *ret_value = value;
    return HENG_EXIT_FINE;
}

/* Standard output, a pipe or a device: written as it goes. */
static bool is_stream(const char *path) {
    struct stat info;
    return strcmp(path, "-") == 0 ||
           (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode));
}

static int exclude(const heng_cli *cli, const char *one, const char *other) {
    if (heng_options_get(cli, one) == NULL || heng_options_get(cli, other) == NULL)
        return HENG_EXIT_FINE;
    return heng_output_usage(cli->command, "`--%s` and `--%s` exclude each other", one,
                             other);
}

static int check_options(const heng_cli *cli, const heng_batch_job *job) {
    static const char *const EXCLUDED[][2] = {{"all", "changed"},
                                              {"changed", "known-at"},
                                              {"feed", "known-at"},
                                              {"resume", "known-at"}};
    if (job->out == NULL)
        return heng_output_usage(cli->command,
                                 "`--out FILE` is missing; `-` is standard output");
    for (size_t i = 0; i < sizeof EXCLUDED / sizeof EXCLUDED[0]; i++) {
        int status = exclude(cli, EXCLUDED[i][0], EXCLUDED[i][1]);
        if (status != HENG_EXIT_FINE)
            return status;
    }
    if (job->feed != NULL && strcmp(job->feed, job->out) == 0)
        return heng_output_usage(cli->command,
                                 "`--feed` and `--out` name the same file");
    if (job->has_guard && !job->changed && job->feed == NULL)
        return heng_output_usage(
            cli->command, "`--guard` needs `--changed` or `--feed`: without them "
                          "nothing is compared");
    bool streams = is_stream(job->out) || (job->feed != NULL && is_stream(job->feed));
    if (job->has_guard && streams)
        return heng_output_usage(cli->command,
                                 "`--guard` needs files: what went to standard output "
                                 "or a pipe cannot be taken back");
    if (job->resume && streams)
        return heng_output_usage(cli->command,
                                 "`--resume` needs files: what went to standard output "
                                 "or a pipe cannot be gone on with");
    return HENG_EXIT_FINE;
}

static int run(const heng_cli *cli) {
    heng_session session;
    heng_batch_job job = {.session = &session,
                          .out = heng_options_get(cli, "out"),
                          .feed = heng_options_get(cli, "feed"),
                          .threads = 1,
                          .all = heng_options_get(cli, "all") != NULL,
                          .changed = heng_options_get(cli, "changed") != NULL,
                          .resume = heng_options_get(cli, "resume") != NULL,
                          .stats = heng_options_get(cli, "stats") != NULL,
                          .has_guard = heng_options_get(cli, "guard") != NULL,
                          .is_csv = heng_options_format(cli)[0] == 'c',
                          .checkpoint = 2 * HENG_DECIMAL_ONE};
    int status = check_options(cli, &job);
    if (status == HENG_EXIT_FINE)
        status = heng_threads_read(cli, &job.threads);
    if (status == HENG_EXIT_FINE)
        status = read_decimal(cli, "guard", 100, &job.guard);
    if (status == HENG_EXIT_FINE)
        status = read_decimal(cli, "checkpoint", 3600, &job.checkpoint);
    if (status != HENG_EXIT_FINE)
        return status;
    heng_session_init(&session, cli);
    status = heng_session_rules(&session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_day(&session);
    if (status == HENG_EXIT_FINE)
        status = heng_batch_job_run(&job);
    heng_batch_job_done(&job);
    heng_session_done(&session);
    return status;
}

static const heng_option OPTIONS[] = {
    {"out", '\0', "FILE", NULL, false, "结果文件；写完才出现；- 为标准输出",
     "the file to write, which appears when it is whole; - is standard output"},
    {"all", '\0', NULL, NULL, false, "每个主体一行，没有结果的也写",
     "a line for every subject, also those without an outcome"},
    {"changed", '\0', NULL, NULL, false, "只写自上次批量以来结果有变化的主体",
     "only subjects whose line is not that of the last batch"},
    {"feed", '\0', "FILE", NULL, false, "另写每项措施的得失变动及原因（heng.change/1）",
     "also write what measures were gained, lost or altered, and why (heng.change/1)"},
    {"guard", '\0', "P", NULL, false, "有变化的主体超过上次有结果主体的 P% 时不发布",
     "publish nothing when more than P % of the subjects with an outcome changed"},
    {"resume", '\0', NULL, NULL, false, "接着做被中断的批量，结果相同",
     "go on with a batch that was interrupted, to the same result"},
    {"checkpoint", '\0', "SECONDS", NULL, false,
     "每隔多少秒记下进度供 --resume 使用；默认 2",
     "how often to note for --resume how far it is; 2 by default"},
    {"stats", '\0', NULL, NULL, false, "说明每条规则如何由记录找到",
     "say for each rule how it is found from records"},
    {"threads", '\0', "N", NULL, false, "线程数；默认与处理器数相同，结果不因此而变",
     "threads to use; as many as processors by default; the result is the same"},
    {"unmask", '\0', NULL, NULL, false, "完整显示自然人身份号码",
     "show identity numbers of natural persons"},
};

const heng_command heng_cmd_batch_record = {
    .name = "batch",
    .arguments = "",
    .least = 0,
    .most = 0,
    .zh = "判断所有主体，每个有结果的主体一行",
    .en = "decide all subjects; a line for each that has an outcome",
    .more_zh =
        "NDJSON 每行一个主体（heng.outcome/1）；CSV "
        "每项措施一行，每条无法判定的规则一行。\n"
        "--changed 以上次完成的批量为准：把它的结果按主体替换为这些行，即为完整批量；"
        "没有措施的行表示不再有结果。\n"
        "写入中的文件名为 FILE.partial；被中断后可用 --resume 继续。"
        "先发布 --feed，再发布 --out，最后记下基线：\n"
        "任何一步中断，再运行一次即可，重复的内容无害。\n"
        "无法判定的主体数写在标准错误。",
    .more_en =
        "NDJSON has a line a subject (heng.outcome/1); CSV a row for each measure and "
        "each undetermined\nrule. How many subjects are undetermined is said on "
        "standard error.\n"
        "--changed goes by the last completed batch: its lines with these in their "
        "place, by subject, are\na full batch; a line without measures and rules says "
        "that there is no outcome any more.\n"
        "What is being written is called FILE.partial; --resume goes on with it. The "
        "feed is published\nfirst, then the lines, then the store notes the batch: "
        "after a kill anywhere run it again, what\nis said twice does no harm.",
    .example =
        "heng batch --out outcomes.ndjson\n"
        "heng batch --changed --out changed.ndjson --feed feed.ndjson --guard 5\n"
        "heng batch --out - --format csv --as-of 2026-12-31",
    .globals = HENG_GLOBAL_DB | HENG_GLOBAL_RULES | HENG_GLOBAL_FORMAT |
               HENG_GLOBAL_AS_OF | HENG_GLOBAL_KNOWN_AT,
    .formats = "ndjson|csv",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .run = run,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_check.c: what follows for one subject, and why. */
#include "base/limits.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "report/render_decision_json.h"
#include "report/render_decision_text.h"
#include "ruleset/linked.h"

/* Nobody is looked up without a purpose where the ruleset says so. */
static int check_purpose(const heng_session *session) {
    static const char *const NEEDED[] = {"purpose", "by"};
    const heng_cli *cli = session->cli;
    if (!session->ruleset->purpose_required)
        return HENG_EXIT_FINE;
    for (size_t i = 0; i < sizeof NEEDED / sizeof NEEDED[0]; i++) {
        const char *given = heng_options_get(cli, NEEDED[i]);
        if (given == NULL || given[0] == '\0')
            return heng_output_usage(
                cli->command,
                "`--%s` is missing: the ruleset `%.*s` lets nobody be checked without "
                "a purpose and the name of the officer (`purpose: required`); add "
                "--purpose TEXT --by OFFICER",
                NEEDED[i], HENG_STR_ARG(session->ruleset->id));
    }
    return HENG_EXIT_FINE;
}

static int print(const heng_session *session) {
    heng_buffer out;
    bool is_json = heng_options_format(session->cli)[0] == 'j';
    heng_buffer_init(&out, HENG_LIMIT_ANSWER_BYTES);
    heng_render render = heng_session_render(session, is_json);
    if (is_json) {
        (void)heng_render_decision_json_answer(&render, &out);
    } else {
        heng_layout layout = heng_session_layout(session, &out);
        heng_render_decision_text(&render, &layout);
    }
    int status =
        heng_session_print(&out, heng_session_verdict_status(session->decision));
    heng_buffer_done(&out);
    return status;
}

static int run(const heng_cli *cli) {
    heng_session session;
    heng_session_init(&session, cli);
    int status = heng_session_rules(&session);
    if (status == HENG_EXIT_FINE)
        status = check_purpose(&session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_decide(&session, heng_str_of(cli->arguments[0]));
    if (status == HENG_EXIT_FINE)
        status = print(&session);
    heng_session_done(&session);
    return status;
}

static const heng_option OPTIONS[] = {
    {"matter", '\0', "MATTER", NULL, false, "所办事项；不给出则列出所有须注意的事项",
     "the dealing it is about; without it, all matters that are not clear"},
    {"purpose", '\0', "TEXT", NULL, false, "核查目的；规则集可以要求给出",
     "what the check is for; a ruleset may require it"},
    {"by", '\0', "OFFICER", NULL, false, "承办人；规则集可以要求给出",
     "who checks; a ruleset may require it"},
    {"suppose", '\0', "FILE", NULL, true, "假设 FILE 中的行（导入格式）已经在案",
     "suppose that the lines of FILE (import format) were on record"},
    {"with", '\0', "ROLE=ID", NULL, true, "假设该主体与 ID 有这种关系",
     "suppose that ID stands to the subject in that role"},
    {"unmask", '\0', NULL, NULL, false, "完整显示自然人身份号码",
     "show identity numbers of natural persons"},
};

const heng_command heng_cmd_check_record = {
    .name = "check",
    .arguments = "SUBJECT",
    .least = 1,
    .most = 1,
    .zh = "核查一个主体：结论、措施、缘由、期限、如何解除",
    .en = "verdict on one subject: measures, why, until when, what lifts them",
    .more_zh = "退出状态：0 未见限制或者可予激励；2 不予办理或者审慎办理；4 "
               "无法判定、主体不明、不在适用\n"
               "范围。不给 --matter 时看所有事项。",
    .more_en =
        "Exit status: 0 clear or favoured; 2 blocked or caution; 4 undetermined, an "
        "unknown subject, or\nout of scope. Without --matter, on any matter.",
    .example =
        "heng check 91430100MA4L16XQ7X --matter procurement.bid --purpose \"tender "
        "2026-17\" --by officer-12\n"
        "heng check 91430100MA4L16XQ7X --with legal_representative=P-0001 --format "
        "json",
    .globals = HENG_GLOBAL_DB | HENG_GLOBAL_RULES | HENG_GLOBAL_FORMAT |
               HENG_GLOBAL_AS_OF | HENG_GLOBAL_KNOWN_AT,
    .formats = "text|json",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .run = run,
};

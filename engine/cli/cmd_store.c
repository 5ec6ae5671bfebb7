/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_store.c: what the store holds, whether it is sound, and a copy of it. */
#include <inttypes.h>
#include <string.h>

#include "base/json_write.h"
#include "base/limits.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"

/* ---- stat ---- */

/* X(key, zh, en): numbers of heng_store_stat, in the order in which they are told */
#define STAT_MAP(X)                                                                    \
    X(subjects, "主体", "subjects")                                                    \
    X(subjects_with_records, "其中有记录", "… with records")                           \
    X(records, "记录", "records")                                                      \
    X(ties, "关联", "ties")                                                            \
    X(mentions, "列名", "mentions")                                                    \
    X(versions, "历史版本", "earlier versions")                                        \
    X(commits, "提交", "commits")                                                      \
    X(file_bytes, "文件字节", "bytes of the file")                                     \
    X(map_bytes, "映射字节", "bytes mapped")                                           \
    X(used_bytes, "已用字节", "bytes used")                                            \
    X(format, "格式", "format")

static void write_moment(const heng_session *session, heng_json_write *json,
                         const char *key, int64_t ms) {
    heng_json_write_key(json, key);
    if (ms == 0)
        heng_json_write_null(json);
    else
        heng_json_write_str(json, heng_render_time(session->arena, ms));
}

static void stat_json(const heng_session *session, const heng_store_stat *stat,
                      heng_buffer *out) {
    heng_json_write json;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    heng_json_write_key(&json, "schema");
    heng_json_write_text(&json, "heng.store_stat/1");
#define X(key, zh, en)                                                                 \
    heng_json_write_key(&json, #key);                                                  \
    heng_json_write_uint(&json, stat->key);
    STAT_MAP(X)
#undef X
    write_moment(session, &json, "first_commit", stat->first_commit);
    write_moment(session, &json, "last_commit", stat->last_commit);
    heng_json_write_object_end(&json);
    (void)heng_buffer_add_char(out, '\n');
}

static void stat_row(const heng_session *session, heng_layout *layout,
                     heng_layout_table *table, const char *zh, const char *en,
                     heng_str value) {
    const char *label = session->cli->lang == HENG_LANG_EN ? en : zh;
    heng_layout_row(layout, table, (const heng_str[]){heng_str_of(label), value});
}

static heng_str moment_text(const heng_session *session, int64_t ms) {
    return ms == 0 ? HENG_STR("-") : heng_render_time(session->arena, ms);
}

static heng_str number_text(const heng_session *session, uint64_t number) {
    char *text = heng_arena_printf(session->arena, "%" PRIu64, number);
    return text == NULL ? (heng_str){NULL, 1} : heng_str_of(text);
}

static void stat_text(const heng_session *session, const heng_store_stat *stat,
                      heng_buffer *out) {
    heng_layout layout = heng_session_layout(session, out);
    heng_layout_table table = {.columns = 2};
    stat_row(session, &layout, &table, "存储", "store", heng_str_of(session->db_path));
#define X(key, zh, en)                                                                 \
    stat_row(session, &layout, &table, zh, en, number_text(session, stat->key));
    STAT_MAP(X)
#undef X
    stat_row(session, &layout, &table, "首次提交", "first commit",
             moment_text(session, stat->first_commit));
    stat_row(session, &layout, &table, "最近提交", "last commit",
             moment_text(session, stat->last_commit));
    heng_layout_print(&layout, &table, 0);
}

static int run_stat(heng_session *session) {
    heng_error error = {0};
    heng_store_stat stat = {0};
    heng_buffer out;
    if (heng_store_stat_get(session->store, &stat, &error) != HENG_OK)
        return heng_output_error(&error);
    heng_buffer_init(&out, HENG_LIMIT_ANSWER_BYTES);
    if (heng_options_format(session->cli)[0] == 'j')
        stat_json(session, &stat, &out);
    else
        stat_text(session, &stat, &out);
    int status = heng_session_print(&out, HENG_EXIT_FINE);
    heng_buffer_done(&out);
    return status;
}

/* ---- verify ---- */

typedef struct heng_problems {
    heng_json_write json;
    heng_buffer out;
    bool is_json;
    uint64_t count;
} heng_problems;

static void take_problem(void *context, const char *table, const char *key,
                         const char *text) {
    heng_problems *problems = context;
    problems->count++;
    if (!problems->is_json) {
        (void)heng_buffer_add_format(&problems->out, "%s %s: %s\n", table, key, text);
        return;
    }
    heng_json_write_object(&problems->json);
    heng_json_write_key(&problems->json, "table");
    heng_json_write_text(&problems->json, table);
    heng_json_write_key(&problems->json, "key");
    heng_json_write_text(&problems->json, key);
    heng_json_write_key(&problems->json, "text");
    heng_json_write_text(&problems->json, text);
    heng_json_write_object_end(&problems->json);
}

static void end_problems(heng_problems *problems, const heng_cli *cli,
                         uint64_t checked) {
    if (problems->is_json) {
        heng_json_write_array_end(&problems->json);
        heng_json_write_key(&problems->json, "checked");
        heng_json_write_uint(&problems->json, checked);
        heng_json_write_object_end(&problems->json);
        (void)heng_buffer_add_char(&problems->out, '\n');
        return;
    }
    bool zh = cli->lang == HENG_LANG_ZH;
    if (problems->count == 0)
        (void)heng_buffer_add_format(&problems->out,
                                     zh ? "完好：查验 %" PRIu64 " 项\n"
                                        : "sound: %" PRIu64 " objects checked\n",
                                     checked);
    else
        (void)heng_buffer_add_format(
            &problems->out,
            zh ? "有损坏：%" PRIu64 " 处，查验 %" PRIu64 " 项；请停止使用并从备份恢复\n"
               : "damaged: %" PRIu64 " findings in %" PRIu64
                 " objects; stop using it and restore a backup\n",
            problems->count, checked);
}

static int run_verify(heng_session *session) {
    heng_error error = {0};
    uint64_t checked = 0;
    heng_problems problems = {.is_json = heng_options_format(session->cli)[0] == 'j'};
    heng_buffer_init(&problems.out, HENG_LIMIT_ANSWER_BYTES);
    heng_json_write_init(&problems.json, &problems.out, HENG_JSON_COMPACT);
    if (problems.is_json) {
        heng_json_write_object(&problems.json);
        heng_json_write_key(&problems.json, "schema");
        heng_json_write_text(&problems.json, "heng.store_verify/1");
        heng_json_write_key(&problems.json, "problems");
        heng_json_write_array(&problems.json);
    }
    int status;
    if (heng_store_verify(session->store, take_problem, &problems, &checked, &error) !=
        HENG_OK) {
        status = heng_output_error(&error);
    } else {
        end_problems(&problems, session->cli, checked);
        status = heng_session_print(
            &problems.out, problems.count == 0 ? HENG_EXIT_FINE : HENG_EXIT_FOUND);
    }
    heng_buffer_done(&problems.out);
    return status;
}

/* ---- backup ---- */

static int run_backup(heng_session *session) {
    heng_error error = {0};
    const char *folder = session->cli->arguments[1];
    if (heng_store_backup(session->store, folder, &error) != HENG_OK)
        return heng_output_error(&error);
    heng_output_note(
        session->cli,
        session->cli->lang == HENG_LANG_ZH ? "已备份到 %s" : "backed up to %s", folder);
    return HENG_EXIT_FINE;
}

/* ---- which ---- */

static const struct heng_store_verb {
    const char *name;
    size_t arguments; /* with its own name */
    const char *needs;
    int (*run)(heng_session *session);
} VERBS[] = {{"stat", 1, "", run_stat},
             {"verify", 1, "", run_verify},
             {"backup", 2, "the new folder to copy to", run_backup}};

static int run(const heng_cli *cli) {
    heng_session session;
    const struct heng_store_verb *verb = NULL;
    for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++) {
        if (strcmp(VERBS[i].name, cli->arguments[0]) == 0)
            verb = &VERBS[i];
    }
    if (verb == NULL)
        return heng_output_usage(cli->command,
                                 "`store %s` is not known, expected stat, verify or "
                                 "backup DIR",
                                 cli->arguments[0]);
    if (cli->argument_count < verb->arguments)
        return heng_output_usage(cli->command, "`store %s` needs %s", verb->name,
                                 verb->needs);
    if (cli->argument_count > verb->arguments)
        return heng_output_usage(cli->command,
                                 "`%s` is one argument too many for "
                                 "`store %s`",
                                 cli->arguments[verb->arguments], verb->name);
    if (cli->arguments[verb->arguments - 1][0] == '\0')
        return heng_output_usage(cli->command, "`store %s` needs %s", verb->name,
                                 verb->needs);
    heng_session_init(&session, cli);
    int status = heng_session_store(&session, HENG_STORE_READ);
    if (status == HENG_EXIT_FINE) {
        session.arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
        status = session.arena == NULL ? heng_output_fail("out of memory")
                                       : verb->run(&session);
    }
    heng_session_done(&session);
    return status;
}

const heng_command heng_cmd_store_record = {
    .name = "store",
    .arguments = "stat|verify|backup [DIR]",
    .least = 1,
    .most = 2,
    .zh = "存储：stat 统计，verify 查验，backup DIR 备份",
    .en = "the store: stat counts, verify checks all of it, backup DIR copies it",
    .more_zh = "查验发现损坏时退出状态为 2。备份期间可以照常读写。",
    .more_en =
        "Damage gives exit status 2. Others may read and write while a backup is "
        "made.",
    .example = "heng store stat\n"
               "heng store backup /backup/heng-2026-05-01",
    .globals = HENG_GLOBAL_DB | HENG_GLOBAL_FORMAT,
    .formats = "text|json",
    .run = run,
};

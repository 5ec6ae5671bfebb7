/* SPDX-License-Identifier: Apache-2.0 */
/* help.c: help texts. Options are aligned by cells, since their words are Chinese too.
 */
#include "cli/help.h"

#include <string.h>

#include "cli/output.h"

enum { NAME_CELLS = 9, OPTION_CELLS = 28, HELP_BYTES_MAX = 1 << 20 };

static const char *pick(heng_lang lang, const char *zh, const char *en) {
    return lang == HENG_LANG_EN ? en : zh;
}

static void add_padded(heng_buffer *out, const char *text, size_t cells) {
    size_t len = strlen(text); /* ASCII: names of options and commands */
    (void)heng_buffer_add_text(out, text);
    do {
        (void)heng_buffer_add_char(out, ' ');
    } while (++len < cells);
}

static void add_option(heng_buffer *out, const heng_option *option, heng_lang lang,
                       const char *choices) {
    heng_buffer name;
    heng_buffer_init(&name, HELP_BYTES_MAX);
    if (option->letter != '\0')
        (void)heng_buffer_add_format(&name, "-%c, ", option->letter);
    (void)heng_buffer_add_format(&name, "--%s", option->name);
    if (option->value != NULL)
        (void)heng_buffer_add_format(&name, " %s",
                                     choices != NULL ? choices : option->value);
    (void)heng_buffer_add_text(out, "  ");
    add_padded(out, heng_buffer_view(&name).ptr, OPTION_CELLS);
    (void)heng_buffer_add_format(out, "%s\n", pick(lang, option->zh, option->en));
    heng_buffer_done(&name);
}

static void write_options(const heng_command *command, heng_lang lang,
                          heng_buffer *out) {
    if (command != NULL && command->option_count > 0) {
        (void)heng_buffer_add_format(out, "\n%s\n", pick(lang, "选项：", "options:"));
        for (size_t i = 0; i < command->option_count; i++)
            add_option(out, &command->options[i], lang, command->options[i].choices);
    }
    (void)heng_buffer_add_format(out, "\n%s\n",
                                 pick(lang, "通用选项：", "common options:"));
    for (size_t i = 0; i < heng_command_global_count; i++) {
        const heng_command_global *global = &heng_command_globals[i];
        if (command != NULL && global->bit != 0 &&
            (command->globals & global->bit) == 0)
            continue;
        bool is_format = global->bit == HENG_GLOBAL_FORMAT;
        add_option(out, &global->option, lang,
                   is_format && command != NULL ? command->formats
                                                : global->option.choices);
    }
}

static void write_all(heng_lang lang, heng_buffer *out) {
    (void)heng_buffer_add_text(
        out,
        pick(lang,
             "heng "
             "衡：按规则判断守信激励与失信惩戒，并说明依据。辅助决定，不替代决定。\n\n"
             "用法：heng [选项] 命令 [参数] [选项]\n\n命令：\n",
             "heng: which incentives and restrictions follow from the rules, and "
             "why. It advises; an\nofficial decides.\n\n"
             "usage: heng [OPTION…] COMMAND [ARGUMENT…] [OPTION…]\n\ncommands:\n"));
    for (size_t i = 0; heng_command_table[i] != NULL; i++) {
        const heng_command *command = heng_command_table[i];
        (void)heng_buffer_add_text(out, "  ");
        add_padded(out, command->name, NAME_CELLS);
        (void)heng_buffer_add_format(out, "%s\n", pick(lang, command->zh, command->en));
    }
    write_options(NULL, lang, out);
    (void)heng_buffer_add_text(
        out,
        pick(lang,
             "\n退出状态：0 正常；1 用法、读写或者内部错误；2 "
             "否定的结果（不予办理、审慎办理、有拒收、\n"
             "有损坏）；3 规则集有错误；4 无法判定、主体不明、不在适用范围（先于 "
             "2）。\n\n"
             "示例：heng check 91430100MA4L16XQ7X --matter procurement.bid\n"
             "      heng check --help\n",
             "\nexit status: 0 fine; 1 usage, input and output, or internal failure; 2 "
             "a negative finding\n(blocked, caution, rejects, damage); 3 the ruleset "
             "is invalid; 4 undetermined, an unknown\nsubject, or out of scope (goes "
             "before 2).\n\n"
             "example: heng check 91430100MA4L16XQ7X --matter procurement.bid\n"
             "         heng check --help\n"));
}

static void write_one(const heng_command *command, heng_lang lang, heng_buffer *out) {
    const char *more = pick(lang, command->more_zh, command->more_en);
    (void)heng_buffer_add_format(
        out, "%sheng %s%s%s [%s]\n\n%s\n", pick(lang, "用法：", "usage: "),
        command->name, command->arguments[0] == '\0' ? "" : " ", command->arguments,
        pick(lang, "选项", "OPTION…"), pick(lang, command->zh, command->en));
    if (more != NULL)
        (void)heng_buffer_add_format(out, "\n%s\n", more);
    write_options(command, lang, out);
    (void)heng_buffer_add_format(out, "\n%s\n", pick(lang, "示例：", "example:"));
    for (const char *at = command->example; *at != '\0';) {
        size_t len = strcspn(at, "\n");
        (void)heng_buffer_add_format(out, "  %.*s\n", (int)len, at);
        at += len + (at[len] == '\n' ? 1 : 0);
    }
}

void heng_help_write(const heng_command *command, heng_lang lang, heng_buffer *out) {
    if (command == NULL)
        write_all(lang, out);
    else
        write_one(command, lang, out);
}

void heng_help_print(const heng_command *command, heng_lang lang) {
    heng_buffer out;
    heng_buffer_init(&out, HELP_BYTES_MAX);
    heng_help_write(command, lang, &out);
    if (heng_buffer_status(&out) == HENG_OK)
        heng_output_write(heng_buffer_view(&out));
    else
        (void)heng_output_fail("%s", heng_status_text(heng_buffer_status(&out)));
    heng_buffer_done(&out);
}

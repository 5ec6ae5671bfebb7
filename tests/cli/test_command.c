/* SPDX-License-Identifier: Apache-2.0 */
/* The command table, and the texts that people write beside it. */
#include "support/check.h"
#include "support/golden.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/command.h"
#include "cli/help.h"

/* Files that must name every command and option. */
static const struct text {
    const char *path;
    const char *long_option; /* how it writes `--name`, `%` standing for the name */
    const char *hyphen;      /* how it writes `-` inside a name */
} TEXTS[] = {
    {"../engine/cli/heng.1", "\\-\\-%", "\\-"},
    {"../engine/cli/completions/heng.bash", "--%", "-"},
    {"../engine/cli/completions/heng.zsh", "--%", "-"},
    {"../engine/cli/completions/heng.fish", "-l %", "-"},
};

static void write_name(heng_buffer *out, const char *form, const char *hyphen,
                       const char *name) {
    heng_buffer_clear(out);
    for (const char *at = form; *at != '\0'; at++) {
        if (*at != '%') {
            (void)heng_buffer_add_char(out, *at);
            continue;
        }
        for (const char *c = name; *c != '\0'; c++) {
            if (*c == '-')
                (void)heng_buffer_add_text(out, hyphen);
            else
                (void)heng_buffer_add_char(out, *c);
        }
    }
}

/* The word, not a part of a longer one. */
static bool has_word(const char *text, const char *word) {
    size_t len = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        char after = at[len];
        bool goes_on = (after >= 'a' && after <= 'z') || after == '-' || after == '\\';
        if (!goes_on || strncmp(at + len, "\\fR", 3) == 0)
            return true;
    }
    return false;
}

static void check_option(const struct text *text, const char *content,
                         const heng_option *option) {
    heng_buffer name;
    heng_buffer_init(&name, 256);
    write_name(&name, text->long_option, text->hyphen, option->name);
    if (!has_word(content, heng_buffer_view(&name).ptr))
        fail_msg("%s lacks the option `--%s`", text->path, option->name);
    heng_buffer_done(&name);
}

static void every_command_and_option_is_in_every_text(void **state) {
    (void)state;
    for (size_t t = 0; t < COUNT(TEXTS); t++) {
        size_t len = 0;
        char *content = golden_read(TEXTS[t].path, &len);
        for (size_t c = 0; heng_command_table[c] != NULL; c++) {
            const heng_command *command = heng_command_table[c];
            if (!has_word(content, command->name))
                fail_msg("%s lacks the command `%s`", TEXTS[t].path, command->name);
            for (size_t o = 0; o < command->option_count; o++)
                check_option(&TEXTS[t], content, &command->options[o]);
        }
        for (size_t g = 0; g < heng_command_global_count; g++)
            check_option(&TEXTS[t], content, &heng_command_globals[g].option);
        free(content);
    }
}

static void every_record_is_complete(void **state) {
    (void)state;
    for (size_t c = 0; heng_command_table[c] != NULL; c++) {
        const heng_command *command = heng_command_table[c];
        assert_ptr_equal(heng_command_find(command->name), command);
        assert_non_null(command->zh);
        assert_non_null(command->en);
        assert_non_null(command->arguments);
        assert_non_null(command->example);
        assert_non_null(command->run);
        assert_true(command->least <= command->most);
        assert_int_equal(command->more_zh == NULL, command->more_en == NULL);
        if ((command->globals & HENG_GLOBAL_FORMAT) != 0)
            assert_non_null(command->formats);
        for (size_t o = 0; o < command->option_count; o++) {
            assert_non_null(command->options[o].zh);
            assert_non_null(command->options[o].en);
        }
    }
    assert_null(heng_command_find("no such command"));
}

static void every_help_ends_with_an_example(void **state) {
    (void)state;
    for (size_t c = 0; heng_command_table[c] != NULL; c++) {
        heng_buffer zh, en;
        heng_buffer_init(&zh, 1 << 20);
        heng_buffer_init(&en, 1 << 20);
        heng_help_write(heng_command_table[c], HENG_LANG_ZH, &zh);
        heng_help_write(heng_command_table[c], HENG_LANG_EN, &en);
        assert_int_equal(heng_buffer_status(&zh), HENG_OK);
        assert_non_null(strstr(heng_buffer_view(&zh).ptr, "示例：\n  heng "));
        assert_non_null(strstr(heng_buffer_view(&en).ptr, "example:\n  heng "));
        heng_buffer_done(&zh);
        heng_buffer_done(&en);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_and_option_is_in_every_text),
        cmocka_unit_test(every_record_is_complete),
        cmocka_unit_test(every_help_ends_with_an_example),
    };
    return cmocka_run_group_tests_name("cli/command", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c: from argv to a heng_cli.
 *
 * Everything is read before anything is judged, so that `--help` and `--lang` hold
 * wherever they stand, and options before the command can be checked against it.
 */
#include "cli/options.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/near.h"
#include "cli/help.h"
#include "cli/output.h"

static const char *given_value(const heng_cli *cli, const char *name, size_t index) {
    for (size_t i = 0; i < cli->given_count; i++) {
        if (strcmp(cli->given[i].option->name, name) == 0 && index-- == 0)
            return cli->given[i].value;
    }
    return NULL;
}

const char *heng_options_get_at(const heng_cli *cli, const char *name, size_t index) {
    return given_value(cli, name, index);
}

const char *heng_options_get(const heng_cli *cli, const char *name) {
    for (size_t i = cli->given_count; i > 0; i--) {
        if (strcmp(cli->given[i - 1].option->name, name) == 0)
            return cli->given[i - 1].value;
    }
    return NULL;
}

const char *heng_options_format(const heng_cli *cli) {
    static const char *const FORMATS[] = {"text", "json", "ndjson", "csv"};
    const char *format = heng_options_get(cli, "format");
    if (format != NULL)
        return format;
    for (size_t i = 0;
         cli->command->formats != NULL && i < sizeof FORMATS / sizeof FORMATS[0]; i++) {
        size_t len = strlen(FORMATS[i]);
        if (strncmp(cli->command->formats, FORMATS[i], len) == 0)
            return FORMATS[i];
    }
    return "text";
}

/* ---- finding options ---- */

static bool is_named(const heng_option *option, heng_str name, bool is_letter) {
    return is_letter ? option->letter != '\0' && option->letter == name.ptr[0]
                     : heng_str_equal(heng_str_of(option->name), name);
}

/* `command` NULL: only what all commands share. */
static const heng_option *find_option(const heng_command *command, heng_str name,
                                      bool is_letter) {
    for (size_t i = 0; command != NULL && i < command->option_count; i++) {
        if (is_named(&command->options[i], name, is_letter))
            return &command->options[i];
    }
    for (size_t i = 0; i < heng_command_global_count; i++) {
        if (is_named(&heng_command_globals[i].option, name, is_letter))
            return &heng_command_globals[i].option;
    }
    return NULL;
}

enum { NAMES_MAX = 64 };

static int fail_unknown_option(const heng_command *command, const char *argument,
                               heng_str name) {
    heng_str names[NAMES_MAX];
    size_t count = 0, near = 0;
    for (size_t i = 0; command != NULL && i < command->option_count; i++)
        names[count++] = heng_str_of(command->options[i].name);
    for (size_t i = 0; i < heng_command_global_count && count < NAMES_MAX; i++)
        names[count++] = heng_str_of(heng_command_globals[i].option.name);
    if (command == NULL) {
        for (size_t c = 0; heng_command_table[c] != NULL; c++) {
            if (find_option(heng_command_table[c], name, false) != NULL)
                return heng_output_usage(
                    NULL, "option `--%.*s` belongs to a command: write it after `%s`",
                    HENG_STR_ARG(name), heng_command_table[c]->name);
        }
    }
    if (argument[1] == '-' && heng_near_find(name, names, count, &near))
        return heng_output_usage(command,
                                 "unknown option `--%.*s` (did you mean `--%.*s`?)",
                                 HENG_STR_ARG(name), HENG_STR_ARG(names[near]));
    return heng_output_usage(command, "unknown option `%s`", argument);
}

static int fail_unknown_command(const char *word) {
    heng_str names[NAMES_MAX];
    size_t count = 0, near = 0;
    for (size_t i = 0; heng_command_table[i] != NULL && count < NAMES_MAX; i++)
        names[count++] = heng_str_of(heng_command_table[i]->name);
    if (heng_near_find(heng_str_of(word), names, count, &near))
        return heng_output_usage(NULL, "unknown command `%s` (did you mean `%.*s`?)",
                                 word, HENG_STR_ARG(names[near]));
    return heng_output_usage(NULL, "unknown command `%s`", word);
}

static const heng_command_global *find_global(const heng_option *option) {
    for (size_t i = 0; i < heng_command_global_count; i++) {
        if (&heng_command_globals[i].option == option)
            return &heng_command_globals[i];
    }
    return NULL;
}

/* ---- reading ---- */

static bool is_choice(const char *choices, const char *value) {
    size_t len = strlen(value);
    for (const char *at = choices; len > 0 && at != NULL;) {
        const char *end = strchr(at, '|');
        size_t choice = end == NULL ? strlen(at) : (size_t)(end - at);
        if (choice == len && memcmp(at, value, len) == 0)
            return true;
        at = end == NULL ? NULL : end + 1;
    }
    return false;
}

/* HENG_EXIT_FINE, or the status after saying what is wrong. `*at` moves past a value.
 */
static int take_option(heng_cli *cli, int argc, char **argv, int *at) {
    const char *argument = argv[*at];
    bool is_letter = argument[1] != '-';
    const char *start = argument + (is_letter ? 1 : 2);
    const char *equals = is_letter ? NULL : strchr(start, '=');
    heng_str name = {start, equals == NULL ? strlen(start) : (size_t)(equals - start)};
    const heng_option *option =
        is_letter && name.len != 1 ? NULL : find_option(cli->command, name, is_letter);
    const char *value = "";

    if (option == NULL)
        return fail_unknown_option(cli->command, argument, name);
    if (option->value == NULL && equals != NULL)
        return heng_output_usage(cli->command, "option `--%s` takes no value",
                                 option->name);
    if (option->value != NULL && equals != NULL) {
        value = equals + 1;
    } else if (option->value != NULL) {
        if (*at + 1 >= argc)
            return heng_output_usage(cli->command, "option `--%s` needs a value: %s",
                                     option->name, option->value);
        value = argv[++*at];
    }
    if (option->choices != NULL && !is_choice(option->choices, value))
        return heng_output_usage(cli->command,
                                 "option `--%s` is `%s`, expected one of %s",
                                 option->name, value, option->choices);
    /* `--out "$UNSET"` is no path that could be named in an error. */
    if (value[0] == '\0' && option->value != NULL &&
        (strcmp(option->value, "DIR") == 0 || strcmp(option->value, "FILE") == 0))
        return heng_output_usage(cli->command, "option `--%s` is empty, expected %s",
                                 option->name, option->value);
    /* What all commands share may come twice, the last one holding: the first is often
     * that of an alias. */
    if (!option->many && option->value != NULL && find_global(option) == NULL &&
        heng_options_get(cli, option->name) != NULL)
        return heng_output_usage(cli->command, "option `--%s` is given twice",
                                 option->name);
    cli->given[cli->given_count++] = (heng_given){option, value};
    return HENG_EXIT_FINE;
}

static int read_words(int argc, char **argv, heng_cli *cli) {
    bool options_end = false;
    int status = HENG_EXIT_FINE;
    for (int at = 1; at < argc && status == HENG_EXIT_FINE; at++) {
        const char *word = argv[at];
        if (!options_end && strcmp(word, "--") == 0) {
            options_end = true;
        } else if (!options_end && word[0] == '-' && word[1] != '\0') {
            status = take_option(cli, argc, argv, &at);
        } else if (cli->command == NULL) {
            cli->command = heng_command_find(word);
            if (cli->command == NULL)
                status = fail_unknown_command(word);
        } else {
            cli->arguments[cli->argument_count++] = word;
        }
    }
    return status;
}

/* ---- judging ---- */

/* Where store and ruleset are may be said to every command, also to those that need
 * neither: people put it into aliases. */
static int check_given(const heng_cli *cli) {
    const heng_command *command = cli->command;
    for (size_t i = 0; i < cli->given_count; i++) {
        const heng_option *option = cli->given[i].option;
        const heng_command_global *global = find_global(option);
        unsigned bit = global == NULL ? 0 : global->bit;
        bool everywhere = (bit & (HENG_GLOBAL_DB | HENG_GLOBAL_RULES)) != 0;
        if (bit != 0 && !everywhere && (command->globals & bit) == 0)
            return heng_output_usage(command, "`%s` takes no option `--%s`",
                                     command->name, option->name);
        if (bit == HENG_GLOBAL_FORMAT &&
            !is_choice(command->formats, cli->given[i].value))
            return heng_output_usage(command,
                                     "option `--format` is `%s`, expected one of %s",
                                     cli->given[i].value, command->formats);
    }
    if (cli->argument_count < command->least)
        return heng_output_usage(command, "`%s` needs %s", command->name,
                                 command->arguments);
    if (cli->argument_count > command->most)
        return heng_output_usage(command, "`%s` is one argument too many for `%s%s%s`",
                                 cli->arguments[command->most], command->name,
                                 command->most == 0 ? "" : " ", command->arguments);
    return HENG_EXIT_FINE;
}

/* ---- the environment ---- */

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

static heng_lang locale_lang(void) {
    static const char *const NAMES[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        const char *value = environment(NAMES[i]);
        if (value != NULL)
            return strncmp(value, "zh", 2) == 0 ? HENG_LANG_ZH : HENG_LANG_EN;
    }
    return HENG_LANG_EN;
}

static int find_lang(heng_cli *cli) {
    const char *given = heng_options_get(cli, "lang");
    const char *wanted = given != NULL ? given : environment("HENG_LANG");
    cli->lang_given = given != NULL;
    cli->lang = wanted == NULL              ? locale_lang()
                : strcmp(wanted, "en") == 0 ? HENG_LANG_EN
                                            : HENG_LANG_ZH;
    if (wanted != NULL && !is_choice("zh|en", wanted))
        return heng_output_usage(cli->command,
                                 "HENG_LANG is `%s`, expected one of zh|en", wanted);
    return HENG_EXIT_FINE;
}

static bool wants_color(const heng_cli *cli, int descriptor) {
    const char *when = heng_options_get(cli, "color");
    const char *term = environment("TERM");
    if (when != NULL && strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    return environment("NO_COLOR") == NULL &&
           (term == NULL || strcmp(term, "dumb") != 0) &&
           heng_output_is_terminal(descriptor);
}

static bool finish_with(int status, int *ret_exit) {
    *ret_exit = heng_output_finish() ? status : HENG_EXIT_FAILED;
    return false;
}

bool heng_options_parse(int argc, char **argv, heng_cli *ret_cli, int *ret_exit) {
    size_t room = argc > 0 ? (size_t)argc : 1;
    *ret_cli = (heng_cli){.lang = locale_lang()};
    ret_cli->arguments = heng_alloc_zero(room, sizeof *ret_cli->arguments);
    ret_cli->given = heng_alloc_zero(room, sizeof *ret_cli->given);
    *ret_exit = HENG_EXIT_FAILED;
    if (ret_cli->arguments == NULL || ret_cli->given == NULL) {
        *ret_exit = heng_output_fail("out of memory");
        return false;
    }
    int status = read_words(argc, argv, ret_cli);
    if (status == HENG_EXIT_FINE)
        status = find_lang(ret_cli);
    if (status != HENG_EXIT_FINE) {
        *ret_exit = status;
        return false;
    }
    ret_cli->quiet = heng_options_get(ret_cli, "quiet") != NULL;
    ret_cli->color = wants_color(ret_cli, 1);
    ret_cli->color_err = wants_color(ret_cli, 2);

    if (heng_options_get(ret_cli, "help") != NULL) {
        heng_help_print(ret_cli->command, ret_cli->lang);
        return finish_with(HENG_EXIT_FINE, ret_exit);
    }
    if (heng_options_get(ret_cli, "version") != NULL) {
        heng_output_write(HENG_STR("heng " HENG_VERSION "\n"));
        return finish_with(HENG_EXIT_FINE, ret_exit);
    }
    if (ret_cli->command == NULL) {
        *ret_exit = heng_output_usage(NULL, "no command given");
        return false;
    }
    *ret_exit = check_given(ret_cli);
    return *ret_exit == HENG_EXIT_FINE;
}

void heng_options_done(heng_cli *cli) {
    heng_alloc_free(cli->arguments);
    heng_alloc_free(cli->given);
    *cli = (heng_cli){0};
}

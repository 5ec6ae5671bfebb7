/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h: one declarative record a command: its name, what it takes, what it says of
 * itself in both languages, and what it runs. Help, completions, the manual page and
 * the parser of options all follow from these records; a test keeps them together.
 *
 * To add a command: cmd_<name>.c, which defines `heng_cmd_<name>_record`, and its row
 * here.
 */
#ifndef HENG_CLI_COMMAND_H
#define HENG_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "model/catalog.h"

/* In the order in which `heng --help` lists them. */
#define HENG_COMMAND_MAP(X)                                                            \
    X(check) X(explain) X(find) X(import) X(batch) X(store) X(test) X(diff) X(eval)

/* Exit statuses, as the specification numbers them. */
enum {
    HENG_EXIT_FINE = 0,
    HENG_EXIT_FAILED = 1,  /* usage, input and output, or a bug */
    HENG_EXIT_FOUND = 2,   /* blocked, caution, rejects, damage */
    HENG_EXIT_RULESET = 3, /* the ruleset is invalid */
    HENG_EXIT_UNKNOWN = 4, /* undetermined, an unknown subject, out of scope */
};

/* Which of the options that all commands share one command takes. */
enum {
    HENG_GLOBAL_DB = 1,
    HENG_GLOBAL_RULES = 2,
    HENG_GLOBAL_FORMAT = 4,
    HENG_GLOBAL_AS_OF = 8,
    HENG_GLOBAL_KNOWN_AT = 16,
    HENG_GLOBAL_ALWAYS = 0, /* --lang, --color, --quiet, --help, --version */
};

typedef struct heng_option {
    const char *name;    /* without its hyphens */
    char letter;         /* '\0': none */
    const char *value;   /* what its value is called in help; NULL: takes none */
    const char *choices; /* the only values, parted by `|`; NULL: any */
    bool many;           /* may be given more than once */
    const char *zh, *en; /* what it does: a clause */
} heng_option;

struct heng_cli;

typedef struct heng_command {
    const char *name;
    const char *arguments;         /* as help writes them: "SUBJECT", "FILE…" */
    size_t least, most;            /* how many arguments */
    const char *zh, *en;           /* what it does: one line */
    const char *more_zh, *more_en; /* paragraphs for its own help; NULL: none */
    const char *example;           /* lines, without a prompt */
    unsigned globals;              /* HENG_GLOBAL_* */
    const char *formats;           /* choices of --format, the default first */
    const heng_option *options;    /* its own */
    size_t option_count;
    int (*run)(const struct heng_cli *cli); /* gives the exit status */
} heng_command;

#define HENG_COMMAND_DECLARE(name) extern const heng_command heng_cmd_##name##_record;
HENG_COMMAND_MAP(HENG_COMMAND_DECLARE)
#undef HENG_COMMAND_DECLARE

/** All commands, in order; NULL after the last. */
extern const heng_command *const heng_command_table[];

/** NULL where there is none such. */
const heng_command *heng_command_find(const char *name);

/** Options that all commands share; `bit` is 0 for those that every command takes. */
typedef struct heng_command_global {
    heng_option option;
    unsigned bit;
} heng_command_global;

extern const heng_command_global heng_command_globals[];
extern const size_t heng_command_global_count;

/** An option given, with its value ("" for a switch). */
typedef struct heng_given {
    const heng_option *option;
    const char *value;
} heng_given;

/** What a command is run with: a command line, understood. */
typedef struct heng_cli {
    const heng_command *command;
    const char **arguments;
    size_t argument_count;
    heng_given *given;
    size_t given_count;
    heng_lang lang;  /* of texts for people */
    bool lang_given; /* by --lang: then JSON speaks it too */
    bool quiet;
    bool color;     /* on standard output */
    bool color_err; /* on standard error */
} heng_cli;

#endif

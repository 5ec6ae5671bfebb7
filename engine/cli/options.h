/* SPDX-License-Identifier: Apache-2.0 */
/* options.h: a command line understood: which command, its arguments and options. */
#ifndef HENG_CLI_OPTIONS_H
#define HENG_CLI_OPTIONS_H

#include "cli/command.h"

/**
 * Reads the command line and the environment (HENG_LANG, LC_ALL, LC_MESSAGES, LANG,
 * NO_COLOR, TERM). `--name value` and `--name=value` are the same; `--` ends options;
 * options that all commands share may stand before the command. Says itself what is
 * wrong, and prints help and version where they were asked for.
 *
 * @param ret_exit  set on false: the status to end with.
 * @return whether there is a command to run. Call heng_options_done() in any case.
 */
bool heng_options_parse(int argc, char **argv, heng_cli *ret_cli, int *ret_exit);

void heng_options_done(heng_cli *cli);

/** The last value given for an option ("" for a switch), or NULL. */
const char *heng_options_get(const heng_cli *cli, const char *name);

/** The `index`-th value given for an option that may come more than once, or NULL. */
const char *heng_options_get_at(const heng_cli *cli, const char *name, size_t index);

/** The format asked for, or the command's default. */
const char *heng_options_format(const heng_cli *cli);

#endif

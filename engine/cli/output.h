/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output.h: the one place that writes to standard output and standard error.
 *
 * What cannot be written is never a success: a broken pipe, a full disk or a closed
 * descriptor ends the command with status 1.
 */
#ifndef HENG_CLI_OUTPUT_H
#define HENG_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/command.h"
#include "heng/api.h"
#include "heng/error.h"
#include "heng/str.h"

/** Before anything else: no signal for a broken pipe or a file too large, words for a
 * page of the store that cannot be read, and no file opened later can be taken for
 * standard output. */
void heng_output_prepare(void);

/** Adds to standard output. A failure is remembered for heng_output_finish(). */
void heng_output_write(heng_str text);

/** Flushes; false after saying so where anything could not be written. */
bool heng_output_finish(void);

/** Whether standard output (1) or standard error (2) is a terminal. */
bool heng_output_is_terminal(int descriptor);

/** Cells of the terminal that standard output is; 0 where it is none. */
size_t heng_output_width(void);

/** One line on standard error: `heng: …`. Returns HENG_EXIT_FAILED. Identity numbers in
 * the text are masked. */
int heng_output_fail(const char *format, ...) HENG_PRINTF(1, 2);

/** The same for a failure of the library; HENG_EXIT_RULESET where it is the ruleset. */
int heng_output_error(const heng_error *error);

/** A usage error: the line, and where to read more. Returns HENG_EXIT_FAILED. */
int heng_output_usage(const heng_command *command, const char *format, ...)
    HENG_PRINTF(2, 3);

/** One line on standard error as it is, identity numbers masked. */
void heng_output_line(const char *format, ...) HENG_PRINTF(1, 2);

/** Something to know that is no failure; dropped under --quiet. */
void heng_output_note(const heng_cli *cli, const char *format, ...) HENG_PRINTF(2, 3);

/** Text on standard error as it is. */
void heng_output_err(heng_str text);

/** For heng_diag_render: writes to standard error. */
void heng_output_err_piece(void *context, const char *text, size_t len);

#endif

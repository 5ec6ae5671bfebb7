/* SPDX-License-Identifier: Apache-2.0 */
/* help.h: what a command says of itself, made from its record. */
#ifndef HENG_CLI_HELP_H
#define HENG_CLI_HELP_H

#include "base/buffer.h"
#include "cli/command.h"

/** Writes the help of one command, or of all where NULL. */
void heng_help_write(const heng_command *command, heng_lang lang, heng_buffer *out);

/** The same to standard output. */
void heng_help_print(const heng_command *command, heng_lang lang);

#endif

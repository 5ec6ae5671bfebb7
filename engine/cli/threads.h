/* SPDX-License-Identifier: Apache-2.0 */
/* threads.h: how many threads a command may use. */
#ifndef HENG_CLI_THREADS_H
#define HENG_CLI_THREADS_H

#include <stddef.h>

#include "cli/command.h"

/** Reads --threads; without it as many as there are processors. The exit status to end
 * with, or HENG_EXIT_FINE. */
int heng_threads_read(const heng_cli *cli, size_t *ret_threads);

#endif

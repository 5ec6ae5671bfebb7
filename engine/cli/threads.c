/* SPDX-License-Identifier: Apache-2.0 */
/* threads.c: --threads of the commands that take it. */
#include "cli/threads.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/output.h"
#include "heng/batch.h"

int heng_threads_read(const heng_cli *cli, size_t *ret_threads) {
    const char *given = heng_options_get(cli, "threads");
    char *end = NULL;
    if (given == NULL) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        *ret_threads = processors < 1                    ? 1
                       : processors > HENG_BATCH_THREADS ? HENG_BATCH_THREADS
                                                         : (size_t)processors;
        return HENG_EXIT_FINE;
    }
    unsigned long threads = strtoul(given, &end, 10);
    if (*given < '0' || *given > '9' || *end != '\0' || threads < 1 ||
        threads > HENG_BATCH_THREADS)
        return heng_output_usage(cli->command,
                                 "option `--threads` is `%s`, expected a number from 1 "
                                 "to %d",
                                 given, HENG_BATCH_THREADS);
    *ret_threads = (size_t)threads;
    return HENG_EXIT_FINE;
}

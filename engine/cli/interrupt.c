/* SPDX-License-Identifier: Apache-2.0 */
/* interrupt.c: the one global of heng, because a signal handler reaches nothing else.
 */
#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;

static void remember(int number) {
    (void)number;
    came = 1;
}

void heng_interrupt_watch(void) {
    struct sigaction before = {0};
    struct sigaction action = {.sa_handler = remember};
    (void)sigemptyset(&action.sa_mask);
    /* a second one need not be asked for; a read that waits goes on */
    action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
    (void)sigaction(SIGTERM, &action, NULL);
    /* what a shell runs beside itself is not meant by its Ctrl-C */
    if (sigaction(SIGINT, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        (void)sigaction(SIGINT, &action, NULL);
}

bool heng_interrupt_came(void *context) {
    (void)context;
    return came != 0;
}

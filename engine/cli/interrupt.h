/* SPDX-License-Identifier: Apache-2.0 */
/* interrupt.h: Ctrl-C as a question that long work asks now and then. */
#ifndef HENG_CLI_INTERRUPT_H
#define HENG_CLI_INTERRUPT_H

#include <stdbool.h>

/** From now on SIGINT and SIGTERM are remembered; the second one ends the process as
 * ever. */
void heng_interrupt_watch(void);

/** Whether one came. `context` is not looked at. */
bool heng_interrupt_came(void *context);

#endif

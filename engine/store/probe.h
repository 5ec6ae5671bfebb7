/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h: cheap questions about one subject, for whoever wants to know whether to look
 * at it at all. Answers are of the newest state, and err to "yes".
 */
#ifndef HENG_STORE_PROBE_H
#define HENG_STORE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heng/error.h"
#include "heng/store.h"

/** Whether a record makes a difference to whoever asks. It has not been checked
 * (heng_flat_check_record()). */
typedef struct heng_probe_filter {
    bool (*counts)(void *context, const uint8_t *record, size_t size);
    void *context;
} heng_probe_filter;

/** Whether it has records of its own. One look-up. */
heng_status heng_probe_records(heng_view *view, heng_str id, bool *ret_found,
                               heng_error *reterr) HENG_NODISCARD;

/** Whether a record of somebody that counts names it, or once did so and is another one
 * now. One look-up. */
heng_status heng_probe_named(heng_view *view, heng_str id,
                             const heng_probe_filter *filter, bool *ret_found,
                             heng_error *reterr) HENG_NODISCARD;

/** Whether it is tied to anybody who has records that count, declared by either side,
 * or was so by a line that held at `since` or later. Three look-ups, and one for each
 * other. */
heng_status heng_probe_tied(heng_view *view, heng_str id, uint64_t since,
                            const heng_probe_filter *filter, bool *ret_found,
                            heng_error *reterr) HENG_NODISCARD;

#endif

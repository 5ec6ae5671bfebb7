/* SPDX-License-Identifier: Apache-2.0 */
/* vm_clock.h: comparisons with the as-of day, and until when they stay as they are. */
#ifndef HENG_CEL_VM_CLOCK_H
#define HENG_CEL_VM_CLOCK_H

#include "cel/code.h"

/** The as-of day, shifted as `clock` says; false outside the calendar. */
bool heng_vm_clock_shift(const heng_cel_clock *clock, heng_date day,
                         heng_date *ret_day);

/** The comparison itself: `op` of HENG_CEL_OP_EQ_WORD … GE_WORD. */
bool heng_vm_clock_compare(heng_cel_op op, int64_t left, int64_t right);

/** Before a run: what uses the as-of day in any other way may change tomorrow. */
static inline void heng_vm_clock_begin(const heng_cel_program *program,
                                       heng_cel_frame *frame) {
    if (program->clock_opaque && frame->clock < frame->next_change &&
        frame->clock < HENG_DATE_MAX && frame->clock >= HENG_DATE_MIN) {
        frame->next_change = frame->clock + 1;
    }
}

/** Lowers frame->next_change to the first day after frame->clock on which the
 * comparison turns out differently, becomes an error, or stops being one. */
void heng_vm_clock_track(const heng_cel_clock_site *site, heng_date other,
                         heng_cel_frame *frame);

#endif

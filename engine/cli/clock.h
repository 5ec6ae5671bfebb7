/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.h: the only place that reads the clock, and days of a time zone as moments.
 */
#ifndef HENG_CLI_CLOCK_H
#define HENG_CLI_CLOCK_H

#include <stdint.h>

#include "heng/date.h"
#include "heng/error.h"
#include "heng/str.h"

/** Milliseconds since 1970, UTC. */
int64_t heng_clock_now(void);

/** The day that `now` is in a time zone (IANA name). HENG_ERR_INVALID where it is not
 * known here. */
heng_status heng_clock_day(heng_str zone, int64_t now, heng_date *ret_day,
                           heng_error *reterr) HENG_NODISCARD;

/** The last millisecond of a day in a time zone. */
heng_status heng_clock_day_end(heng_str zone, heng_date day, int64_t *ret_ms,
                               heng_error *reterr) HENG_NODISCARD;

/** Parses RFC 3339: `2026-05-01T11:00:00+08:00`, `…Z`, up to three decimals. */
bool heng_clock_parse(heng_str text, int64_t *ret_ms);

#endif

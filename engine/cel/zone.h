/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone.h: time zones: `UTC`, fixed offsets (`+08:00`), and names of the IANA data base
 * (`Asia/Shanghai`), which is read from the system's TZif files.
 */
#ifndef HENG_CEL_ZONE_H
#define HENG_CEL_ZONE_H

#include <stdint.h>

#include "heng/arena.h"
#include "heng/error.h"
#include "heng/str.h"

typedef struct heng_zone heng_zone;

/**
 * Finds a zone. It lives in `arena`, and is immutable.
 *
 * @param ret_reason  set on HENG_ERR_INVALID: no such zone, or no zone data here; lives
 * in `arena`.
 */
heng_status heng_zone_find(heng_str name, const heng_zone **ret_zone,
                           const char **ret_reason, heng_arena *arena) HENG_NODISCARD;

/** Seconds to add to UTC at `seconds` since 1970. */
int32_t heng_zone_offset(const heng_zone *zone, int64_t seconds);

#endif

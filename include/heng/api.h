/* SPDX-License-Identifier: Apache-2.0 */
/* api.h: which symbols leave the library, and compiler hints that every header shares.
 */
#ifndef HENG_API_H
#define HENG_API_H

#if defined(__GNUC__)
#define HENG_API __attribute__((visibility("default")))
#define HENG_NODISCARD __attribute__((warn_unused_result))
#define HENG_PRINTF(format_at, args_at)                                                \
    __attribute__((format(printf, format_at, args_at)))
#else
#define HENG_API
#define HENG_NODISCARD
#define HENG_PRINTF(format_at, args_at)
#endif

#endif

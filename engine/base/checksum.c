/* SPDX-License-Identifier: Apache-2.0 */
/* checksum.c: xxHash, in line: most of what is asked for is a few hundred bytes. */
#include "base/checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t heng_checksum(const void *bytes, size_t len, uint64_t seed) {
    return XXH3_64bits_withSeed(bytes, len, seed);
}

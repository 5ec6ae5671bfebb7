/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checksum.h: whether bytes are those that were written, at the rate of the memory. It
 * finds damage; it is no proof against whoever makes a checksum of his own.
 */
#ifndef HENG_BASE_CHECKSUM_H
#define HENG_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/** XXH3 (64 bits) of the bytes, another for each `seed`. Source: the xxHash
 * specification, XXH3; its values do not change with the library. */
uint64_t heng_checksum(const void *bytes, size_t len, uint64_t seed);

#endif

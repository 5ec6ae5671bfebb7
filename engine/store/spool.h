/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool.h: a file of this process alone: written at its end, read anywhere, and gone
 * when it is closed or the process ends, however it ends.
 *
 * It lies in the store's folder, so what an import sorts needs no second disk, and
 * takes no memory as a file in a RAM disk would. Only this user can open it (it holds
 * personal data), and only until it has no name, which is at once.
 */
#ifndef HENG_STORE_SPOOL_H
#define HENG_STORE_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "heng/error.h"

typedef struct heng_spool {
    const char *folder; /* borrowed */
    int fd;             /* -1: nothing was written */
    uint64_t size;
} heng_spool;

/** Makes no file yet. */
void heng_spool_init(heng_spool *spool, const char *folder);

/** Empties it and gives the space back. Also takes one already closed. */
void heng_spool_close(heng_spool *spool);

/** Writes at the end. HENG_ERR_FULL where there is no space; HENG_ERR_IO. */
heng_status heng_spool_write(heng_spool *spool, const void *bytes, size_t len,
                             heng_error *reterr) HENG_NODISCARD;

/** Reads `len` bytes from `at`, which lie before its end. */
heng_status heng_spool_read(const heng_spool *spool, uint64_t at, void *buffer,
                            size_t len, heng_error *reterr) HENG_NODISCARD;

#endif

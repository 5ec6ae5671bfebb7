/* SPDX-License-Identifier: Apache-2.0 */
/* spool.c: a file that never has a name, or loses it before anything is in it. */
#define _GNU_SOURCE /* O_TMPFILE */
#include "store/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/file.h"

enum { FILE_MODE = 0600 };

static const heng_pos NOWHERE = {0, 0};

void heng_spool_init(heng_spool *spool, const char *folder) {
    *spool = (heng_spool){.folder = folder, .fd = -1};
}

void heng_spool_close(heng_spool *spool) {
    if (spool->fd >= 0) {
        (void)close(spool->fd);
    }
    spool->fd = -1;
    spool->size = 0;
}

static heng_status fail(const heng_spool *spool, const char *doing, int cause,
                        heng_error *reterr) {
    if (cause == ENOSPC || cause == EDQUOT || cause == EFBIG)
        return heng_error_set(
            reterr, HENG_ERR_FULL, spool->folder, NOWHERE,
            "no space left beside the store to sort lines that come in no order; what "
            "was stored stays: free some space and run the same again, or sort the "
            "lines by subject first");
    return heng_file_fail(reterr, spool->folder, doing, cause);
}

/* For file systems without O_TMPFILE. The name is always the same: the one writer that
 * a store has may remove what another left who was killed between the two calls. */
static int open_named(const char *folder) {
    char path[PATH_MAX];
    int len = snprintf(path, sizeof path, "%s/sort.tmp", folder);
    if (len < 0 || (size_t)len >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    (void)unlink(path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd >= 0) {
        (void)unlink(path);
    }
    return fd;
}

static int open_nameless(const char *folder) {
#ifdef O_TMPFILE
    int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd >= 0)
        return fd;
#endif
    return open_named(folder);
}

heng_status heng_spool_write(heng_spool *spool, const void *bytes, size_t len,
                             heng_error *reterr) {
    const char *at = bytes;
    if (spool->fd < 0) {
        spool->fd = open_nameless(spool->folder);
        if (spool->fd < 0)
            return fail(spool, "cannot make a file to sort lines in", errno, reterr);
    }
    while (len > 0) {
        ssize_t written = pwrite(spool->fd, at, len, (off_t)spool->size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail(spool, "cannot write lines to be sorted", errno, reterr);
        at += written;
        len -= (size_t)written;
        spool->size += (uint64_t)written;
    }
    return HENG_OK;
}

heng_status heng_spool_read(const heng_spool *spool, uint64_t at, void *buffer,
                            size_t len, heng_error *reterr) {
    char *to = buffer;
    while (len > 0) {
        ssize_t got = pread(spool->fd, to, len, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) /* it is never shorter than what was written: the disk failed */
            return fail(spool, "cannot read lines to be sorted", got < 0 ? errno : EIO,
                        reterr);
        to += got;
        at += (uint64_t)got;
        len -= (size_t)got;
    }
    return HENG_OK;
}

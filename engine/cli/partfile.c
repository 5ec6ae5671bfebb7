/* SPDX-License-Identifier: Apache-2.0 */
/* partfile.c: a locked file under a fixed name, then renamed. */
#include "cli/partfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/limits.h"

#define SUFFIX ".partial"

static const heng_pos NOWHERE = {0, 0};

static heng_status fail(const heng_partfile *file, int cause, heng_error *reterr) {
    return heng_file_fail(reterr,
                          strcmp(file->path, "-") == 0 ? "standard output" : file->path,
                          "cannot write", cause);
}

static bool is_special(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

static int open_again(const char *path, int flags) {
    int descriptor;
    do {
        descriptor = open(path, flags | O_CLOEXEC, 0666);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

/* 0, or errno: EAGAIN where another process has it. */
static int lock(int descriptor) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_SETLK, &whole) == 0)
        return 0;
    return errno == EACCES ? EAGAIN : errno;
}

/* Whoever had the lock may have renamed what was opened here. */
static bool is_still_there(int descriptor, const char *path) {
    struct stat here, there;
    return fstat(descriptor, &here) == 0 && lstat(path, &there) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* A link could lead anywhere, and so could a second name of the same file. */
static int check(int descriptor) {
    struct stat info;
    if (fstat(descriptor, &info) != 0)
        return errno;
    return S_ISREG(info.st_mode) && info.st_nlink <= 1 ? 0 : EEXIST;
}

static int take(heng_partfile *file, bool create) {
    enum { TRIES = 100 };
    for (int try = 0; try < TRIES; try++) {
        file->descriptor =
            open_again(file->partial, O_RDWR | O_NOFOLLOW | (create ? O_CREAT : 0));
        if (file->descriptor < 0)
            return errno;
        int cause = lock(file->descriptor);
        if (cause == 0 && !is_still_there(file->descriptor, file->partial)) {
            (void)close(file->descriptor);
            file->descriptor = -1;
            continue;
        }
        return cause != 0 ? cause : check(file->descriptor);
    }
    return EAGAIN;
}

static heng_status fail_open(const heng_partfile *file, int cause, bool create,
                             heng_error *reterr) {
    if (cause == EAGAIN)
        return heng_error_set(reterr, HENG_ERR_BUSY, file->path, NOWHERE,
                              "another batch is writing this file; wait for it");
    if (cause == EEXIST || cause == ELOOP)
        return heng_error_set(reterr, HENG_ERR_IO, file->partial, NOWHERE,
                              "is no plain file, or has a second name; remove it");
    if (cause == ENOENT && !create)
        return heng_error_set(reterr, HENG_ERR_NOT_FOUND, file->partial, NOWHERE,
                              "there is no such file to go on with");
    return fail(file, cause, reterr);
}

static heng_status go_on(heng_partfile *file, uint64_t bytes, heng_error *reterr) {
    struct stat info;
    if (fstat(file->descriptor, &info) != 0)
        return fail(file, errno, reterr);
    if ((uint64_t)info.st_size < bytes)
        return heng_error_set(reterr, HENG_ERR_NOT_FOUND, file->partial, NOWHERE,
                              "has only %jd of the %ju bytes to go on behind",
                              (intmax_t)info.st_size, (uintmax_t)bytes);
    if (ftruncate(file->descriptor, (off_t)bytes) != 0 ||
        lseek(file->descriptor, 0, SEEK_END) < 0)
        return fail(file, errno, reterr);
    file->bytes = bytes;
    return HENG_OK;
}

static heng_status open_partial(heng_partfile *file, const uint64_t *keep,
                                heng_error *reterr) {
    heng_buffer name;
    struct stat info;
    size_t len = 0;
    if (strlen(file->path) >= HENG_LIMIT_PATH_BYTES - sizeof SUFFIX)
        return fail(file, ENAMETOOLONG, reterr);
    if (stat(file->path, &info) == 0 && S_ISDIR(info.st_mode))
        return heng_error_set(reterr, HENG_ERR_IO, file->path, NOWHERE,
                              "is a folder, expected the name of a file to write");
    heng_buffer_init(&name, HENG_LIMIT_PATH_BYTES);
    (void)heng_buffer_add_format(&name, "%s" SUFFIX, file->path);
    file->partial = heng_buffer_take(&name, &len);
    heng_buffer_done(&name);
    if (file->partial == NULL)
        return heng_error_nomem(reterr);
    int cause = take(file, keep == NULL);
    heng_status status = cause == 0 ? go_on(file, keep == NULL ? 0 : *keep, reterr)
                                    : fail_open(file, cause, keep == NULL, reterr);
    if (status != HENG_OK)
        heng_partfile_keep(file); /* it may be another's */
    return status;
}

heng_status heng_partfile_open(heng_partfile *file, const char *path,
                               const uint64_t *keep, heng_error *reterr) {
    *file = (heng_partfile){.path = path, .descriptor = -1};
    if (strcmp(path, "-") == 0) {
        file->descriptor = STDOUT_FILENO;
        return HENG_OK;
    }
    if (!is_special(path))
        return open_partial(file, keep, reterr);
    file->descriptor = open_again(path, O_WRONLY);
    return file->descriptor >= 0 ? HENG_OK : fail(file, errno, reterr);
}

bool heng_partfile_write(heng_partfile *file, heng_str text) {
    while (!file->failed && text.len > 0) {
        ssize_t wrote = write(file->descriptor, text.ptr, text.len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0) {
            file->failed = true;
            file->cause = errno;
            break;
        }
        text.ptr += wrote;
        text.len -= (size_t)wrote;
        file->bytes += (uint64_t)wrote;
    }
    return !file->failed;
}

heng_status heng_partfile_sync(heng_partfile *file, heng_error *reterr) {
    if (file->path == NULL)
        return HENG_OK;
    if (!file->failed && file->partial != NULL && fsync(file->descriptor) != 0) {
        file->failed = true;
        file->cause = errno;
    }
    return file->failed ? fail(file, file->cause, reterr) : HENG_OK;
}

/* The name is on the disk too, as far as the file system can say so. */
static void sync_folder(const char *path) {
    char folder[HENG_LIMIT_PATH_BYTES];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, slash == NULL ? "." : path, len);
    folder[len] = '\0';
    int descriptor = open_again(folder, O_RDONLY);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        (void)close(descriptor);
    }
}

heng_status heng_partfile_commit(heng_partfile *file, heng_error *reterr) {
    if (file->path == NULL)
        return HENG_OK;
    heng_status status = heng_partfile_sync(file, reterr);
    if (status == HENG_OK && file->partial != NULL) {
        if (rename(file->partial, file->path) != 0)
            return fail(file, errno, reterr);
        sync_folder(file->path);
    }
    if (status == HENG_OK)
        heng_partfile_keep(file); /* under its own name now */
    return status;
}

void heng_partfile_keep(heng_partfile *file) {
    if (file->path != NULL && file->descriptor >= 0 &&
        file->descriptor != STDOUT_FILENO)
        (void)close(file->descriptor); /* the lock ends with it */
    file->descriptor = -1;
    heng_alloc_free(file->partial);
    file->partial = NULL;
}

void heng_partfile_abandon(heng_partfile *file) {
    if (file->partial != NULL)
        (void)unlink(file->partial);
    heng_partfile_keep(file);
}

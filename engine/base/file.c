/* SPDX-License-Identifier: Apache-2.0 */
/* file.c: POSIX files, with errors that a person can act on. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"

static const heng_pos NOWHERE = {0, 0};

/* What system calls on files fail with in practice, and what to do about it. */
static const struct cause {
    int number;
    heng_status status;
    const char *text;
} CAUSES[] = {
    {ENOENT, HENG_ERR_NOT_FOUND, "there is nothing of this name; check the path"},
    {ENOTDIR, HENG_ERR_NOT_FOUND, "a part of the path is not a folder; check the path"},
    {EACCES, HENG_ERR_IO, "permission denied; give this user access"},
    {EPERM, HENG_ERR_IO, "not permitted; give this user access"},
    {EROFS, HENG_ERR_IO, "the file system is read-only; choose another place"},
    {EISDIR, HENG_ERR_IO, "is a folder, a file is expected"},
    {ELOOP, HENG_ERR_IO, "symbolic links lead in a circle; remove one"},
    {ENAMETOOLONG, HENG_ERR_LIMIT, "the path is too long; shorten it"},
    {ENOSPC, HENG_ERR_FULL, "no space left on the device; free some"},
    {EDQUOT, HENG_ERR_FULL, "the disk quota is used up; free some space"},
    {EFBIG, HENG_ERR_FULL, "the file would be larger than the system allows"},
    {EMFILE, HENG_ERR_IO, "too many open files; raise the limit (`ulimit -n`)"},
    {ENFILE, HENG_ERR_IO, "the system has too many open files; try again later"},
    {EIO, HENG_ERR_IO, "the device failed; check the disk"},
    {ENOMEM, HENG_ERR_NOMEM, "out of memory"},
};

heng_status heng_file_fail(heng_error *reterr, const char *path, const char *doing,
                           int cause) {
    for (size_t i = 0; i < sizeof CAUSES / sizeof CAUSES[0]; i++) {
        if (CAUSES[i].number == cause)
            return heng_error_set(reterr, CAUSES[i].status, path, NOWHERE, "%s: %s",
                                  doing, CAUSES[i].text);
    }
    char text[128];
    if (strerror_r(cause, text, sizeof text) != 0) {
        text[0] = '\0';
    }
    return heng_error_set(reterr, HENG_ERR_IO, path, NOWHERE, "%s: %s (errno %d)",
                          doing, text, cause);
}

static int open_file(const char *path, int flags, mode_t mode) {
    int fd;
    do {
        fd = open(path, flags | O_CLOEXEC, mode);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

heng_status heng_file_read(const char *path, size_t max_bytes, char **ret_bytes,
                           size_t *ret_len, heng_error *reterr) {
    heng_status status = HENG_OK;
    heng_buffer buffer;
    struct stat info;

    /* One more than allowed: that tells a file that just fits from one that does not,
     * without asking for its size, which a pipe does not have. */
    heng_buffer_init(&buffer, max_bytes == SIZE_MAX ? max_bytes : max_bytes + 1);
    int fd = open_file(path, O_RDONLY, 0);
    if (fd < 0 || fstat(fd, &info) != 0) {
        status = heng_file_fail(reterr, path, "cannot open", errno);
        goto out;
    }
    if (S_ISDIR(info.st_mode)) {
        status = heng_file_fail(reterr, path, "cannot read", EISDIR);
        goto out;
    }

    size_t chunk = (size_t)64 << 10;
    if (S_ISREG(info.st_mode) && info.st_size >= 0 &&
        (uintmax_t)info.st_size <= max_bytes) {
        chunk = (size_t)info.st_size + 1; /* the end shows in the same read */
    }
    while (buffer.len <= max_bytes) {
        size_t room = buffer.max - buffer.len;
        status = heng_buffer_reserve(&buffer, chunk < room ? chunk : room);
        if (status != HENG_OK) {
            status = heng_error_set(reterr, status, path, NOWHERE, "out of memory");
            goto out;
        }
        ssize_t got = read(fd, buffer.bytes + buffer.len, buffer.room - buffer.len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            status = heng_file_fail(reterr, path, "cannot read", errno);
            goto out;
        }
        if (got == 0)
            break;
        buffer.len += (size_t)got;
        chunk = (size_t)64 << 10;
    }
    if (buffer.len > max_bytes) {
        status = heng_error_set(reterr, HENG_ERR_LIMIT, path, NOWHERE,
                                "the file is over the limit of %zu bytes; split it",
                                max_bytes);
        goto out;
    }
    heng_buffer_truncate(&buffer, buffer.len); /* puts the NUL behind what was read */
    *ret_bytes = heng_buffer_take(&buffer, ret_len);
out:
    if (fd >= 0) {
        (void)close(fd);
    }
    heng_buffer_done(&buffer);
    return status;
}

/* A walk down from one folder. */
struct walk {
    const char *suffix;
    heng_arena *arena;
    heng_error *reterr;
    char path[HENG_LIMIT_PATH_BYTES]; /* the folder being read, or one of its entries */
    size_t root_len; /* of the part that results leave out, with its `/` */
    struct stat above[HENG_LIMIT_FOLDER_DEPTH + 1]; /* the folders it is in */
    heng_str *found;                                /* owned */
    size_t count;
    size_t room;
};

static heng_status add_found(struct walk *walk, size_t len) {
    if (walk->count == HENG_LIMIT_RULESET_FILES) {
        walk->path[walk->root_len - 1] = '\0';
        return heng_error_set(walk->reterr, HENG_ERR_LIMIT, walk->path, NOWHERE,
                              "holds more than %zu `%s` files; split the ruleset",
                              HENG_LIMIT_RULESET_FILES, walk->suffix);
    }
    if (walk->count == walk->room) {
        size_t room = walk->room == 0 ? 64 : walk->room * 2;
        heng_str *found = heng_alloc_resize(walk->found, room, sizeof *found);
        if (found == NULL)
            return heng_error_nomem(walk->reterr);
        walk->found = found;
        walk->room = room;
    }
    heng_str relative = {walk->path + walk->root_len, len - walk->root_len};
    heng_str copy = heng_arena_dup_str(walk->arena, relative);
    if (copy.ptr == NULL)
        return heng_error_nomem(walk->reterr);
    walk->found[walk->count++] = copy;
    return HENG_OK;
}

static bool ends_in(const char *name, const char *suffix) {
    size_t len = strlen(name);
    size_t suffix_len = strlen(suffix);
    return len > suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
}

static heng_status walk_folder(struct walk *walk, size_t len, size_t depth);

/* One entry, its path `len` bytes long in walk->path. */
static heng_status walk_entry(struct walk *walk, const char *name, size_t len,
                              size_t depth) {
    struct stat info;
    bool wanted = ends_in(name, walk->suffix);
    if (stat(walk->path, &info) != 0) {
        if (!wanted) /* a dangling link to something that is no rule file */
            return HENG_OK;
        return heng_file_fail(walk->reterr, walk->path, "cannot open", errno);
    }
    if (wanted && !S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode))
        return heng_error_set(walk->reterr, HENG_ERR_INVALID, walk->path, NOWHERE,
                              "is a pipe, a socket or a device, which may never end; "
                              "remove it, or name it alone");
    if (!S_ISDIR(info.st_mode))
        return wanted ? add_found(walk, len) : HENG_OK;

    for (size_t i = 0; i <= depth; i++) {
        if (walk->above[i].st_dev == info.st_dev &&
            walk->above[i].st_ino == info.st_ino)
            return heng_error_set(
                walk->reterr, HENG_ERR_INVALID, walk->path, NOWHERE,
                "the symbolic link leads back to a folder that it is in; remove it");
    }
    if (depth == HENG_LIMIT_FOLDER_DEPTH)
        return heng_error_set(walk->reterr, HENG_ERR_LIMIT, walk->path, NOWHERE,
                              "more than %zu folders in one another; flatten them",
                              HENG_LIMIT_FOLDER_DEPTH);
    walk->above[depth + 1] = info;
    return walk_folder(walk, len, depth + 1);
}

/* The folder at walk->path, `len` bytes long. Recursion is bounded by the depth. */
static heng_status walk_folder(struct walk *walk, size_t len, size_t depth) {
    heng_status status = HENG_OK;
    DIR *folder = opendir(walk->path);
    if (folder == NULL)
        return heng_file_fail(walk->reterr, walk->path, "cannot open the folder",
                              errno);

    while (status == HENG_OK) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            walk->path[len] = '\0';
            if (errno != 0) {
                status = heng_file_fail(walk->reterr, walk->path,
                                        "cannot read the folder", errno);
            }
            break;
        }
        if (entry->d_name[0] == '.')
            continue;
        size_t name_len = strlen(entry->d_name);
        if (name_len + 2 > sizeof walk->path - len) {
            walk->path[len] = '\0';
            status = heng_file_fail(walk->reterr, walk->path, "cannot read the folder",
                                    ENAMETOOLONG);
            break;
        }
        walk->path[len] = '/';
        memcpy(walk->path + len + 1, entry->d_name, name_len + 1);
        status = walk_entry(walk, entry->d_name, len + 1 + name_len, depth);
    }
    (void)closedir(folder);
    return status;
}

static int by_path(const void *a, const void *b) {
    return heng_str_compare(*(const heng_str *)a, *(const heng_str *)b);
}

heng_status heng_file_list(const char *folder, const char *suffix, heng_arena *arena,
                           heng_str **ret_paths, size_t *ret_count,
                           heng_error *reterr) {
    heng_status status;
    size_t len = strlen(folder);
    struct walk *walk = heng_alloc_zero(1, sizeof *walk); /* too large for a stack */
    if (walk == NULL)
        return heng_error_nomem(reterr);
    walk->suffix = suffix;
    walk->arena = arena;
    walk->reterr = reterr;

    while (len > 1 && folder[len - 1] == '/') { /* `rules/` prints as `rules/a.yaml` */
        len--;
    }
    if (len + 2 > sizeof walk->path) {
        status = heng_file_fail(reterr, folder, "cannot open the folder", ENAMETOOLONG);
        goto out;
    }
    memcpy(walk->path, folder, len);
    walk->root_len = len + 1;
    if (stat(walk->path, &walk->above[0]) != 0) {
        status = heng_file_fail(reterr, folder, "cannot open the folder", errno);
        goto out;
    }
    if (!S_ISDIR(walk->above[0].st_mode)) {
        status = heng_error_set(
            reterr, HENG_ERR_IO, folder, NOWHERE,
            "is not a folder; name the one that holds the `%s` files", suffix);
        goto out;
    }
    status = walk_folder(walk, len, 0);
    if (status != HENG_OK)
        goto out;

    heng_str *paths = heng_arena_calloc(arena, walk->count, sizeof *paths);
    if (paths == NULL) {
        status = heng_error_nomem(reterr);
        goto out;
    }
    if (walk->count > 0) {
        qsort(walk->found, walk->count, sizeof *walk->found, by_path);
        memcpy(paths, walk->found, walk->count * sizeof *paths);
    }
    *ret_paths = paths;
    *ret_count = walk->count;
out:
    heng_alloc_free(walk->found);
    heng_alloc_free(walk);
    return status;
}

static bool write_all(int fd, const char *bytes, size_t len) {
    while (len > 0) {
        ssize_t wrote = write(fd, bytes, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return false;
        bytes += wrote;
        len -= (size_t)wrote;
    }
    return true;
}

/* A rename is on disk only when its folder is. Some file systems cannot flush folders,
 * and say so by EINVAL: then there is nothing to do. */
static bool flush_folder_of(const char *path) {
    char folder[HENG_LIMIT_PATH_BYTES];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, slash == NULL ? "." : path, slash == NULL ? 1 : len);
    folder[slash == NULL ? 1 : len] = '\0';
    int fd = open_file(folder, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return errno == EACCES; /* a folder to write to, but not to read */
    bool flushed = fsync(fd) == 0 || errno == EINVAL;
    int cause = errno;
    (void)close(fd);
    errno = cause;
    return flushed;
}

/* Opens a file beside `path` that was not there before. */
static int open_beside(const char *path, char temporary[HENG_LIMIT_PATH_BYTES]) {
    enum { TRIES = 100 }; /* names left over by crashed processes of the same number */
    int fd = -1;
    for (int i = 0; i < TRIES && fd < 0; i++) {
        int len = snprintf(temporary, HENG_LIMIT_PATH_BYTES, "%s.%ld-%d.tmp", path,
                           (long)getpid(), i);
        if (len < 0 || (size_t)len >= HENG_LIMIT_PATH_BYTES) {
            errno = ENAMETOOLONG;
            return -1;
        }
        fd = open_file(temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
        if (fd < 0 && errno != EEXIST)
            return -1;
    }
    return fd;
}

heng_status heng_file_replace(const char *path, const char *bytes, size_t len,
                              heng_error *reterr) {
    heng_status status = HENG_OK;
    struct stat info;
    char temporary[HENG_LIMIT_PATH_BYTES];

    int fd = open_beside(path, temporary);
    if (fd < 0)
        return heng_file_fail(reterr, path, "cannot write", errno);
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        /* Refused where the file is another user's: then it gets the usual mode. */
        (void)fchmod(fd, info.st_mode & 07777);
    }
    bool written = write_all(fd, bytes, len) && fsync(fd) == 0;
    int cause = errno;
    if (close(fd) != 0 && written) {
        written = false;
        cause = errno;
    }
    if (written && rename(temporary, path) != 0) {
        written = false;
        cause = errno;
    }
    if (!written) {
        (void)unlink(temporary);
        return heng_file_fail(reterr, path, "cannot write", cause);
    }
    if (!flush_folder_of(path)) {
        status = heng_file_fail(reterr, path, "cannot flush the folder of", errno);
    }
    return status;
}

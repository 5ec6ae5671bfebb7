/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup.c: a copy is made in a folder beside the one it is for, synced and renamed:
 * under its own name there is never half a backup.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "heng/store.h"
#include "store/db.h"

enum { PATH_BYTES = 4096 };

static const char DOING[] = "cannot make the backup";

static heng_status sync_path(const char *path, heng_error *reterr) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int cause = fd < 0 ? errno : 0;
    if (fd >= 0) {
        cause = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
        (void)close(fd);
    }
    return cause == 0 ? HENG_OK : heng_file_fail(reterr, path, DOING, cause);
}

/* What an interrupted backup left. */
static void remove_part(const char *folder, const char *data) {
    (void)unlink(data);
    (void)rmdir(folder);
}

/* The folder that `path` lies in. */
static void parent_of(const char *path, char parent[PATH_BYTES]) {
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/') {
        len--;
    }
    while (len > 0 && path[len - 1] != '/') {
        len--;
    }
    (void)snprintf(parent, PATH_BYTES, "%.*s", len == 0 ? 1 : (int)len,
                   len == 0 ? "." : path);
}

heng_status heng_store_backup(heng_store *store, const char *path, heng_error *reterr) {
    char part[PATH_BYTES];
    char data[PATH_BYTES];
    char parent[PATH_BYTES];
    struct stat info;
    size_t path_len = strlen(path);
    while (path_len > 1 && path[path_len - 1] == '/') {
        path_len--;
    }
    if (path_len + sizeof ".part/data.mdb" > PATH_BYTES)
        return heng_file_fail(reterr, path, DOING, ENAMETOOLONG);
    (void)snprintf(part, sizeof part, "%.*s.part", (int)path_len, path);
    (void)snprintf(data, sizeof data, "%.*s.part/data.mdb", (int)path_len, path);
    parent_of(path, parent);
    if (lstat(path, &info) == 0)
        return heng_error_set(reterr, HENG_ERR_IO, path, (heng_pos){0, 0},
                              "%s: it exists already; name a new folder", DOING);
    remove_part(part, data);
    if (mkdir(part, 0777) != 0)
        return heng_file_fail(reterr, part, DOING, errno);

    heng_db_enter(store); /* the copy reads in a transaction of its own */
    int code = mdb_env_copy2(store->env, part, MDB_CP_COMPACT);
    heng_db_leave(store);
    heng_status status = code == MDB_SUCCESS ? HENG_OK
                         : code > 0          ? heng_file_fail(reterr, part, DOING, code)
                                             : heng_db_fail(store, code, DOING, reterr);
    if (status == HENG_OK) {
        status = sync_path(data, reterr);
    }
    if (status == HENG_OK) {
        status = sync_path(part, reterr);
    }
    if (status == HENG_OK && rename(part, path) != 0) {
        status = heng_file_fail(reterr, path, DOING, errno);
    }
    if (status == HENG_OK) {
        status = sync_path(parent, reterr);
    } else {
        remove_part(part, data);
    }
    return status;
}

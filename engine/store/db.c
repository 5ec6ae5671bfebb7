/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db.c: transactions that respect a moving map, the writer's lock, and errors in
 * words.
 *
 * LMDB moves its map only while the process has no transaction. So transactions are
 * counted: whoever must grow the map stops new ones, waits until the last has ended and
 * then moves it. A thread that holds a view and writes would wait for itself: after
 * GROW_WAIT_MS the growth gives up and says so.
 */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "model/identity.h"

enum { GROW_WAIT_MS = 10000, GROW_STEP_MS = 2 };

static const heng_pos NOWHERE = {0, 0};

/* LMDB says EIO where the last pages that fit were written and the rest was not. */
static bool looks_full(const heng_store *store) {
    enum { NEARLY_BYTES = 16 << 20 };
    struct statvfs space;
    struct rlimit limit;
    struct stat file;
    int fd = -1;
    if (statvfs(store->path, &space) == 0 &&
        (uint64_t)space.f_bavail * space.f_frsize < NEARLY_BYTES)
        return true;
    return mdb_env_get_fd(store->env, &fd) == MDB_SUCCESS && fstat(fd, &file) == 0 &&
           getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
           (uint64_t)file.st_size + NEARLY_BYTES > limit.rlim_cur;
}

heng_status heng_db_fail(const heng_store *store, int code, const char *doing,
                         heng_error *reterr) {
    if (code == EIO && store->env != NULL && looks_full(store)) {
        code = ENOSPC;
    }
    switch (code) {
    case ENOMEM:
        return heng_error_nomem(reterr);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return heng_error_set(
            reterr, HENG_ERR_FULL, store->path, NOWHERE,
            "%s: no space left for the store; whole batches were kept: free some space "
            "and run the same again",
            doing);
    case MDB_MAP_FULL:
        return heng_error_set(reterr, HENG_ERR_FULL, store->path, NOWHERE,
                              "%s: the address space for the store is used up", doing);
    case MDB_READERS_FULL:
        return heng_error_set(reterr, HENG_ERR_BUSY, store->path, NOWHERE,
                              "%s: %d readers are at work already; try again later",
                              doing, HENG_DB_READERS);
    case MDB_VERSION_MISMATCH:
        return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                              "%s: `data.mdb` was written by another version of LMDB "
                              "than %d.%d; use the heng that wrote it to make a backup",
                              doing, MDB_VERSION_MAJOR, MDB_VERSION_MINOR);
    case MDB_INVALID:
        return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                              "%s: `data.mdb` is damaged or no store of heng; restore "
                              "a backup, or name another folder",
                              doing);
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PANIC:
    case MDB_BAD_TXN:
        return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                              "%s: the store is damaged (%s); run `heng store verify` "
                              "and restore a backup",
                              doing, mdb_strerror(code));
    default:
        if (code > 0)
            return heng_file_fail(reterr, store->path, doing, code);
        return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE, "%s: %s",
                              doing, mdb_strerror(code));
    }
}

heng_status heng_db_damaged(heng_table table, heng_str key, const char *what,
                            heng_error *reterr) {
    char text[HENG_KEY_BYTES + 1];
    size_t len = key.len < sizeof text - 1 ? key.len : sizeof text - 1;
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)key.ptr[i];
        text[i] = byte == 0 ? '/' : byte < 0x20 || byte >= 0x7f ? '?' : (char)byte;
    }
    text[len] = '\0';
    heng_identity_mask_text(text, len);
    return heng_error_set(reterr, HENG_ERR_STORE, heng_table_name(table), NOWHERE,
                          "the value of `%s` is damaged: %s; run `heng store verify` "
                          "and restore a backup",
                          text, what);
}

/* ---- transactions ---- */

void heng_db_enter(heng_store *store) {
    (void)pthread_mutex_lock(&store->lock);
    while (store->growing) {
        (void)pthread_cond_wait(&store->grown, &store->lock);
    }
    store->txns++;
    (void)pthread_mutex_unlock(&store->lock);
}

void heng_db_leave(heng_store *store) {
    (void)pthread_mutex_lock(&store->lock);
    store->txns--;
    (void)pthread_mutex_unlock(&store->lock);
}

/* Whether a map of this size can be had beside the one there is: LMDB gives that up
 * before it asks for the new one, and would be left with none. */
static bool could_map(const heng_store *store, size_t bytes) {
    int fd = -1;
    if (mdb_env_get_fd(store->env, &fd) != MDB_SUCCESS)
        return false;
    void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return false;
    (void)munmap(map, bytes);
    return true;
}

/* Sets the map's size, `bytes` 0 taking on what another process made it, when no
 * transaction of this process is left. */
static heng_status move_map(heng_store *store, size_t bytes, heng_error *reterr) {
    heng_status status = HENG_OK;
    (void)pthread_mutex_lock(&store->lock);
    while (store->growing) {
        (void)pthread_cond_wait(&store->grown, &store->lock);
    }
    store->growing = true;
    for (int waited = 0; store->txns > 0 && waited < GROW_WAIT_MS;
         waited += GROW_STEP_MS) {
        (void)pthread_mutex_unlock(&store->lock);
        (void)nanosleep(&(struct timespec){0, GROW_STEP_MS * 1000000L}, NULL);
        (void)pthread_mutex_lock(&store->lock);
    }
    if (store->txns > 0) {
        status = heng_error_set(
            reterr, HENG_ERR_BUSY, store->path, NOWHERE,
            "the store must grow, but %zu views of this process do not end; "
            "close them and try again",
            store->txns);
    } else {
        int code = mdb_env_set_mapsize(store->env, bytes);
        if (code != MDB_SUCCESS) {
            status = heng_db_fail(store, code, "cannot grow the store's map", reterr);
        }
    }
    store->growing = false;
    (void)pthread_cond_broadcast(&store->grown);
    (void)pthread_mutex_unlock(&store->lock);
    return status;
}

heng_status heng_db_grow(heng_store *store, heng_error *reterr) {
    MDB_envinfo info;
    int code = mdb_env_info(store->env, &info);
    if (code != MDB_SUCCESS)
        return heng_db_fail(store, code, "cannot grow the store's map", reterr);
    if (info.me_mapsize > SIZE_MAX / 2 || !could_map(store, info.me_mapsize * 2))
        return heng_db_fail(store, MDB_MAP_FULL, "cannot grow the store's map", reterr);
    return move_map(store, info.me_mapsize * 2, reterr);
}

heng_status heng_db_reserve(heng_store *store, size_t bytes, heng_error *reterr) {
    enum { STEP_BYTES = 1 << 20 }; /* of pages, of whatever size */
    MDB_envinfo info;
    int code = mdb_env_info(store->env, &info);
    if (code != MDB_SUCCESS)
        return heng_db_fail(store, code, "cannot grow the store's map", reterr);
    if (bytes <= info.me_mapsize || bytes > SIZE_MAX - STEP_BYTES)
        return HENG_OK;
    bytes = (bytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
    return could_map(store, bytes) ? move_map(store, bytes, reterr) : HENG_OK;
}

heng_status heng_db_begin(heng_store *store, bool write, MDB_txn **ret_txn,
                          heng_error *reterr) {
    if (write && !store->writable)
        return heng_error_set(reterr, HENG_ERR_INTERNAL, store->path, NOWHERE,
                              "the store was opened for reading only");
    for (;;) {
        heng_db_enter(store);
        MDB_txn *txn = NULL;
        int code = mdb_txn_begin(store->env, NULL, write ? 0 : MDB_RDONLY, &txn);
        if (code == MDB_SUCCESS) {
            *ret_txn = txn;
            return HENG_OK;
        }
        heng_db_leave(store);
        if (code != MDB_MAP_RESIZED)
            return heng_db_fail(store, code, "cannot begin a transaction", reterr);
        heng_status status = move_map(store, 0, reterr); /* another process grew it */
        if (status != HENG_OK)
            return status;
    }
}

void heng_db_abort(heng_store *store, MDB_txn *txn) {
    mdb_txn_abort(txn);
    heng_db_leave(store);
}

int heng_db_commit(heng_store *store, MDB_txn *txn) {
    int code = mdb_txn_commit(txn);
    heng_db_leave(store);
    return code;
}

int heng_db_get(const heng_store *store, MDB_txn *txn, heng_table table, heng_str key,
                MDB_val *ret_value) {
    MDB_val mdb_key = heng_table_value(key.ptr, key.len);
    return store->tables[table] == HENG_DB_NO_TABLE
               ? MDB_NOTFOUND
               : mdb_get(txn, store->tables[table], &mdb_key, ret_value);
}

heng_status heng_db_last_commit(heng_store *store, MDB_txn *txn,
                                heng_last_commit *ret_last, heng_error *reterr) {
    MDB_val key = heng_table_value(HENG_META_STATE, strlen(HENG_META_STATE));
    MDB_val value;
    int code = mdb_get(txn, store->tables[HENG_TABLE_META], &key, &value);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return heng_db_fail(store, code, "cannot read the store's state", reterr);
    if (code == MDB_NOTFOUND || value.mv_size != HENG_META_STATE_BYTES)
        return heng_db_damaged(HENG_TABLE_META, HENG_STR(HENG_META_STATE),
                               "expected 24 bytes", reterr);
    heng_last_commit last;
    memcpy(&last.commit, value.mv_data, 8);
    memcpy(&last.time, (const char *)value.mv_data + 8, 8);
    memcpy(&last.names, (const char *)value.mv_data + 16, 4);
    *ret_last = last;
    return HENG_OK;
}

/* ---- the writer's lock ---- */

heng_status heng_db_lock_writer(heng_store *store, heng_error *reterr) {
    (void)pthread_mutex_lock(&store->lock);
    bool held = store->writer_fd >= 0;
    (void)pthread_mutex_unlock(&store->lock);
    if (held)
        return heng_error_set(reterr, HENG_ERR_BUSY, store->path, NOWHERE,
                              "this process is importing into the store already; wait "
                              "until that has ended");

    char path[HENG_ERROR_PLACE_BYTES * 16];
    int len = snprintf(path, sizeof path, "%s/writer.lock", store->path);
    if (len < 0 || (size_t)len >= sizeof path)
        return heng_file_fail(reterr, store->path, "cannot lock", ENAMETOOLONG);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return heng_file_fail(reterr, path, "cannot lock the store for writing", errno);

    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_SETLK, &whole) == 0) {
        (void)pthread_mutex_lock(&store->lock);
        store->writer_fd = fd;
        (void)pthread_mutex_unlock(&store->lock);
        return HENG_OK;
    }
    int cause = errno;
    heng_status status;
    struct flock holder = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (cause != EACCES && cause != EAGAIN) {
        status =
            heng_file_fail(reterr, path, "cannot lock the store for writing", cause);
    } else if (fcntl(fd, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK &&
               holder.l_pid > 0) {
        status = heng_error_set(reterr, HENG_ERR_BUSY, store->path, NOWHERE,
                                "process %ld is importing into the store; wait until "
                                "it has ended",
                                (long)holder.l_pid);
    } else {
        status = heng_error_set(reterr, HENG_ERR_BUSY, store->path, NOWHERE,
                                "another process is importing into the store; wait "
                                "until it has ended");
    }
    (void)close(fd);
    return status;
}

void heng_db_unlock_writer(heng_store *store) {
    (void)pthread_mutex_lock(&store->lock);
    if (store->writer_fd >= 0) {
        (void)close(store->writer_fd); /* which gives the lock back */
        store->writer_fd = -1;
    }
    (void)pthread_mutex_unlock(&store->lock);
}

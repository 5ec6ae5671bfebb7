/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.c: opening, making and closing a store.
 *
 * A store is made under another name, synced and then renamed: `data.mdb` is either
 * complete or not there, so an empty or short one is damage and never taken for a
 * store that is yet to be filled.
 */
#include "heng/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "store/db.h"
#include "store/pages.h"

#define DATA_NAME "data.mdb"
#define NEW_NAME "new.mdb"

enum { PATH_BYTES = 4096, FILE_MODE = 0666, FOLDER_MODE = 0777 };

static const heng_pos NOWHERE = {0, 0};

static bool join(const char *folder, const char *name, char path[PATH_BYTES]) {
    int len = snprintf(path, PATH_BYTES, "%s/%s", folder, name);
    return len >= 0 && len < PATH_BYTES;
}

/* ---- what lies in the folder ---- */

/* Files that a store, or an interrupted making of one, may have. */
static bool is_ours(const char *name) {
    static const char *const OURS[] = {
        ".", "..", DATA_NAME, "lock.mdb", "writer.lock", NEW_NAME, NEW_NAME "-lock"};
    for (size_t i = 0; i < sizeof OURS / sizeof OURS[0]; i++) {
        if (strcmp(name, OURS[i]) == 0)
            return true;
    }
    return false;
}

/* Whether all in the folder could be ours; a foreign name is copied out. */
static heng_status look_around(const char *path, bool *ret_foreign, char name[256],
                               heng_error *reterr) {
    DIR *folder = opendir(path);
    if (folder == NULL)
        return heng_file_fail(reterr, path, "cannot look into the folder", errno);
    bool foreign = false;
    struct dirent *entry;
    while (!foreign && (entry = readdir(folder)) != NULL) {
        if (!is_ours(entry->d_name)) {
            foreign = true;
            (void)snprintf(name, 256, "%s", entry->d_name);
        }
    }
    (void)closedir(folder);
    *ret_foreign = foreign;
    return HENG_OK;
}

/* ---- making ---- */

static int put(MDB_txn *txn, MDB_dbi table, const char *word, const void *bytes,
               size_t len) {
    MDB_val key = heng_table_value(word, strlen(word));
    MDB_val value = heng_table_value(bytes, len);
    return mdb_put(txn, table, &key, &value, 0);
}

static int make_tables(MDB_env *env) {
    MDB_txn *txn = NULL;
    MDB_dbi dbi[HENG_TABLE_COUNT] = {0};
    const uint32_t format = HENG_STORE_FORMAT;
    const uint8_t state[HENG_META_STATE_BYTES] = {0};
    uint8_t secret[HENG_META_SECRET_BYTES];

    randombytes_buf(secret, sizeof secret);
    int code = mdb_txn_begin(env, NULL, 0, &txn);
    for (int i = 0; i < HENG_TABLE_COUNT && code == MDB_SUCCESS; i++) {
        code = mdb_dbi_open(txn, heng_table_name((heng_table)i), MDB_CREATE, &dbi[i]);
    }
    MDB_dbi meta = dbi[HENG_TABLE_META];
    if (code == MDB_SUCCESS) {
        code =
            put(txn, meta, HENG_META_MAGIC, HENG_STORE_MAGIC, strlen(HENG_STORE_MAGIC));
    }
    if (code == MDB_SUCCESS) {
        code = put(txn, meta, HENG_META_FORMAT, &format, sizeof format);
    }
    if (code == MDB_SUCCESS) {
        code = put(txn, meta, HENG_META_SECRET, secret, sizeof secret);
    }
    if (code == MDB_SUCCESS) {
        code = put(txn, meta, HENG_META_STATE, state, sizeof state);
    }
    sodium_memzero(secret, sizeof secret);
    if (code != MDB_SUCCESS) {
        mdb_txn_abort(txn); /* takes NULL */
        return code;
    }
    return mdb_txn_commit(txn);
}

/* Renaming is only safe after a crash once the folder itself is on the disk. */
static heng_status sync_folder(const char *path, heng_error *reterr) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return heng_file_fail(reterr, path, "cannot sync the folder", errno);
    int cause = fsync(fd) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno;
    (void)close(fd);
    return cause == 0 ? HENG_OK
                      : heng_file_fail(reterr, path, "cannot sync the folder", cause);
}

/* The writer's lock is held: nobody else makes this store now. */
static heng_status make_data(heng_store *store, const char *data, size_t map_bytes,
                             heng_error *reterr) {
    static const char DOING[] = "cannot make a store";
    MDB_env *env = NULL;
    char new_path[PATH_BYTES];
    char lock_path[PATH_BYTES];
    if (!join(store->path, NEW_NAME, new_path) ||
        !join(store->path, NEW_NAME "-lock", lock_path))
        return heng_file_fail(reterr, store->path, DOING, ENAMETOOLONG);
    (void)unlink(new_path); /* what an interrupted making left */

    int code = mdb_env_create(&env);
    if (code == MDB_SUCCESS) {
        code = mdb_env_set_maxdbs(env, HENG_TABLE_MOST);
    }
    if (code == MDB_SUCCESS) {
        code = mdb_env_set_mapsize(env, map_bytes);
    }
    if (code == MDB_SUCCESS) {
        code = mdb_env_open(env, new_path, MDB_NOSUBDIR, FILE_MODE);
    }
    if (code == MDB_SUCCESS) {
        code = make_tables(env);
    }
    mdb_env_close(env);
    (void)unlink(lock_path);
    if (code != MDB_SUCCESS) {
        (void)unlink(new_path);
        return heng_db_fail(store, code, DOING, reterr);
    }
    if (rename(new_path, data) != 0)
        return heng_file_fail(reterr, data, DOING, errno);
    return sync_folder(store->path, reterr);
}

static heng_status is_a_file(const heng_store *store, heng_error *reterr) {
    return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                          "is a file, and a store is a folder; name the folder");
}

/* Makes folder and store where they are missing. */
static heng_status make_missing(heng_store *store, size_t map_bytes,
                                heng_error *reterr) {
    struct stat info;
    char data[PATH_BYTES];
    char name[256] = "";
    bool foreign = false;
    if (!join(store->path, DATA_NAME, data))
        return heng_file_fail(reterr, store->path, "cannot make a store", ENAMETOOLONG);
    if (stat(data, &info) == 0)
        return HENG_OK;
    if (stat(store->path, &info) == 0 && !S_ISDIR(info.st_mode))
        return is_a_file(store, reterr);
    if (mkdir(store->path, FOLDER_MODE) != 0 && errno != EEXIST)
        return heng_file_fail(reterr, store->path, "cannot make a folder for the store",
                              errno);
    heng_status status = look_around(store->path, &foreign, name, reterr);
    if (status != HENG_OK)
        return status;
    if (foreign)
        return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                              "the folder holds other files, such as `%s`, and no "
                              "store; name an empty or a new folder",
                              name);
    status = heng_db_lock_writer(store, reterr);
    if (status != HENG_OK)
        return status;
    if (stat(data, &info) != 0) { /* nobody was quicker */
        status = make_data(store, data, map_bytes, reterr);
    }
    heng_db_unlock_writer(store);
    return status;
}

/* ---- opening ---- */

/* That `data.mdb` is there and could be a store. */
static heng_status look_at_data(heng_store *store, struct stat *ret_info,
                                heng_error *reterr) {
    char data[PATH_BYTES];
    struct stat folder;
    if (!join(store->path, DATA_NAME, data))
        return heng_file_fail(reterr, store->path, "cannot open the store",
                              ENAMETOOLONG);
    if (stat(store->path, &folder) == 0 && !S_ISDIR(folder.st_mode))
        return is_a_file(store, reterr);
    if (stat(data, ret_info) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return heng_file_fail(reterr, data, "cannot open the store", errno);
        return heng_error_set(
            reterr, HENG_ERR_NOT_FOUND, store->path, NOWHERE,
            "there is no store here; `heng import` makes one, or name "
            "another folder with --db or HENG_DB");
    }
    if (ret_info->st_size == 0)
        return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                              "`data.mdb` is empty: the store is damaged; restore a "
                              "backup, or remove the file to begin anew");
    return HENG_OK;
}

/* LMDB found what cannot be in a page, has no way to return it, and would print it and
 * abort. To the program that is the same as a page that cannot be read. */
static void end_damaged(MDB_env *env, const char *text) {
    (void)env;
    (void)text;
    (void)raise(SIGBUS);
}

static int create_env(heng_store *store) {
    int code = mdb_env_create(&store->env);
    if (code == MDB_SUCCESS) {
        code = mdb_env_set_assert(store->env, end_damaged);
    }
    return code;
}

static heng_status open_env(heng_store *store, const struct stat *data,
                            size_t map_bytes, heng_error *reterr) {
    static const char DOING[] = "cannot open the store";
    unsigned flags = MDB_NOTLS | (store->writable ? 0 : MDB_RDONLY);
    int code = create_env(store);
    if (code == MDB_SUCCESS) {
        code = mdb_env_set_maxdbs(store->env, HENG_TABLE_MOST);
    }
    if (code == MDB_SUCCESS) {
        code = mdb_env_set_maxreaders(store->env, HENG_DB_READERS);
    }
    if (code == MDB_SUCCESS && store->writable) {
        /* LMDB takes the larger of this and what the file says. */
        code = mdb_env_set_mapsize(store->env, map_bytes);
    }
    if (code == MDB_SUCCESS) {
        code = mdb_env_open(store->env, store->path, flags, FILE_MODE);
    }
    /* Without its lock file a reader is only safe where nobody can write. LMDB sees to
     * a read-only file system by itself, if the lock file is there. */
    if (!store->writable &&
        (code == EROFS || (code == EACCES && (data->st_mode & 0222) == 0))) {
        mdb_env_close(store->env);
        store->env = NULL;
        code = create_env(store);
        if (code == MDB_SUCCESS) {
            code = mdb_env_set_maxdbs(store->env, HENG_TABLE_MOST);
        }
        if (code == MDB_SUCCESS) {
            code = mdb_env_open(store->env, store->path, flags | MDB_NOLOCK, FILE_MODE);
        }
    }
    if (code == EACCES)
        return heng_error_set(reterr, HENG_ERR_IO, store->path, NOWHERE,
                              store->writable
                                  ? "permission denied; writing needs access to "
                                    "`data.mdb` and `lock.mdb`"
                                  : "permission denied; readers need read access to "
                                    "`data.mdb` and write access to `lock.mdb`");
    if (code == EROFS)
        return heng_error_set(reterr, HENG_ERR_IO, store->path, NOWHERE,
                              "the store lies on a read-only file system and cannot be "
                              "written to; copy it elsewhere first");
    if (code == EAGAIN || code == EBUSY)
        return heng_error_set(reterr, HENG_ERR_BUSY, store->path, NOWHERE,
                              "another process is opening or closing the store; try "
                              "again");
    return code == MDB_SUCCESS ? HENG_OK : heng_db_fail(store, code, DOING, reterr);
}

static void ignore_problem(void *context, uint64_t page, const char *text) {
    (void)context;
    (void)page;
    (void)text;
}

/* A file shorter than its head says was cut, unless the pages that are missing are
 * free ones, which LMDB may leave unwritten: then walking all others finds no fault. */
static heng_status check_length(heng_store *store, MDB_txn *txn, heng_error *reterr) {
    MDB_envinfo info;
    MDB_stat env_stat;
    struct stat data;
    int fd = -1;
    int code = mdb_env_info(store->env, &info);
    if (code == MDB_SUCCESS) {
        code = mdb_env_stat(store->env, &env_stat);
    }
    if (code == MDB_SUCCESS) {
        code = mdb_env_get_fd(store->env, &fd);
    }
    if (code != MDB_SUCCESS)
        return heng_db_fail(store, code, "cannot open the store", reterr);
    if (fstat(fd, &data) != 0)
        return heng_file_fail(reterr, store->path, "cannot open the store", errno);
    uint64_t pages = (uint64_t)data.st_size / env_stat.ms_psize;
    if (pages > info.me_last_pgno)
        return HENG_OK;
    uint64_t walked = 0;
    bool sound = false;
    heng_status status =
        heng_pages_check(store, txn, ignore_problem, NULL, &walked, &sound, reterr);
    if (status != HENG_OK || sound)
        return status;
    return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                          "the store is damaged: `data.mdb` has %ju pages of at least "
                          "%ju; restore a backup",
                          (uintmax_t)pages, (uintmax_t)info.me_last_pgno + 1);
}

static heng_status not_ours(const heng_store *store, heng_error *reterr) {
    return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                          "`data.mdb` belongs to another program; name another folder");
}

/* Reads magic and format, then opens the other tables. */
static heng_status open_tables(heng_store *store, MDB_txn *txn, heng_error *reterr) {
    static const char DOING[] = "cannot open the store";
    MDB_dbi *meta = &store->tables[HENG_TABLE_META];
    MDB_val value;
    int code = mdb_dbi_open(txn, heng_table_name(HENG_TABLE_META), 0, meta);
    if (code == MDB_NOTFOUND || code == MDB_INCOMPATIBLE)
        return not_ours(store, reterr);
    if (code != MDB_SUCCESS)
        return heng_db_fail(store, code, DOING, reterr);

    MDB_val key = heng_table_value(HENG_META_MAGIC, strlen(HENG_META_MAGIC));
    code = mdb_get(txn, *meta, &key, &value);
    if (code == MDB_NOTFOUND ||
        (code == MDB_SUCCESS &&
         !heng_str_equal(heng_table_str(value), HENG_STR(HENG_STORE_MAGIC))))
        return not_ours(store, reterr);
    if (code != MDB_SUCCESS)
        return heng_db_fail(store, code, DOING, reterr);

    key = heng_table_value(HENG_META_FORMAT, strlen(HENG_META_FORMAT));
    code = mdb_get(txn, *meta, &key, &value);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return heng_db_fail(store, code, DOING, reterr);
    uint32_t format = 0;
    if (code == MDB_NOTFOUND || value.mv_size != sizeof format)
        return heng_db_damaged(HENG_TABLE_META, HENG_STR(HENG_META_FORMAT),
                               "expected 4 bytes", reterr);
    memcpy(&format, value.mv_data, sizeof format);
    if (format != HENG_STORE_FORMAT)
        return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                              format > HENG_STORE_FORMAT
                                  ? "the store has format %u and this heng reads "
                                    "format %d; use the newer "
                                    "heng that wrote it"
                                  : "the store has the old format %u and this heng "
                                    "reads format %d; import "
                                    "the data into a new store",
                              (unsigned)format, HENG_STORE_FORMAT);

    key = heng_table_value(HENG_META_SECRET, strlen(HENG_META_SECRET));
    code = mdb_get(txn, *meta, &key, &value);
    if (code != MDB_SUCCESS && code != MDB_NOTFOUND)
        return heng_db_fail(store, code, DOING, reterr);
    if (code == MDB_NOTFOUND || value.mv_size != sizeof store->secret)
        return heng_db_damaged(HENG_TABLE_META, HENG_STR(HENG_META_SECRET),
                               "expected 32 bytes", reterr);
    memcpy(store->secret, value.mv_data, sizeof store->secret);

    code = mdb_dbi_open(txn, NULL, 0, &store->names);
    if (code != MDB_SUCCESS)
        return heng_db_fail(store, code, DOING, reterr);
    for (int i = 0; i < HENG_TABLE_COUNT; i++) {
        code = mdb_dbi_open(txn, heng_table_name((heng_table)i), 0, &store->tables[i]);
        if (code == MDB_NOTFOUND && heng_table_may_lack((heng_table)i)) {
            store->tables[i] = HENG_DB_NO_TABLE;
            continue;
        }
        if (code == MDB_NOTFOUND || code == MDB_INCOMPATIBLE)
            return heng_error_set(reterr, HENG_ERR_STORE, store->path, NOWHERE,
                                  "the store is damaged: its table `%s` is missing; "
                                  "restore a backup",
                                  heng_table_name((heng_table)i));
        if (code != MDB_SUCCESS)
            return heng_db_fail(store, code, DOING, reterr);
    }
    return HENG_OK;
}

static bool lacks_tables(const heng_store *store) {
    for (int i = 0; i < HENG_TABLE_COUNT; i++) {
        if (store->tables[i] == HENG_DB_NO_TABLE)
            return true;
    }
    return false;
}

/* One try; gives LMDB's code. */
static int make_lacking(heng_store *store, MDB_txn *txn,
                        MDB_dbi made[HENG_TABLE_COUNT]) {
    int code = MDB_SUCCESS;
    for (int i = 0; i < HENG_TABLE_COUNT && code == MDB_SUCCESS; i++) {
        made[i] = store->tables[i];
        if (made[i] == HENG_DB_NO_TABLE) {
            code =
                mdb_dbi_open(txn, heng_table_name((heng_table)i), MDB_CREATE, &made[i]);
        }
    }
    if (code != MDB_SUCCESS) {
        heng_db_abort(store, txn);
        return code;
    }
    return heng_db_commit(store, txn);
}

/* Makes the tables of a later heng in a store that is to be written to. Waits for a
 * writer of another process, once in the life of a store. */
static heng_status make_lacking_tables(heng_store *store, heng_error *reterr) {
    for (;;) {
        MDB_txn *txn = NULL;
        MDB_dbi made[HENG_TABLE_COUNT];
        heng_status status = heng_db_begin(store, true, &txn, reterr);
        if (status != HENG_OK)
            return status;
        int code = make_lacking(store, txn, made);
        if (code == MDB_SUCCESS) {
            memcpy(store->tables, made, sizeof made);
            return HENG_OK;
        }
        if (code != MDB_MAP_FULL)
            return heng_db_fail(store, code, "cannot open the store", reterr);
        status = heng_db_grow(store, reterr);
        if (status != HENG_OK)
            return status;
    }
}

heng_status heng_db_open(const char *path, heng_store_mode mode, size_t map_bytes,
                         heng_store **ret_store, heng_error *reterr) {
    heng_status status = HENG_ERR_NOMEM;
    heng_store *store = NULL;
    MDB_txn *txn = NULL;
    struct stat data;

    if (sodium_init() < 0)
        return heng_error_set(reterr, HENG_ERR_IO, path, NOWHERE,
                              "the system gives no random numbers");
    store = heng_alloc_zero(1, sizeof *store);
    if (store == NULL)
        goto out;
    store->writer_fd = -1;
    store->writable = mode != HENG_STORE_READ;
    if (pthread_mutex_init(&store->lock, NULL) != 0)
        goto out;
    if (pthread_cond_init(&store->grown, NULL) != 0) {
        (void)pthread_mutex_destroy(&store->lock);
        goto out;
    }
    store->locks_made = true;
    store->path = heng_alloc_dup(path, strlen(path));
    if (store->path == NULL)
        goto out;

    if (mode == HENG_STORE_CREATE) {
        status = make_missing(store, map_bytes, reterr);
        if (status != HENG_OK)
            goto out;
    }
    status = look_at_data(store, &data, reterr);
    if (status == HENG_OK) {
        status = open_env(store, &data, map_bytes, reterr);
    }
    if (status == HENG_OK) {
        status = heng_db_begin(store, false, &txn, reterr);
    }
    if (status == HENG_OK) {
        status = check_length(store, txn, reterr);
    }
    if (status == HENG_OK) {
        status = open_tables(store, txn, reterr);
    }
    if (status != HENG_OK)
        goto out;
    /* Handles of tables outlive a transaction only if it is committed. */
    int code = heng_db_commit(store, txn);
    txn = NULL;
    if (code != MDB_SUCCESS) {
        status = heng_db_fail(store, code, "cannot open the store", reterr);
        goto out;
    }
    if (store->writable && lacks_tables(store)) {
        status = make_lacking_tables(store, reterr);
        if (status != HENG_OK)
            goto out;
    }
    *ret_store = store;
    store = NULL;
out:
    if (txn != NULL) {
        heng_db_abort(store, txn);
    }
    if (status == HENG_ERR_NOMEM) {
        (void)heng_error_nomem(reterr);
    }
    heng_store_close(store);
    return status;
}

heng_status heng_store_open(const char *path, heng_store_mode mode,
                            heng_store **ret_store, heng_error *reterr) {
    return heng_db_open(path, mode, HENG_DB_FIRST_MAP_BYTES, ret_store, reterr);
}

void heng_store_close(heng_store *store) {
    if (store == NULL)
        return;
    sodium_memzero(store->secret, sizeof store->secret);
    if (store->env != NULL) {
        mdb_env_close(store->env);
    }
    for (size_t i = 0; i < store->naming_count; i++) {
        heng_names_free(store->namings[i]);
    }
    heng_alloc_free(store->namings);
    if (store->locks_made) {
        heng_db_unlock_writer(store);
        (void)pthread_cond_destroy(&store->grown);
        (void)pthread_mutex_destroy(&store->lock);
    }
    heng_alloc_free(store->path);
    heng_alloc_free(store);
}

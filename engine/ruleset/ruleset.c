/* SPDX-License-Identifier: Apache-2.0 */
/* ruleset.c: the public face: loading from folders and memory, and asking. */
#include "heng/ruleset.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "ruleset/linked.h"
#include "ruleset/loader.h"

static const heng_pos NOWHERE = {0, 0};

/* ---- loading ---- */

/* Files while they are read: names in the arena, texts on the heap. */
struct files {
    heng_arena *arena;
    heng_ruleset_file *list;
    size_t count;
};

static void done(struct files *files) {
    for (size_t i = 0; i < files->count; i++) {
        char *bytes = NULL;
        memcpy(&bytes, &files->list[i].text.ptr, sizeof bytes); /* ours: not const */
        heng_alloc_free(bytes);
    }
    heng_arena_free(files->arena);
}

static heng_status read_file(struct files *files, const char *path, const char *name,
                             heng_error *reterr) {
    char *bytes = NULL;
    size_t len = 0;
    heng_status status = heng_file_read(path, HENG_SOURCE_MAX, &bytes, &len, reterr);
    if (status == HENG_OK)
        files->list[files->count++] = (heng_ruleset_file){name, {bytes, len}};
    return status;
}

static heng_status read_folder(struct files *files, const char *folder,
                               heng_error *reterr) {
    heng_str *names = NULL;
    size_t count = 0;
    heng_status status =
        heng_file_list(folder, ".yaml", files->arena, &names, &count, reterr);
    if (status != HENG_OK)
        return status;
    if (count == 0)
        return heng_error_set(
            reterr, HENG_ERR_NOT_FOUND, folder, NOWHERE,
            "no file below this folder ends in `.yaml`; a ruleset has "
            "at least one");
    files->list = heng_arena_calloc(files->arena, count, sizeof *files->list);
    if (files->list == NULL)
        return heng_error_nomem(reterr);
    size_t total = 0;
    for (size_t i = 0; i < count && status == HENG_OK; i++) {
        const char *path =
            heng_arena_printf(files->arena, "%s/%.*s", folder, HENG_STR_ARG(names[i]));
        if (path == NULL)
            return heng_error_nomem(reterr);
        status = read_file(files, path, names[i].ptr, reterr);
        if (status == HENG_OK)
            total += files->list[i].text.len;
        if (total > HENG_LIMIT_RULESET_BYTES)
            return heng_error_set(
                reterr, HENG_ERR_LIMIT, folder, NOWHERE,
                "the files have more than %zu bytes together, expected "
                "at most so many",
                HENG_LIMIT_RULESET_BYTES);
    }
    return status;
}

/* `rules/` reads as `rules` in messages. */
static char *trim_slashes(heng_arena *arena, const char *path) {
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    return heng_arena_dup(arena, path, len);
}

heng_status heng_ruleset_load(const char *path, heng_diags *diags,
                              heng_ruleset **ret_ruleset, heng_error *reterr) {
    struct files files = {.arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES)};
    struct stat info;
    heng_status status = HENG_OK;
    const char *where = NULL;
    if (files.arena == NULL || (where = trim_slashes(files.arena, path)) == NULL) {
        status = heng_error_nomem(reterr);
    } else if (stat(path, &info) != 0) {
        status = heng_file_fail(reterr, path, "cannot open the ruleset", errno);
    } else if (S_ISDIR(info.st_mode)) {
        status = read_folder(&files, where, reterr);
    } else {
        const char *slash = strrchr(where, '/');
        const char *name = slash == NULL ? where : slash + 1;
        files.list = heng_arena_calloc(files.arena, 1, sizeof *files.list);
        status = files.list == NULL ? heng_error_nomem(reterr)
                                    : read_file(&files, path, name, reterr);
        char *folder =
            slash == NULL || slash == where
                ? NULL
                : heng_arena_dup(files.arena, where, (size_t)(slash - where));
        if (slash != NULL && slash != where && folder == NULL && status == HENG_OK)
            status = heng_error_nomem(reterr);
        where = folder;
    }
    if (status == HENG_OK)
        status = heng_loader_load(where, files.list, files.count, diags, ret_ruleset,
                                  reterr);
    done(&files);
    return status;
}

heng_status heng_ruleset_load_files(const heng_ruleset_file *files, size_t count,
                                    heng_diags *diags, heng_ruleset **ret_ruleset,
                                    heng_error *reterr) {
    return heng_loader_load(NULL, files, count, diags, ret_ruleset, reterr);
}

void heng_ruleset_free(heng_ruleset *ruleset) {
    if (ruleset == NULL)
        return;
    for (size_t i = 0; i < ruleset->program_count; i++)
        heng_cel_program_done(ruleset->programs[i]);
    heng_alloc_free(ruleset->programs);
    for (size_t i = 0; i < ruleset->source_text_count; i++)
        heng_source_free(ruleset->sources_text[i]);
    heng_arena_free(ruleset->arena);
    heng_alloc_free(ruleset);
}

/* ---- asking ---- */

heng_str heng_ruleset_id(const heng_ruleset *ruleset) {
    return ruleset->id;
}

heng_str heng_ruleset_version(const heng_ruleset *ruleset) {
    return ruleset->version;
}

heng_str heng_ruleset_digest(const heng_ruleset *ruleset) {
    return ruleset->digest;
}

heng_str heng_ruleset_time_zone(const heng_ruleset *ruleset) {
    return ruleset->time_zone;
}

const heng_catalog *heng_ruleset_catalog(const heng_ruleset *ruleset) {
    return &ruleset->catalog;
}

/* Rules, measures and matters are of different sizes, but each begins with its id. */
static const void *find(const void *things, size_t count, size_t size, heng_str id) {
    const char *first = things;
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        heng_str found;
        memcpy(&found, first + middle * size, sizeof found);
        int order = heng_str_compare(found, id);
        if (order == 0)
            return first + middle * size;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

_Static_assert(offsetof(heng_rule, id) == 0, "find() reads the id first");
_Static_assert(offsetof(heng_measure, id) == 0, "find() reads the id first");
_Static_assert(offsetof(heng_matter, id) == 0, "find() reads the id first");

const heng_rule *heng_ruleset_find_rule(const heng_ruleset *ruleset, heng_str id) {
    return find(ruleset->rules, ruleset->rule_count, sizeof(heng_rule), id);
}

const heng_measure *heng_ruleset_find_measure(const heng_ruleset *ruleset,
                                              heng_str id) {
    return find(ruleset->measures, ruleset->measure_count, sizeof(heng_measure), id);
}

const heng_matter *heng_ruleset_find_matter(const heng_ruleset *ruleset, heng_str id) {
    return find(ruleset->matters, ruleset->matter_count, sizeof(heng_matter), id);
}

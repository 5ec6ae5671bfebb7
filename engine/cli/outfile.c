/* SPDX-License-Identifier: Apache-2.0 */
/* outfile.c: writing beside and renaming. */
#include "cli/outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/limits.h"

static heng_status fail(const heng_outfile *file, const char *doing, int cause,
                        heng_error *reterr) {
    return heng_file_fail(
        reterr, file->stream == stdout ? "standard output" : file->path, doing, cause);
}

/* What is no regular file (a pipe, /dev/null) cannot be renamed over: written as it is.
 */
static bool is_special(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

static heng_status open_beside(heng_outfile *file, heng_error *reterr) {
    heng_buffer name;
    struct stat info;
    size_t len = 0;
    if (strlen(file->path) >= HENG_LIMIT_PATH_BYTES - sizeof ".XXXXXX")
        return heng_file_fail(reterr, file->path, "cannot write", ENAMETOOLONG);
    if (stat(file->path, &info) == 0 && S_ISDIR(info.st_mode))
        return heng_error_set(reterr, HENG_ERR_IO, file->path, (heng_pos){0, 0},
                              "is a folder, expected the name of a file to write");
    heng_buffer_init(&name, HENG_LIMIT_PATH_BYTES);
    (void)heng_buffer_add_format(&name, "%s.XXXXXX", file->path);
    file->temporary = heng_buffer_take(&name, &len);
    heng_buffer_done(&name);
    if (file->temporary == NULL)
        return heng_error_nomem(reterr);
    int descriptor = mkstemp(file->temporary);
    if (descriptor < 0) {
        int cause = errno;
        heng_alloc_free(file->temporary);
        file->temporary = NULL;
        return heng_file_fail(reterr, file->path, "cannot write", cause);
    }
    mode_t mask = umask(0);
    (void)umask(mask);
    (void)fchmod(descriptor, 0666 & ~mask);
    file->stream = fdopen(descriptor, "wb");
    if (file->stream == NULL) {
        (void)close(descriptor);
        heng_outfile_abandon(file);
        return heng_error_nomem(reterr);
    }
    return HENG_OK;
}

heng_status heng_outfile_open(heng_outfile *file, const char *path,
                              heng_error *reterr) {
    *file = (heng_outfile){.path = path};
    if (strcmp(path, "-") == 0) {
        file->stream = stdout;
        return HENG_OK;
    }
    if (!is_special(path))
        return open_beside(file, reterr);
    file->stream = fopen(path, "wb");
    return file->stream != NULL ? HENG_OK
                                : heng_file_fail(reterr, path, "cannot write", errno);
}

bool heng_outfile_write(heng_outfile *file, heng_str text) {
    if (!file->failed && text.len > 0 &&
        fwrite(text.ptr, 1, text.len, file->stream) != text.len) {
        file->failed = true;
        file->cause = errno;
    }
    return !file->failed;
}

heng_status heng_outfile_commit(heng_outfile *file, heng_error *reterr) {
    heng_status status = HENG_OK;
    errno = 0;
    if (!file->failed && fflush(file->stream) != 0) {
        file->failed = true;
        file->cause = errno;
    }
    if (!file->failed && file->temporary != NULL &&
        (fsync(fileno(file->stream)) != 0 ||
         rename(file->temporary, file->path) != 0)) {
        file->failed = true;
        file->cause = errno;
    }
    if (file->failed)
        status = fail(file, "cannot write", file->cause, reterr);
    if (!file->failed && file->temporary != NULL) {
        heng_alloc_free(file->temporary); /* it has its name now */
        file->temporary = NULL;
    }
    heng_outfile_abandon(file);
    return status;
}

void heng_outfile_abandon(heng_outfile *file) {
    if (file->stream != NULL && file->stream != stdout)
        (void)fclose(file->stream);
    file->stream = NULL;
    if (file->temporary != NULL)
        (void)unlink(file->temporary);
    heng_alloc_free(file->temporary);
    file->temporary = NULL;
}

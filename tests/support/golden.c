/* SPDX-License-Identifier: Apache-2.0 */
/* golden.c: comparing with files, and rewriting them when asked to. */
#include "support/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"

#define PATH_BYTES 4096

static void full_path(const char *path, char *ret_full) {
    int len = snprintf(ret_full, PATH_BYTES, "%s/%s", HENG_TEST_DIR, path);
    if (len < 0 || len >= PATH_BYTES) {
        fail_msg("path too long: %s", path);
    }
}

/* NULL where there is no such file. */
static char *read_or_null(const char *path, size_t *ret_len) {
    char full[PATH_BYTES];
    full_path(path, full);
    FILE *file = fopen(full, "rb");
    if (file == NULL)
        return NULL;

    size_t len = 0;
    size_t room = 4096;
    char *text = malloc(room);
    while (text != NULL) {
        len += fread(text + len, 1, room - len - 1, file);
        if (len < room - 1)
            break;
        room *= 2;
        char *grown = realloc(text, room);
        if (grown == NULL)
            free(text);
        text = grown;
    }
    if (text == NULL || ferror(file)) {
        free(text);
        (void)fclose(file);
        fail_msg("cannot read %s", full);
        return NULL;
    }
    (void)fclose(file);
    text[len] = '\0';
    *ret_len = len;
    return text;
}

static void rewrite(const char *path, const char *text, size_t len) {
    char full[PATH_BYTES];
    full_path(path, full);
    FILE *file = fopen(full, "wb");
    if (file == NULL || fwrite(text, 1, len, file) != len || fclose(file) != 0) {
        fail_msg("cannot write %s", full);
    }
}

/* Line of the first difference, from 1, with the lines' own texts. */
static void fail_at_difference(const char *path, const char *want, size_t want_len,
                               const char *got, size_t got_len) {
    size_t same = 0;
    size_t start = 0;
    size_t line = 1;
    while (same < want_len && same < got_len && want[same] == got[same]) {
        if (want[same] == '\n') {
            line++;
            start = same + 1;
        }
        same++;
    }
    const char *want_line = want + start;
    const char *got_line = got + start;
    const char *want_end = memchr(want_line, '\n', want_len - start);
    const char *got_end = memchr(got_line, '\n', got_len - start);
    size_t want_line_len = want_end ? (size_t)(want_end - want_line) : want_len - start;
    size_t got_line_len = got_end ? (size_t)(got_end - got_line) : got_len - start;
    (void)fprintf(stderr, "---- got\n%.*s\n----\n", (int)got_len, got);
    fail_msg(
        "tests/%s:%zu differs (HENG_UPDATE=1 rewrites it)\n  want: %.*s\n  got:  %.*s",
        path, line, (int)want_line_len, want_line, (int)got_line_len, got_line);
}

void golden_check(const char *path, const char *text, size_t len) {
    size_t want_len = 0;
    char *want = read_or_null(path, &want_len);
    if (want != NULL && want_len == len && memcmp(want, text, len) == 0) {
        free(want);
        return;
    }

    const char *update = getenv("HENG_UPDATE");
    if (update != NULL && strcmp(update, "1") == 0) {
        free(want);
        rewrite(path, text, len);
        return;
    }
    if (want == NULL) {
        fail_msg("tests/%s does not exist (HENG_UPDATE=1 writes it)", path);
    }
    fail_at_difference(path, want, want_len, text,
                       len); /* leaks `want`: we are failing */
}

char *golden_read(const char *path, size_t *ret_len) {
    char *text = read_or_null(path, ret_len);
    if (text == NULL) {
        fail_msg("cannot open tests/%s", path);
    }
    return text;
}

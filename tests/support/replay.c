/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c: gives a fuzzer's kept inputs to its entry point, without libFuzzer.
 *
 * Each input lies in a block of exactly its own size, so that ASan sees a one-byte
 * over-read.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/fuzz.h"

#define PATH_BYTES 4096

static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        return 1;
    }
    long size = ftell(file);
    rewind(file);
    size_t len = size < 0 ? 0 : (size_t)size;
    uint8_t *bytes = malloc(len);
    int failed = (bytes == NULL && len > 0) || fread(bytes, 1, len, file) != len;
    (void)fclose(file);
    if (failed) {
        perror(path);
    } else {
        (void)LLVMFuzzerTestOneInput(bytes, len);
    }
    free(bytes);
    return failed;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 1;
    }
    DIR *folder = opendir(argv[1]);
    if (folder == NULL) {
        perror(argv[1]);
        return 1;
    }
    int failed = 0;
    size_t count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL;
         entry = readdir(folder)) {
        char path[PATH_BYTES];
        if (entry->d_name[0] == '.')
            continue;
        int len = snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (len < 0 || (size_t)len >= sizeof path) {
            (void)fprintf(stderr, "path too long: %s\n", entry->d_name);
            failed = 1;
            continue;
        }
        failed |= replay_file(path);
        count++;
    }
    (void)closedir(folder);
    (void)printf("%zu inputs replayed\n", count);
    return failed || count == 0;
}

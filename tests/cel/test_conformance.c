/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_conformance.c: the published conformance cases, as `heng eval --jsonl` answers
 * them. Every case that fails is named.
 */
#include "support/check.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/eval_jsonl.h"

static const char *folder;

static double number_of(const json_t *text) {
    return strtod(json_string_value(text), NULL); /* also reads inf and nan */
}

static bool same_value(json_t *want, json_t *got);

static bool same_list(const json_t *want, const json_t *got) {
    if (!json_is_array(got) || json_array_size(want) != json_array_size(got))
        return false;
    for (size_t i = 0; i < json_array_size(want); i++) {
        if (!same_value(json_array_get(want, i), json_array_get(got, i)))
            return false;
    }
    return true;
}

/* Entries of a map come in any order. */
static bool same_map(const json_t *want, const json_t *got) {
    if (!json_is_array(got) || json_array_size(want) != json_array_size(got))
        return false;
    for (size_t i = 0; i < json_array_size(want); i++) {
        bool found = false;
        for (size_t j = 0; j < json_array_size(got) && !found; j++) {
            found = same_list(json_array_get(want, i), json_array_get(got, j));
        }
        if (!found)
            return false;
    }
    return true;
}

static bool same_value(json_t *want, json_t *got) {
    void *member = json_object_iter(want);
    const char *tag = member == NULL ? "" : json_object_iter_key(member);
    json_t *left = member == NULL ? NULL : json_object_iter_value(member);
    json_t *right = json_object_get(got, tag);
    if (left == NULL || right == NULL)
        return false;
    if (strcmp(tag, "double") == 0) {
        double a = number_of(left);
        double b = number_of(right);
        return (isnan(a) && isnan(b)) || (a <= b && a >= b && signbit(a) == signbit(b));
    }
    if (strcmp(tag, "list") == 0)
        return same_list(left, right);
    if (strcmp(tag, "map") == 0)
        return same_map(left, right);
    if (strcmp(tag, "optional") == 0 && !json_is_null(left))
        return same_value(left, right);
    return json_equal(left, right) != 0;
}

static bool satisfies(const json_t *want, const json_t *got) {
    json_t *value = json_object_get(want, "value");
    const json_t *type = json_object_get(want, "type");
    if (json_is_true(json_object_get(want, "error")))
        return json_object_get(got, "error") != NULL ||
               json_object_get(got, "invalid") != NULL;
    if (value != NULL && (json_object_get(got, "value") == NULL ||
                          !same_value(value, json_object_get(got, "value"))))
        return false;
    return type == NULL || json_equal(type, json_object_get(got, "type")) != 0;
}

/* 1 where the case fails, after naming it. */
static size_t check_case(heng_str line, heng_arena *arena, heng_buffer *out) {
    heng_error error = {0};
    heng_buffer_clear(out);
    json_t *asked = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, NULL);
    heng_status status = heng_eval_jsonl_line(line, arena, out, &error);
    json_t *answer = status != HENG_OK
                         ? NULL
                         : json_loadb(out->bytes, out->len, JSON_ALLOW_NUL, NULL);
    json_t *got = json_object_get(answer, "got");
    bool good = got != NULL && satisfies(json_object_get(asked, "want"), got) &&
                json_equal(json_object_get(asked, "id"), json_object_get(answer, "id"));
    if (!good) {
        (void)fprintf(stderr, "%s: %s\n",
                      json_string_value(json_object_get(asked, "id")),
                      status == HENG_OK ? out->bytes : error.text);
    }
    json_decref(asked);
    json_decref(answer);
    return good ? 0 : 1;
}

static size_t check_file(const char *path, heng_arena *arena, heng_buffer *out,
                         size_t *ret_cases) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    size_t failed = 0;
    assert_non_null(file);
    for (ssize_t len = getline(&line, &room, file); len > 0;
         len = getline(&line, &room, file)) {
        failed += check_case((heng_str){line, (size_t)len}, arena, out);
        ++*ret_cases;
    }
    free(line);
    (void)fclose(file);
    return failed;
}

static void cases_hold(void **state) {
    heng_arena *arena = heng_arena_new((size_t)1 << 28);
    heng_buffer out;
    size_t cases = 0;
    size_t failed = 0;
    (void)state;
    heng_buffer_init(&out, (size_t)1 << 24);
    assert_non_null(arena);
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    for (struct dirent *entry = readdir(listing); entry != NULL;
         entry = readdir(listing)) {
        const char *end = strstr(entry->d_name, ".jsonl");
        char path[4096];
        if (end == NULL || end[6] != '\0')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        failed += check_file(path, arena, &out, &cases);
    }
    (void)closedir(listing);
    heng_buffer_done(&out);
    heng_arena_free(arena);
    (void)printf("%zu cases, %zu failed\n", cases, failed);
    assert_int_equal(failed, 0);
    assert_true(cases > 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases_hold)};
    folder = check_input("HENG_CEL_CONFORMANCE");
    if (folder == NULL)
        return CHECK_SKIPPED;
    return cmocka_run_group_tests_name("cel/conformance", tests, NULL, NULL);
}

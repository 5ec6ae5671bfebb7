/* SPDX-License-Identifier: Apache-2.0 */
/* test_torture.c: each allocation of a load fails in turn: no leak, no half ruleset. */
#include "support/torture.h"

#include "ruleset/load.h"
#include "ruleset/whole.h"

#include <string.h>

struct input {
    heng_ruleset_file files[2];
    size_t count;
    heng_status want;
};

static void count_bytes(void *context, const char *text, size_t len) {
    size_t *sum = context;
    for (size_t i = 0; i < len; i++)
        *sum += text[i] != '\0';
}

static heng_status load(void *context) {
    const struct input *input = context;
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    if (diags == NULL)
        return HENG_ERR_NOMEM;
    heng_status status =
        heng_ruleset_load_files(input->files, input->count, diags, &ruleset, &error);
    assert_int_equal(ruleset != NULL, status == HENG_OK);
    assert_int_equal(error.status, status);
    size_t printed = 0; /* what was reported so far can still be printed */
    for (size_t i = 0; i < heng_diags_count(diags); i++)
        heng_diag_render(heng_diags_get(diags, i), false, count_bytes, &printed);
    heng_ruleset_free(ruleset);
    heng_diags_free(diags);
    return status == input->want ? HENG_OK : status;
}

static void a_good_ruleset(void **state) {
    (void)state;
    struct input input = {
        {{"a.yaml", HENG_STR(WHOLE_A)}, {"b.yaml", HENG_STR(WHOLE_B)}}, 2, HENG_OK};
    assert_true(torture(load, &input) > 10);
}

/* The ways out that a good one does not take. */
static void a_bad_ruleset(void **state) {
    (void)state;
    struct input input = {
        {{"a.yaml",
          HENG_STR(LOAD_HEAD
                   "sources: [{id: law, titel: x}, {id: law}]\n"
                   "roles: [{id: a, inverse: b}, {id: c, inverse: b}]\n"
                   "rules:\n"
                   "  - {id: a, exception_to: [b, 'tag:c'], through: [x], basis: "
                   "[{source: lew}]}\n"
                   "  - {id: b, exception_to: [a], ground: r.categry == '',\n"
                   "     reason: '{', measures: [x]}\n"
                   "conflicts: [{between: [a, b], keep: a}, {between: [b, a]}]\n")},
         {"b.yaml", HENG_STR("a: \xff\n")}},
        2,
        HENG_ERR_RULESET};
    assert_true(torture(load, &input) > 10);
    input.count = 1;
    assert_true(torture(load, &input) > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_ruleset),
        cmocka_unit_test(a_bad_ruleset),
    };
    return check_run("ruleset/torture", tests, COUNT(tests), NULL, NULL);
}

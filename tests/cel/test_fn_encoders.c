/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_encoders.c: base64. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"padding may be left out", "base64.decode(['aGk'][0]) == base64.decode('aGk=')",
     "true"},
    {"bytes of all lengths come back",
     "[b'', b'a', b'ab', b'abc', b'abcd'].all(b, base64.decode(base64.encode(b)) == b)",
     "true"},
    {"one letter too many is refused", "base64.decode(['aGkab'][0])",
     "error: the text is not base64"},
    {"so is a letter that is none", "base64.decode(['a-b_'][0])",
     "error: the text is not base64"},
    {"so is padding too much", "base64.decode(['aGk=='][0])",
     "error: the text is not base64"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_encoders", tests, NULL, NULL);
}

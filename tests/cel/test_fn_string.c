/* SPDX-License-Identifier: Apache-2.0 */
/* test_fn_string.c: texts. */
#include "cel/evaluate.h"

static struct evaluate_row ROWS[] = {
    {"sizes count code points", "size(['中文a'][0])", "3"},
    {"a character at the end is empty", "['tea'][0].charAt(3)", "\"\""},
    {"past the end is an error", "['tea'][0].charAt(4)",
     "error: index 4 is outside the text"},
    {"a negative index is an error", "['tea'][0].charAt(-1)",
     "error: index -1 is outside the text"},
    {"indexes count code points", "['ta©o©αT'][0].indexOf('©', 3)", "4"},
    {"the last one is found from the end", "['ta©o©αT'][0].lastIndexOf('©')", "4"},
    {"or from an index", "['ta©o©αT'][0].lastIndexOf('©', 3)", "2"},
    {"the empty text is found at once, and last",
     "''.indexOf('') + ['abc'][0].lastIndexOf('')", "3"},
    {"what is longer is not found", "['a'][0].lastIndexOf('ab')", "-1"},
    {"an empty text is replaced between all characters", "['中a'][0].replace('', '_')",
     "\"_中_a_\""},
    {"so many times", "['aaa'][0].replace('a', 'b', 2)", "\"bba\""},
    {"not at all", "['aaa'][0].replace('a', 'b', 0)", "\"aaa\""},
    {"an empty separator parts all characters", "['a中'][0].split('')",
     "[\"a\", \"中\"]"},
    {"a limit keeps the rest together", "['a,b,c'][0].split(',', 2)",
     "[\"a\", \"b,c\"]"},
    {"an end before the start is an error", "['tacocat'][0].substring(4, 3)",
     "error: the end 3 lies before the start 4"},
    {"white space of Unicode is trimmed", "['\\u3000 a b\\u2028'][0].trim()",
     "\"a b\""},
    {"nothing but space becomes nothing", "['  '][0].trim()", "\"\""},
    {"only texts are joined", "dyn([1]).join()",
     "error: no such overload `join` for (int)"},
    {"a text is reversed by code points", "['中文a'][0].reverse()", "\"a文中\""},
    {"quotes and line feeds are escaped", "strings.quote(['a\"\\n'][0])",
     "\"\\\"a\\\\\\\"\\\\n\\\"\""},
    {"a pattern that is constant is refused at load", "'a'.matches('(?=a)')",
     "invalid: invalid perl operator: `(?=`"},
    {"one that is not, when it is used", "['a'][0].matches(['('][0])",
     "error: missing closing ): `(`"},
};

int main(void) {
    struct CMUnitTest tests[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        tests[i] = ROW_TEST(&ROWS[i], evaluate_row);
    }
    return cmocka_run_group_tests_name("cel/fn_string", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* test_decimal.c: exact sums, rounding half to even, and every way out of 64 bits. */
#include "support/check.h"

#include "heng/decimal.h"

#include <string.h>

struct text_row {
    const char *name;
    const char *text;
    heng_decimal value;
    const char *written; /* NULL: as `text` */
};

static struct text_row good[] = {
    {"zero", "0", 0, NULL},
    {"an integer", "1250000", INT64_C(12500000000), NULL},
    {"a half", "0.5", 5000, NULL},
    {"four decimals", "-3.0001", -30001, NULL},
    {"the smallest", "0.0001", 1, NULL},
    {"the smallest below zero", "-0.0001", -1, NULL},
    {"zeros after are not written", "1.5000", 15000, "1.5"},
    {"more than four decimals, if zeros", "1.500000000000000000000000", 15000, "1.5"},
    {"zeros before are not written", "007.10", 71000, "7.1"},
    {"zeros before do not overflow", "00000000000000000000000000001", 10000, "1"},
    {"minus zero is zero", "-0.0", 0, "0"},
    {"the largest", "922337203685477.5807", INT64_MAX, NULL},
    {"the least", "-922337203685477.5808", INT64_MIN, NULL},
};

static void check_good(void **state) {
    const struct text_row *row = *state;
    heng_decimal value = 42;
    char text[HENG_DECIMAL_TEXT_BYTES];
    assert_true(heng_decimal_parse(heng_str_of(row->text), &value));
    assert_true(value == row->value);
    const char *want = row->written == NULL ? row->text : row->written;
    assert_int_equal(heng_decimal_format(value, text), strlen(want));
    assert_string_equal(text, want);
}

static struct text_row bad[] = {
    {"no text", "", 0, NULL},
    {"a minus alone", "-", 0, NULL},
    {"a point alone", ".", 0, NULL},
    {"nothing before the point", ".5", 0, NULL},
    {"nothing before the point of a negative", "-.5", 0, NULL},
    {"nothing after the point", "5.", 0, NULL},
    {"two points", "1.2.3", 0, NULL},
    {"a plus", "+1", 0, NULL},
    {"two minuses", "--1", 0, NULL},
    {"an exponent", "1e3", 0, NULL},
    {"a comma", "1,5", 0, NULL},
    {"grouping", "1 000", 0, NULL},
    {"space before", " 1", 0, NULL},
    {"space after", "1 ", 0, NULL},
    {"a word", "inf", 0, NULL},
    {"five decimals", "0.00001", 0, NULL},
    {"a digit after zeros past the fourth", "1.50000001", 0, NULL},
    {"one over the largest", "922337203685477.5808", 0, NULL},
    {"one under the least", "-922337203685477.5809", 0, NULL},
    {"an integer over the largest", "922337203685478", 0, NULL},
    {"more than 64 bits", "99999999999999999999999", 0, NULL},
};

static void check_bad(void **state) {
    const struct text_row *row = *state;
    heng_decimal value = 42;
    assert_false(heng_decimal_parse(heng_str_of(row->text), &value));
    assert_true(value == 42); /* untouched */
}

struct op_row {
    const char *name;
    const char *a;
    char op;
    const char *b;
    const char *want; /* NULL: an error */
};

static struct op_row ops[] = {
    {"sums are exact", "0.1", '+', "0.2", "0.3"},
    {"a sum over the largest is an error", "922337203685477.5807", '+', "0.0001", NULL},
    {"a sum under the least is an error", "-922337203685477.5808", '+', "-0.0001",
     NULL},
    {"the ends cancel out", "922337203685477.5807", '+', "-922337203685477.5807", "0"},
    {"differences are exact", "0.3", '-', "0.1", "0.2"},
    {"a difference over the largest is an error", "922337203685477.5807", '-',
     "-0.0001", NULL},
    {"zero less the least is an error", "0", '-', "-922337203685477.5808", NULL},
    {"products are exact where they can be", "1.5", '*', "-1.5", "-2.25"},
    {"half of the last place goes to even, down", "0.0005", '*', "0.1", "0"},
    {"half of the last place goes to even, up", "0.0015", '*', "0.1", "0.0002"},
    {"half goes to even, down again", "0.0025", '*', "0.1", "0.0002"},
    {"half below zero goes to even", "-0.0015", '*', "0.1", "-0.0002"},
    {"half below zero goes to even zero", "-0.0005", '*', "0.1", "0"},
    {"just over half goes up", "0.0051", '*', "0.01", "0.0001"},
    {"just under half goes down", "0.0049", '*', "0.01", "0"},
    {"a product over the largest is an error", "30370005", '*', "30370005", NULL},
    {"a product that just fits", "30370000", '*', "30370000", "922336900000000"},
    {"the least by minus one is an error", "-922337203685477.5808", '*', "-1", NULL},
    {"the least by one is itself", "-922337203685477.5808", '*', "1",
     "-922337203685477.5808"},
    {"the least squared is an error", "-922337203685477.5808", '*',
     "-922337203685477.5808", NULL},
    {"quotients are rounded", "1", '/', "3", "0.3333"},
    {"quotients are rounded up", "2", '/', "3", "0.6667"},
    {"quotients below zero too", "-2", '/', "3", "-0.6667"},
    {"a negative divisor", "2", '/', "-3", "-0.6667"},
    {"both negative", "-2", '/', "-3", "0.6667"},
    {"half of a quotient goes to even, down", "0.0001", '/', "2", "0"},
    {"half of a quotient goes to even, up", "0.0003", '/', "2", "0.0002"},
    {"half of a quotient below zero", "-0.0003", '/', "2", "-0.0002"},
    {"half of a quotient by a negative", "0.0005", '/', "-2", "-0.0002"},
    {"dividing by zero is an error", "1", '/', "0", NULL},
    {"zero by zero is an error", "0", '/', "0", NULL},
    {"dividing the largest by the smallest is an error", "922337203685477.5807", '/',
     "0.0001", NULL},
    {"the least by minus one does not fit", "-922337203685477.5808", '/', "-1", NULL},
    {"the least by itself is one", "-922337203685477.5808", '/',
     "-922337203685477.5808", "1"},
};

static void check_op(void **state) {
    const struct op_row *row = *state;
    heng_decimal a = 0;
    heng_decimal b = 0;
    heng_decimal got = 42;
    assert_true(heng_decimal_parse(heng_str_of(row->a), &a));
    assert_true(heng_decimal_parse(heng_str_of(row->b), &b));
    bool done = row->op == '+'   ? heng_decimal_add(a, b, &got)
                : row->op == '-' ? heng_decimal_subtract(a, b, &got)
                : row->op == '*' ? heng_decimal_multiply(a, b, &got)
                                 : heng_decimal_divide(a, b, &got);
    char text[HENG_DECIMAL_TEXT_BYTES] = "error";
    if (done) {
        (void)heng_decimal_format(got, text);
    } else {
        assert_true(got == 42); /* untouched */
    }
    assert_string_equal(text, row->want == NULL ? "error" : row->want);
}

static void integers_convert_or_say_no(void **state) {
    (void)state;
    heng_decimal value = 42;
    assert_true(heng_decimal_from_int(-7, &value));
    assert_true(value == -70000);
    assert_true(heng_decimal_from_int(INT64_MAX / 10000, &value));
    assert_true(heng_decimal_from_int(INT64_MIN / 10000, &value));
    value = 42;
    assert_false(heng_decimal_from_int(INT64_MAX / 10000 + 1, &value));
    assert_false(heng_decimal_from_int(INT64_MIN / 10000 - 1, &value));
    assert_true(value == 42);
}

static void the_least_has_no_opposite(void **state) {
    (void)state;
    heng_decimal value = 42;
    assert_true(heng_decimal_negate(INT64_MAX, &value));
    assert_true(value == -INT64_MAX);
    assert_true(heng_decimal_negate(0, &value));
    assert_true(value == 0);
    assert_false(heng_decimal_negate(INT64_MIN, &value));
    assert_true(value == 0);
}

int main(void) {
    struct CMUnitTest tests[COUNT(good) + COUNT(bad) + COUNT(ops) + 2];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(good); i++) {
        tests[count++] = ROW_TEST(&good[i], check_good);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        tests[count++] = ROW_TEST(&bad[i], check_bad);
    }
    for (size_t i = 0; i < COUNT(ops); i++) {
        tests[count++] = ROW_TEST(&ops[i], check_op);
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(integers_convert_or_say_no);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_least_has_no_opposite);
    return check_run("base/decimal", tests, count, NULL, NULL);
}

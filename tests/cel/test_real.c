/* SPDX-License-Identifier: Apache-2.0 */
/* test_real.c: doubles as text, in every locale. */
#include "support/check.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cel/real.h"

struct row {
    const char *name;
    double value;
    const char *text;
};

static struct row rows[] = {
    {"a tenth has one digit", 0.1, "0.1"},
    {"a whole number has no point", 100.0, "100"},
    {"zero keeps its sign", -0.0, "-0"},
    {"small ones have an exponent from 1e-5 on", 0.00001, "1e-05"},
    {"but not 1e-4", 0.0001, "0.0001"},
    {"large ones from 1e21 on", 1e21, "1e+21"},
    {"but not below", 123456789012345680000.0, "123456789012345680000"},
    {"the least of all", 4.9406564584124654e-324, "5e-324"},
    {"the largest", 1.7976931348623157e308, "1.7976931348623157e+308"},
    {"seventeen digits where they are needed", 0.1 + 0.2, "0.30000000000000004"},
    {"sixteen where they are enough", 9007199254740993.0, "9007199254740992"},
    {"infinity has a name", -(double)INFINITY, "-Infinity"},
    {"so has NaN", (double)NAN, "NaN"},
};

static void check_row(void **state) {
    const struct row *row = *state;
    char buffer[HENG_REAL_TEXT_BYTES];
    double back = 0;
    size_t len = heng_real_print(row->value, buffer);
    assert_string_equal(buffer, row->text);
    assert_int_equal(len, strlen(row->text));
    assert_true(heng_real_parse((heng_str){buffer, len}, &back));
    assert_true(memcmp(&back, &row->value, sizeof back) == 0 || isnan(row->value));
}

static void random_doubles_come_back(void **state) {
    uint64_t bits = 1;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        double value = 0;
        double back = 0;
        char buffer[HENG_REAL_TEXT_BYTES];
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        size_t len = heng_real_print(value, buffer);
        assert_true(heng_real_parse((heng_str){buffer, len}, &back));
        assert_true(memcmp(&back, &value, sizeof back) == 0);
    }
}

static void what_is_no_number_is_refused(void **state) {
    static const char *const texts[] = {"",   "-",   ".",   "1e", "1e+",  "0x1",  "1 ",
                                        " 1", "1,5", "--1", "in", "nano", "1.5.2"};
    double value = 7;
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_false(heng_real_parse(heng_str_of(texts[i]), &value));
    }
    assert_true(value >= 7 && value <= 7);
    assert_true(heng_real_parse(HENG_STR(".5"), &value) && value < 0.6);
    assert_true(heng_real_parse(HENG_STR("5."), &value) && value > 4);
    assert_true(heng_real_parse(HENG_STR("+INF"), &value) && isinf(value));
    assert_true(heng_real_parse(HENG_STR("1e999"), &value) && isinf(value));
}

static void a_long_text_is_read_whole(void **state) {
    char text[1001];
    double value = 0;
    (void)state;
    memset(text, '0', 1000);
    text[500] = '.';
    text[999] = '5';
    assert_true(heng_real_parse((heng_str){text, 1000}, &value));
    assert_true(value >= 0 && value <= 0);
}

static void a_comma_of_the_locale_does_not_matter(void **state) {
    char buffer[HENG_REAL_FIXED_BYTES];
    char small[HENG_REAL_TEXT_BYTES];
    double value = 0;
    (void)state;
    if (setlocale(LC_NUMERIC, "de_DE.UTF-8") == NULL) {
        print_message("skipped: the locale de_DE.UTF-8 is not installed\n");
        skip();
    }
    (void)heng_real_print_fixed(1234.5, 2, buffer);
    assert_string_equal(buffer, "1234.50");
    (void)heng_real_print_scientific(1234.5, 2, buffer);
    assert_string_equal(buffer, "1.23e+03");
    (void)heng_real_print(0.30000000000000004, small);
    assert_string_equal(small, "0.30000000000000004");
    assert_true(heng_real_parse(HENG_STR("1.5"), &value) && value > 1.4);
    (void)setlocale(LC_NUMERIC, "C");
}

static void no_exponent_is_written_where_none_is_wanted(void **state) {
    char buffer[HENG_REAL_FIXED_BYTES];
    (void)state;
    (void)heng_real_print_plain(1e-7, buffer);
    assert_string_equal(buffer, "0.0000001");
    assert_int_equal(heng_real_print_plain(1e300, buffer), 301);
    assert_int_equal(
        heng_real_print_fixed(1.7976931348623157e308, HENG_REAL_PRECISION_MAX, buffer),
        309 + 1 + HENG_REAL_PRECISION_MAX);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 5];
    size_t count = COUNT(rows);
    for (size_t i = 0; i < count; i++) {
        tests[i] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(random_doubles_come_back),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(a_long_text_is_read_whole),
        cmocka_unit_test(a_comma_of_the_locale_does_not_matter),
        cmocka_unit_test(no_exponent_is_written_where_none_is_wanted),
    };
    memcpy(tests + count, rest, sizeof rest);
    return cmocka_run_group_tests_name("cel/real", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* test_regex.c: patterns mean what they mean to RE2, or are refused as RE2 does. */
#include "support/check.h"

#include <string.h>

#include "base/limits.h"
#include "cel/regex.h"
#include "support/torture.h"

#define TEXT(literal)                                                                  \
    { (literal), sizeof(literal) - 1 } /* keeps embedded NULs */

struct row {
    const char *name;
    heng_str pattern;
    heng_str text;
    const char *want; /* "yes", "no", or the reason for refusal */
};

static struct row rows[] = {
    {"a match anywhere counts", TEXT("b"), TEXT("abc"), "yes"},
    {"the empty pattern matches", TEXT(""), TEXT(""), "yes"},
    {"alternatives may be empty", TEXT("a||b"), TEXT("z"), "yes"},
    {"NUL is a character", TEXT("a\\x00b"), TEXT("a\0b"), "yes"},
    {"`$` is the very end", TEXT("a$"), TEXT("a\n"), "no"},
    {"with (?m) also before a line feed", TEXT("(?m)a$"), TEXT("a\nb"), "yes"},
    {"`^` is the very start", TEXT("^b"), TEXT("a\nb"), "no"},
    {"with (?m) also after a line feed", TEXT("(?m)^b"), TEXT("a\nb"), "yes"},
    {"even after the last one", TEXT("(?m)a\\n^"), TEXT("a\n"), "yes"},
    {"a carriage return ends no line", TEXT("(?m)a$"), TEXT("a\r\n"), "no"},
    {"`.` is no line feed", TEXT("a.b"), TEXT("a\nb"), "no"},
    {"with (?s) it is", TEXT("(?s)a.b"), TEXT("a\nb"), "yes"},
    {"`.` is a whole character", TEXT("^.$"), TEXT("中"), "yes"},
    {"`\\d` is ASCII", TEXT("\\d"), TEXT("٣"), "no"},
    {"`\\w` is ASCII", TEXT("\\w"), TEXT("é"), "no"},
    {"`\\W` is the rest", TEXT("^\\W$"), TEXT("é"), "yes"},
    {"`\\s` has no vertical tab", TEXT("\\s"), TEXT("\v"), "no"},
    {"[[:space:]] has", TEXT("[[:space:]]"), TEXT("\v"), "yes"},
    {"`\\b` is ASCII", TEXT("\\bé"), TEXT(" é"), "no"},
    {"[^a] takes a line feed", TEXT("[^a]"), TEXT("\n"), "yes"},
    {"(?i) folds ASCII", TEXT("(?i)HeNG"), TEXT("hEng"), "yes"},
    {"and beyond", TEXT("(?i)ÄΣ"), TEXT("äς"), "yes"},
    {"also the kelvin sign", TEXT("(?i)k"), TEXT("\xe2\x84\xaa"), "yes"},
    {"(?i) in a class", TEXT("(?i)[^k]"), TEXT("K"), "no"},
    {"(?i) with a negated class", TEXT("(?i)\\W"), TEXT("\xe2\x84\xaa"), "no"},
    {"(?i) with a category", TEXT("(?i)^\\p{Lu}$"), TEXT("a"), "yes"},
    {"not all small letters have a capital", TEXT("(?i)^\\p{Lu}$"), TEXT("ı"), "no"},
    {"nor do they under a negation", TEXT("(?i)^[^\\P{Lu}b]$"), TEXT("ı"), "no"},
    {"titles with (?i)", TEXT("(?i)^\\p{Lt}$"), TEXT("ǆ"), "yes"},
    {"(?i) with a script", TEXT("(?i)^\\p{Greek}\\pM$"), TEXT("µι"), "yes"},
    {"(?i) without a script", TEXT("(?i)\\P{Greek}"), TEXT("µ"), "no"},
    {"that is refused inside []", TEXT("(?i)[\\P{Greek}a]"), TEXT(""),
     "cannot fold a negated property inside []: `\\P{Greek}`"},
    {"scripts that PCRE2 may not know", TEXT("^\\p{Kawi}\\P{Nag_Mundari}$"),
     TEXT("\xf0\x91\xbc\x80"
          "a"),
     "yes"},
    {"`\\B` inside a character", TEXT("\\B"), TEXT("a中a"), "yes"},
    {"with what may be empty there", TEXT("(a*(\\B)|b){2}x?"), TEXT("a中a"), "yes"},
    {"but only there", TEXT("x|\\B"), TEXT("a"), "no"},
    {"and not beside `\\b`", TEXT("\\B(^|\\b|$|a)"), TEXT("a中a"), "no"},
    {"single bytes", TEXT("^\\C\\C\\C$"), TEXT("本"), "yes"},
    {"are all there are", TEXT("^\\C\\C?$"), TEXT("本"), "no"},
    {"also inside a character", TEXT("中\\C{2}\\B"), TEXT("中本"), "yes"},
    {"no character begins there", TEXT("^\\C."), TEXT("本"), "no"},
    {"beside them `.` is a character", TEXT("^\\C.$"), TEXT("a本"), "yes"},
    {"but no line feed", TEXT("\\C."), TEXT("a\n"), "no"},
    {"nor is a class", TEXT("\\C[^a]$"), TEXT("a\xe6"), "no"},
    {"classes beside them", TEXT("^[é-ö中]\\C+[^é-ö]\\S$"),
     TEXT("ñx中\xf0\x9f\x98\x80"), "yes"},
    {"folded ones", TEXT("(?i)^\\Ck[^s]\\W$"), TEXT("x\xe2\x84\xaat-"), "yes"},
    {"and negated", TEXT("(?i)\\C[^s]"), TEXT("xſ"), "no"},
    {"letters that fold since Unicode 15", TEXT("(?i)^ΐ[^ﬆ]"), TEXT("\xe1\xbf\x93ﬅ"),
     "no"},
    {"in both ways", TEXT("(?i)^\xe1\xbf\x93[ﬅ]$"), TEXT("ΐﬆ"), "yes"},
    {"flags end with their group", TEXT("((?i)a)b"), TEXT("AB"), "no"},
    {"flags can be taken back", TEXT("(?i)a(?-i)b"), TEXT("Ab"), "yes"},
    {"flags of a group", TEXT("(?i-s:a.)"), TEXT("A\n"), "no"},
    {"scripts", TEXT("^\\p{Han}+$"), TEXT("中文"), "yes"},
    {"negated scripts", TEXT("\\P{Han}|\\p{^Han}"), TEXT("中文"), "no"},
    {"one-letter categories", TEXT("^\\pN\\PN$"), TEXT("٣a"), "yes"},
    {"C is no unassigned character", TEXT("\\pC"), TEXT("\xcd\xb8"), "no"},
    {"POSIX classes negated", TEXT("^[[:^alpha:]]+$"), TEXT("1-2"), "yes"},
    {"a bracket first in a class", TEXT("^[]a]+$"), TEXT("a]"), "yes"},
    {"a hyphen at either end", TEXT("^[-a]+[a-]$"), TEXT("-a-"), "yes"},
    {"quoted stretches", TEXT("\\Qa.b\\E+"), TEXT("a.bb"), "yes"},
    {"unended ones", TEXT("\\Qa.b"), TEXT("axb"), "no"},
    {"octal escapes", TEXT("\\101\\0"), TEXT("A\0"), "yes"},
    {"hexadecimal escapes", TEXT("\\x41\\x{4e2d}"), TEXT("A中"), "yes"},
    {"braces that are no count", TEXT("a{,2}|b{"), TEXT("b{"), "yes"},
    {"a name twice", TEXT("(?P<n>a(?P<n>b))(?P<n>c)"), TEXT("abc"), "yes"},
    {"named groups in both ways", TEXT("(?P<x>a)(?<y>b)"), TEXT("ab"), "yes"},
    {"flags between an item and its count", TEXT("^a(?i)*$"), TEXT("aaa"), "yes"},
    {"assertions may be repeated", TEXT("^*(\\b)+a"), TEXT("a"), "yes"},
    {"a surrogate is never found", TEXT("\\x{d800}|[\\x{d800}-\\x{dfff}]"), TEXT("a"),
     "no"},
    {"but refuses nothing beside it", TEXT("[^\\x{d800}-\\x{dfff}]"), TEXT("a"), "yes"},
    {"not even NUL", TEXT("^[^\\x{d800}]$"), TEXT("\0"), "yes"},
    {"bytes that are no UTF-8 are no character", TEXT("."), TEXT("\xff"), "no"},
    {"what lies beside them is found", TEXT("b$"),
     TEXT("\xff"
          "b"),
     "yes"},
    {"look-ahead", TEXT("(?=a)"), TEXT(""), "invalid perl operator: `(?=`"},
    {"look-behind", TEXT("(?<=a)"), TEXT(""), "invalid perl operator: `(?<`"},
    {"atomic groups", TEXT("(?>a)"), TEXT(""), "invalid perl operator: `(?>`"},
    {"recursion", TEXT("(?R)"), TEXT(""), "invalid perl operator: `(?R`"},
    {"conditions", TEXT("(?(1)a)"), TEXT(""), "invalid perl operator: `(?(`"},
    {"callouts", TEXT("(?C1)"), TEXT(""), "invalid perl operator: `(?C`"},
    {"comments", TEXT("(?#a)"), TEXT(""), "invalid perl operator: `(?#`"},
    {"verbs", TEXT("(*ACCEPT)"), TEXT(""), "no argument for repetition operator: `*`"},
    {"back-references", TEXT("(a)\\1"), TEXT(""), "invalid escape sequence: `\\1`"},
    {"single bytes in a class", TEXT("[\\C]"), TEXT(""),
     "invalid escape sequence: `\\C`"},
    {"properties beside single bytes", TEXT("\\C\\pL"), TEXT(""),
     "a property cannot stand beside \\C: `\\pL`"},
    {"(?i) of more than ASCII beside them", TEXT("\\C(?i)é"), TEXT(""),
     "(?i) cannot stand beside \\C with what is not ASCII"},
    {"reset of the start", TEXT("\\K"), TEXT(""), "invalid escape sequence: `\\K`"},
    {"an end before line feeds", TEXT("a\\Z"), TEXT(""),
     "invalid escape sequence: `\\Z`"},
    {"an unknown escape", TEXT("\\中"), TEXT(""), "invalid escape sequence: `\\中`"},
    {"an escape of nothing", TEXT("a\\"), TEXT(""), "trailing \\ at the end"},
    {"possessive counts", TEXT("a++"), TEXT(""), "bad repetition operator: `++`"},
    {"counts of counts", TEXT("a**"), TEXT(""), "bad repetition operator: `**`"},
    {"counts over 1000", TEXT("a{1001}"), TEXT(""),
     "bad repetition operator: `{1001}`"},
    {"also together", TEXT("(a{100}){11}"), TEXT(""),
     "bad repetition operator: `{11}`"},
    {"counts backwards", TEXT("a{2,1}"), TEXT(""), "bad repetition operator: `{2,1}`"},
    {"a count of nothing", TEXT("(*)"), TEXT(""),
     "no argument for repetition operator: `*`"},
    {"an open group", TEXT("(a"), TEXT(""), "missing closing ): `(a`"},
    {"a closed one", TEXT("a)"), TEXT(""), "unexpected ): `a)`"},
    {"an open class", TEXT("[a"), TEXT(""), "missing closing ]: `[a`"},
    {"a range backwards", TEXT("[b-a]"), TEXT(""),
     "invalid character class range: `b-a`"},
    {"an unknown class", TEXT("[[:foo:]]"), TEXT(""),
     "invalid character class range: `[:foo:]`"},
    {"an unknown script", TEXT("\\p{greek}"), TEXT(""),
     "invalid character class range: `\\p{greek}`"},
    {"a name that is none", TEXT("(?P<a-b>c)"), TEXT(""),
     "invalid named capture group: `(?P<a-b`"},
    {"a character past the last", TEXT("\\x{110000}"), TEXT(""),
     "invalid escape sequence: `\\x{11000`"},
    {"what is no UTF-8", TEXT("\xff"), TEXT(""), "invalid UTF-8"},
};

static const char *answer(heng_str pattern, heng_str text, heng_arena *arena) {
    heng_regex *regex = NULL;
    const char *reason = NULL;
    bool found = false;
    heng_status status = heng_regex_new(pattern, &regex, &reason, arena);
    if (status == HENG_ERR_INVALID)
        return reason;
    assert_int_equal(status, HENG_OK);
    assert_int_equal(heng_regex_search(regex, text, &found), HENG_OK);
    heng_regex_free(regex);
    return found ? "yes" : "no";
}

static void check_row(void **state) {
    const struct row *row = *state;
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    assert_non_null(arena);
    assert_string_equal(answer(row->pattern, row->text, arena), row->want);
    heng_arena_free(arena);
}

/* Each of these needs more steps of backtracking than there are atoms in the world. */
static void hopeless_patterns_are_answered(void **state) {
    static const struct {
        const char *pattern, *want;
    } hopeless[] = {{"(a+)+$", "no"},           {"(a|aa)+$", "no"},
                    {"([a-z]+)*[0-9]", "no"},   {"(a*)*b", "no"},
                    {"(?:a?){30}a{30}b", "no"}, {"(a+)+!$", "yes"},
                    {"(a{1,}){1,}b", "no"}};
    static char text[100001];
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    (void)state;
    assert_non_null(arena);
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < COUNT(hopeless); i++) {
        for (size_t len = 100; len <= 100000; len *= 10) {
            text[len] = '!';
            assert_string_equal(answer(heng_str_of(hopeless[i].pattern),
                                       (heng_str){text, len + 1}, arena),
                                hopeless[i].want);
            text[len] = 'a';
        }
    }
    heng_arena_free(arena);
}

/* What both matchers cannot answer in time is an error, not a wrong answer. */
static void work_is_limited(void **state) {
    static char text[20000];
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    heng_regex *regex = NULL;
    const char *reason = NULL;
    bool found = true;
    (void)state;
    assert_non_null(arena);
    memset(text, 'a', sizeof text);
    assert_int_equal(
        heng_regex_new(HENG_STR("(?:[ab]?){1000}[cd]"), &regex, &reason, arena),
        HENG_OK);
    assert_int_equal(heng_regex_search(regex, (heng_str){text, sizeof text}, &found),
                     HENG_ERR_LIMIT);
    assert_true(found); /* untouched */
    heng_regex_free(regex);
    heng_arena_free(arena);
}

static void nesting_is_limited(void **state) {
    enum { DEPTH = (int)HENG_LIMIT_REGEX_DEPTH };
    static char pattern[2 * DEPTH + 8];
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    (void)state;
    assert_non_null(arena);
    for (int depth = DEPTH; depth <= DEPTH + 1; depth++) {
        memset(pattern, '(', (size_t)depth);
        memset(pattern + depth, ')', (size_t)depth);
        heng_str text = {pattern, (size_t)depth * 2};
        assert_string_equal(answer(text, HENG_STR("a"), arena),
                            depth == DEPTH ? "yes" : "nested too deeply");
    }
    heng_arena_free(arena);
}

static void length_is_limited(void **state) {
    static char pattern[HENG_LIMIT_REGEX_BYTES + 1];
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    (void)state;
    assert_non_null(arena);
    memset(pattern, 'a', sizeof pattern);
    assert_string_equal(
        answer((heng_str){pattern, sizeof pattern}, HENG_STR("a"), arena),
        "the pattern is too long");
    heng_arena_free(arena);
}

static heng_status search_once(void *context) {
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    heng_regex *regex = NULL;
    const char *reason = NULL;
    bool found = false;
    heng_status status = HENG_ERR_NOMEM;
    static char text[300];
    (void)context;
    memset(text, 'a', sizeof text);
    text[299] = '!';
    if (arena != NULL) {
        status = heng_regex_new(HENG_STR("(a+)+$"), &regex, &reason, arena);
    }
    if (status == HENG_OK) {
        status = heng_regex_search(regex, (heng_str){text, sizeof text}, &found);
    }
    heng_regex_free(regex);
    heng_arena_free(arena);
    return status;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    assert_true(torture(search_once, NULL) > 5);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 5];
    size_t count = COUNT(rows);
    for (size_t i = 0; i < count; i++) {
        tests[i] = ROW_TEST(&rows[i], check_row);
    }
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(hopeless_patterns_are_answered),
        cmocka_unit_test(work_is_limited),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(length_is_limited),
        cmocka_unit_test(every_allocation_may_fail),
    };
    memcpy(tests + count, rest, sizeof rest);
    return cmocka_run_group_tests_name("cel/regex", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_articles.c: the pack against the texts of the articles it cites.
 *
 * HENG_LAW_ARTICLES names a file of JSON lines {law, version, article, text}. Each
 * article that the pack cites must be in it, or be `null` there, that is, unverified.
 * Nothing in rules/ may repeat a run of characters of any article: notes say in our own
 * words what an article orders. Punctuation and line breaks do not break a run.
 */
#include "support/check.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heng/source.h"
#include "rules/pack.h"

/* RUN: as many characters as no two people write alike by accident. HAN: bytes of one
 * in UTF-8. */
enum { ARTICLES_MAX = 4096, LINE_BYTES = 1 << 20, RUN = 20, HAN = 3 };

struct article {
    heng_str law, version, number;
};

struct world {
    heng_ruleset *ruleset;
    json_t *lines[ARTICLES_MAX];
    struct article articles[ARTICLES_MAX];
    size_t article_count;
    char *han;         /* the Chinese characters of all articles, article by article */
    const char **runs; /* each run of RUN of them, sorted */
    size_t run_count;
    size_t wrong;
};

static const char *path;

/* ---- runs of characters ---- */

/* Bytes at `text` if it begins with a Chinese character, else 0. */
static size_t han_at(const char *text, size_t len) {
    const unsigned char *bytes = (const unsigned char *)text;
    bool is_han = len >= HAN && bytes[0] >= 0xE4 && bytes[0] <= 0xE9 &&
                  !(bytes[0] == 0xE4 && bytes[1] < 0xB8);
    return is_han ? HAN : 0;
}

/* Keeps the Chinese characters; a Latin letter becomes one that is none, so that no run
 * goes from one text over the key `zh:` into the next. `ret_at`, if given, gets the
 * place of each. `ret_han` has room for HAN times the text. */
static size_t keep_han(heng_str text, char *ret_han, size_t *ret_at) {
    size_t count = 0;
    for (size_t i = 0; i < text.len;) {
        char c = text.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        size_t len = han_at(text.ptr + i, text.len - i);
        if (len > 0 || is_letter) {
            memcpy(ret_han + count * HAN, is_letter ? "abc" : text.ptr + i, HAN);
            if (ret_at != NULL)
                ret_at[count] = i;
            count++;
        }
        i += len > 0 ? len : 1;
    }
    return count;
}

static int compare_runs(const void *a, const void *b) {
    const char *const *x = a;
    const char *const *y = b;
    return memcmp(*x, *y, RUN * HAN);
}

static bool is_copied(const struct world *world, const char *run) {
    return bsearch(&run, world->runs, world->run_count, sizeof *world->runs,
                   compare_runs) != NULL;
}

/* The first character of the first copied run of a text; SIZE_MAX where there is none.
 */
static size_t find_copy(const struct world *world, heng_str text, size_t *ret_offset) {
    char *han = malloc(text.len * HAN + 1);
    size_t *at = calloc(text.len + 1, sizeof *at);
    size_t found = SIZE_MAX;
    assert_non_null(han);
    assert_non_null(at);
    size_t count = keep_han(text, han, at);
    for (size_t i = 0; i + RUN <= count && found == SIZE_MAX; i++) {
        if (is_copied(world, han + i * HAN)) {
            found = i;
            *ret_offset = at[i];
        }
    }
    free(han);
    free(at);
    return found;
}

/* ---- the file of articles ---- */

static heng_str member(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL)
        fail_msg("%s: an article has no `%s`", path, key);
    return heng_str_of(text);
}

static void read_articles(struct world *world) {
    FILE *file = fopen(path, "rb");
    char *line = malloc(LINE_BYTES);
    size_t room = 0;
    if (file == NULL || line == NULL)
        fail_msg("cannot open %s", path);
    while (fgets(line, LINE_BYTES, file) != NULL) {
        json_error_t error;
        json_t *object = json_loads(line, 0, &error);
        if (object == NULL)
            fail_msg("%s: line %zu: %s", path, world->article_count + 1, error.text);
        assert_true(world->article_count < ARTICLES_MAX);
        world->lines[world->article_count] = object;
        world->articles[world->article_count++] =
            (struct article){member(object, "law"), member(object, "version"),
                             member(object, "article")};
        room += member(object, "text").len;
    }
    assert_int_equal(ferror(file), 0);
    (void)fclose(file);
    free(line);

    world->han = malloc(room * HAN + 1);
    world->runs = calloc(room + 1, sizeof *world->runs);
    assert_non_null(world->han);
    assert_non_null(world->runs);
    char *end = world->han;
    for (size_t i = 0; i < world->article_count; i++) {
        size_t count = keep_han(member(world->lines[i], "text"), end, NULL);
        for (size_t j = 0; j + RUN <= count; j++)
            world->runs[world->run_count++] = end + j * HAN;
        end += count * HAN;
    }
    qsort(world->runs, world->run_count, sizeof *world->runs, compare_runs);
}

/* ---- citations ---- */

static bool ends_with(heng_str text, heng_str end) {
    return text.len >= end.len &&
           heng_str_equal((heng_str){text.ptr + text.len - end.len, end.len}, end);
}

/* "178(1)(5)" is in article 178. */
static heng_str number_of(heng_str cited) {
    const char *paren = memchr(cited.ptr, '(', cited.len);
    return (heng_str){cited.ptr,
                      paren == NULL ? cited.len : (size_t)(paren - cited.ptr)};
}

/* The law by its whole title, so that a law is not taken for its regulations. */
static bool is_of_source(const struct article *article, const heng_law_source *source) {
    static const char STATE[] = "中华人民共和国";
    heng_str year = {article->version.ptr, article->version.len < 4 ? 0 : 4};
    size_t before = source->title.zh.len - article->law.len;
    return year.len == 4 && ends_with(source->id, year) &&
           ends_with(source->title.zh, article->law) &&
           (before == 0 || (before == sizeof STATE - 1 &&
                            memcmp(source->title.zh.ptr, STATE, before) == 0));
}

static bool is_known(const struct world *world, const heng_law_source *source,
                     heng_str cited) {
    for (size_t i = 0; i < world->article_count; i++) {
        const struct article *article = &world->articles[i];
        if (heng_str_equal(article->number, number_of(cited)) &&
            is_of_source(article, source))
            return true;
    }
    return false;
}

static void check_known(void *context, const pack_citation *citation) {
    struct world *world = context;
    const heng_basis *basis = citation->basis;
    const heng_law_source *source = &world->ruleset->sources[basis->source];
    if (basis->article.ptr == NULL || is_known(world, source, basis->article))
        return;
    (void)fprintf(stderr, "%s `%.*s`: %.*s %.*s is not among the articles\n",
                  citation->what, HENG_STR_ARG(citation->id), HENG_STR_ARG(source->id),
                  HENG_STR_ARG(basis->article));
    world->wrong++;
}

static void every_article_cited_was_read(void **state) {
    struct world *world = *state;
    world->wrong = 0;
    pack_each_citation(world->ruleset, check_known, world);
    assert_int_equal(world->wrong, 0);
}

static void every_article_that_orders_recording_was_read(void **state) {
    struct world *world = *state;
    world->wrong = 0;
    for (size_t i = 0; i < world->ruleset->source_count; i++) {
        const heng_law_source *source = &world->ruleset->sources[i];
        for (size_t j = 0; j < source->record_only_count; j++) {
            if (is_known(world, source, source->record_only[j]))
                continue;
            (void)fprintf(
                stderr, "record_only of %.*s: %.*s is not among the articles\n",
                HENG_STR_ARG(source->id), HENG_STR_ARG(source->record_only[j]));
            world->wrong++;
        }
    }
    assert_int_equal(world->wrong, 0);
}

static void check_noted(void *context, const pack_citation *citation) {
    struct world *world = context;
    const heng_text *note = &citation->basis->note;
    bool of_rule = strcmp(citation->what, "rule") == 0;
    bool both = note->zh.len > 0 && note->en.len > 0 &&
                !heng_str_equal(note->zh, note->en); /* a plain string fills both */
    if (!of_rule || citation->basis->article.ptr == NULL || both)
        return;
    (void)fprintf(stderr, "rule `%.*s`: %.*s has no note in zh and en\n",
                  HENG_STR_ARG(citation->id), HENG_STR_ARG(citation->basis->article));
    world->wrong++;
}

static void each_verified_basis_says_what_it_orders(void **state) {
    struct world *world = *state;
    world->wrong = 0;
    pack_each_citation(world->ruleset, check_noted, world);
    assert_int_equal(world->wrong, 0);
}

static void no_text_is_copied(void **state) {
    const struct world *world = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < world->ruleset->source_text_count; i++) {
        const heng_source *source = world->ruleset->sources_text[i];
        heng_str text = heng_source_text(source);
        size_t offset = 0;
        if (find_copy(world, text, &offset) == SIZE_MAX)
            continue;
        heng_pos pos = heng_source_locate(source, offset);
        (void)fprintf(stderr, "%s:%zu:%zu: %d characters as in an article\n",
                      heng_source_name(source), pos.line, pos.col, (int)RUN);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* What finds nothing must be able to find something. */
static void a_copy_is_found_and_a_law_is_not_its_regulations(void **state) {
    const struct world *world = *state;
    size_t offset = 0;
    heng_str text = member(world->lines[0], "text");
    assert_true(find_copy(world, text, &offset) != SIZE_MAX);
    assert_true(find_copy(world,
                          HENG_STR("本项目自行撰写的说明文字不与任何法条相同，"
                                   "因此这一句话不会被当作抄录。"),
                          &offset) == SIZE_MAX);

    heng_law_source source = {.id = HENG_STR("a-2019"), .title.zh = HENG_STR("甲法")};
    struct article law = {HENG_STR("甲法"), HENG_STR("2019-01-01"), HENG_STR("1")};
    struct article rules = {HENG_STR("甲法实施条例"), HENG_STR("2019-01-01"),
                            HENG_STR("1")};
    struct article older = {HENG_STR("甲法"), HENG_STR("2018-01-01"), HENG_STR("1")};
    assert_true(is_of_source(&law, &source));
    assert_false(is_of_source(&rules, &source));
    assert_false(is_of_source(&older, &source));
    source.title.zh = HENG_STR("中华人民共和国甲法");
    assert_true(is_of_source(&law, &source));
    source.title.zh = HENG_STR("湖南省甲法");
    assert_false(is_of_source(&law, &source));
    assert_true(heng_str_equal(number_of(HENG_STR("178(1)(5)")), HENG_STR("178")));
}

static int load(void **state) {
    static struct world the_world;
    the_world.ruleset = pack_load();
    if (the_world.ruleset == NULL)
        return -1;
    read_articles(&the_world);
    *state = &the_world;
    return 0;
}

static int unload(void **state) {
    struct world *world = *state;
    for (size_t i = 0; i < world->article_count; i++)
        json_decref(world->lines[i]);
    free(world->runs);
    free(world->han);
    heng_ruleset_free(world->ruleset);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_article_cited_was_read),
        cmocka_unit_test(every_article_that_orders_recording_was_read),
        cmocka_unit_test(each_verified_basis_says_what_it_orders),
        cmocka_unit_test(no_text_is_copied),
        cmocka_unit_test(a_copy_is_found_and_a_law_is_not_its_regulations),
    };
    path = check_input("HENG_LAW_ARTICLES");
    if (path == NULL)
        return CHECK_SKIPPED;
    return cmocka_run_group_tests_name("rules/articles", tests, load, unload);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * market.c: heng-market, a generator of made-up markets, as import lines on standard
 * output.
 *
 * Subject i is made from the seed and i alone, so any number of subjects streams in
 * constant memory, and the same seed gives the same bytes. Every fourth subject is a
 * person, who legally represents the three firms before. Records are of the ruleset's
 * own categories, with its attributes, so that the shipped rules and any draft find
 * something to bite on.
 *
 * INVARIANT: nobody here exists. Names say so (示例: example), codes have valid check
 * digits but organisation numbers drawn by lot.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heng/date.h"
#include "heng/diag.h"
#include "heng/ruleset.h"
#include "model/catalog.h"
#include "model/identity.h"

enum { PERSON_EVERY = 4, DAYS_BACK = 5 * 365 };

typedef struct heng_market {
    uint64_t seed, subjects, one_in;
    const char *rules;
    heng_date as_of;
    const heng_catalog *catalog;
    uint64_t records;
} heng_market;

/* ---- chance ---- */

/* splitmix64: small, well mixed, and its state is one number, so a subject has its own.
 */
static uint64_t draw(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t *state, uint64_t bound) {
    return draw(state) % bound;
}

static bool chance(uint64_t *state, uint64_t percent) {
    return below(state, 100) < percent;
}

static const char *pick(uint64_t *state, const char *const *words, size_t count) {
    return words[below(state, count)];
}

#define PICK(state, words) pick((state), (words), sizeof(words) / sizeof(words)[0])

/* ---- ids ---- */

/* The cities and prefectures of Hunan (GB/T 2260) and the numbers of their districts.
 */
static const char *const CITIES[] = {"4301", "4302", "4303", "4304", "4305",
                                     "4306", "4307", "4308", "4309", "4310",
                                     "4311", "4312", "4313", "4331"};

static uint64_t state_of(const heng_market *market, uint64_t index) {
    uint64_t state = market->seed * UINT64_C(0x2545f4914f6cdd1d) + index;
    (void)draw(&state);
    return state;
}

static bool is_person(uint64_t index) {
    return index % PERSON_EVERY == PERSON_EVERY - 1;
}

/* First thing drawn from a subject's state, so that others can name it without making
 * it. */
static void make_id(const heng_market *market, uint64_t index, char id[24],
                    char region[7]) {
    static const char ALPHABET[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    uint64_t state = state_of(market, index);
    (void)snprintf(region, 7, "%s%02u", PICK(&state, CITIES),
                   (unsigned)(1 + below(&state, 5)));
    if (is_person(index)) {
        (void)snprintf(id, 24, "P-%09" PRIu64, index);
        return;
    }
    /* The index itself, in base 31, keeps codes apart; the rest is drawn. */
    (void)snprintf(id, 24, "9%c%s", chance(&state, 65) ? '1' : '2', region);
    uint64_t number = index * 961 + below(&state, 961);
    for (int at = 15; at >= 8; at--) {
        id[at] = ALPHABET[number % 31];
        number /= 31;
    }
    id[16] = heng_identity_organisation_check(id + 8);
    id[17] = heng_identity_uscc_check(id);
    id[18] = '\0';
}

/* ---- lines ---- */

static void print_date(const char *key, heng_date date) {
    char text[HENG_DATE_TEXT_BYTES];
    heng_date_format(date, text);
    printf(",\"%s\":\"%s\"", key, text);
}

static void print_attribute(uint64_t *state, const heng_attribute *attribute,
                            heng_date day) {
    char text[HENG_DATE_TEXT_BYTES];
    uint64_t tens = 1;
    printf("\"%.*s\":", HENG_STR_ARG(attribute->name));
    switch (attribute->type) {
    case HENG_ATTRIBUTE_BOOL:
        printf("%s", chance(state, 50) ? "true" : "false");
        break;
    case HENG_ATTRIBUTE_INT:
        if (strstr(attribute->name.ptr, "year") != NULL)
            printf("%d", heng_date_civil(day).year - 1);
        else
            printf("%" PRIu64, below(state, 13));
        break;
    case HENG_ATTRIBUTE_DECIMAL:
        for (uint64_t zeros = 2 + below(state, 6); zeros > 0; zeros--)
            tens *= 10;
        printf("\"%" PRIu64 ".%02u\"", tens + below(state, tens * 9),
               (unsigned)below(state, 100));
        break;
    case HENG_ATTRIBUTE_DATE:
        heng_date_format(day - (heng_date)below(state, 400), text);
        printf("\"%s\"", text);
        break;
    case HENG_ATTRIBUTE_STRING:
    case HENG_ATTRIBUTE_STRINGS: {
        bool list = attribute->type == HENG_ATTRIBUTE_STRINGS;
        heng_str word =
            attribute->enum_count == 0
                ? HENG_STR("示例")
                : attribute->enum_words[below(state, attribute->enum_count)];
        printf(list ? "[\"%.*s\"]" : "\"%.*s\"", HENG_STR_ARG(word));
        break;
    }
    }
}

static void print_attributes(uint64_t *state, const heng_attribute *attributes,
                             size_t count, uint64_t percent, heng_date day) {
    size_t printed = 0;
    for (size_t i = 0; i < count; i++) {
        bool wanted = attributes[i].required || chance(state, percent);
        if (!wanted)
            continue;
        printf(printed++ == 0 ? ",\"attributes\":{" : ",");
        print_attribute(state, &attributes[i], day);
    }
    if (printed > 0)
        printf("}");
}

static void print_subject(heng_market *market, uint64_t index, const char *id,
                          const char *region, uint64_t *state) {
    static const char *const STEMS[] = {"甲子", "乙丑", "丙寅", "丁卯", "戊辰", "己巳",
                                        "庚午", "辛未", "壬申", "癸酉", "甲戌", "乙亥"};
    static const char *const TRADES[] = {"建设工程", "商贸", "食品",
                                         "医药",     "物流", "信息科技"};
    static const char *const INDUSTRIES[] = {"E4710", "F5211", "C1411",
                                             "C2710", "G5431", "I6510"};
    size_t trade = below(state, 6);
    bool person = is_person(index);
    bool firm = !person && id[1] == '1';
    printf("{\"type\":\"subject\",\"id\":\"%s\",\"kind\":\"%s\",\"name\":\"示例%s%s",
           id,
           person ? "natural_person"
           : firm ? "legal_person"
                  : "individual_business",
           PICK(state, STEMS), PICK(state, STEMS));
    if (!person)
        printf("%s%s", TRADES[trade], firm ? "有限公司" : "经营部");
    printf("\",\"region\":\"%s\"", region);
    if (!person) {
        printf(",\"industry\":\"%s\"", INDUSTRIES[trade]);
        print_date("established_on",
                   market->as_of - (heng_date)(400 + below(state, 9000)));
        if (chance(state, 1))
            printf(",\"status\":\"restructured\"");
        uint64_t head = index - index % PERSON_EVERY + PERSON_EVERY - 1;
        char head_id[24], head_region[7];
        make_id(market, head, head_id, head_region);
        if (head < market->subjects &&
            heng_catalog_knows_role(market->catalog, HENG_STR("legal_representative")))
            printf(",\"relations\":[{\"role\":\"legal_representative\",\"id\":\"%s\"}]",
                   head_id);
        print_attributes(state, market->catalog->subject_attributes,
                         market->catalog->subject_attribute_count, 60, market->as_of);
    }
    printf("}\n");
}

static void print_record(heng_market *market, uint64_t index, const char *id,
                         size_t number, uint64_t *state) {
    const heng_category *category =
        &market->catalog->categories[below(state, market->catalog->category_count)];
    heng_date decided_on = market->as_of - (heng_date)below(state, DAYS_BACK);
    printf("{\"type\":\"record\",\"id\":\"R-%" PRIu64 "-%zu\",\"subject\":\"%s\","
           "\"category\":\"%.*s\",\"authority\":\"示例市%.*s\",\"document_no\":"
           "\"示例〔%d〕%u号\"",
           index, number, id, HENG_STR_ARG(category->id),
           HENG_STR_ARG(category->provider), heng_date_civil(decided_on).year,
           (unsigned)(1 + below(state, 9999)));
    print_date("decided_on", decided_on);
    if (category->expires == HENG_EXPIRES_REQUIRED ||
        (category->expires == HENG_EXPIRES_OPTIONAL && chance(state, 50)))
        print_date("expires_on", decided_on + (heng_date)(365 * (1 + below(state, 3))));
    if (category->nature == HENG_NATURE_ADVERSE && chance(state, 20)) {
        static const char *const STATUSES[] = {"repaired", "repaired", "revoked",
                                               "disputed"};
        heng_date status_on = decided_on + 30 + (heng_date)below(state, 400);
        printf(",\"status\":\"%s\"", PICK(state, STATUSES));
        print_date("status_on", status_on);
    }
    uint64_t head = index - index % PERSON_EVERY + PERSON_EVERY - 1;
    if (category->nature == HENG_NATURE_ADVERSE && market->catalog->role_count > 0 &&
        !is_person(index) && head < market->subjects && chance(state, 40)) {
        const heng_role *role =
            &market->catalog->roles[below(state, market->catalog->role_count)];
        char head_id[24], head_region[7];
        make_id(market, head, head_id, head_region);
        printf(",\"parties\":[{\"role\":\"%.*s\",\"id\":\"%s\"}]",
               HENG_STR_ARG(role->id), head_id);
    }
    print_attributes(state, category->attributes, category->attribute_count, 90,
                     decided_on);
    printf("}\n");
    market->records++;
}

static void print_market(heng_market *market) {
    for (uint64_t index = 0; index < market->subjects; index++) {
        char id[24], region[7];
        uint64_t state = state_of(market, index) ^ UINT64_C(0xa5a5a5a5a5a5a5a5);
        make_id(market, index, id, region);
        print_subject(market, index, id, region, &state);
        if (below(&state, market->one_in) != 0 || market->catalog->category_count == 0)
            continue;
        size_t count = 1 + (size_t)below(&state, 4);
        for (size_t number = 1; number <= count; number++)
            print_record(market, index, id, number, &state);
    }
}

/* ---- the program ---- */

static const char HELP[] =
    "usage: heng-market [--subjects N] [--seed S] [--one-in K] [--as-of DATE] [--rules "
    "DIR]\n\n"
    "Writes a made-up market as import lines: N subjects (100000), one in K (8) with "
    "records\n"
    "of the ruleset's categories, decided in the five years before DATE "
    "(2026-05-01).\n\n"
    "    heng-market --subjects 100000 --rules rules | heng import -\n";

static bool parse_number(const char *text, uint64_t least, uint64_t *ret_value) {
    char *end = NULL;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < least ||
        value > 1000000000)
        return false;
    *ret_value = value;
    return true;
}

static bool parse_options(int argc, char **argv, heng_market *market) {
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        bool fine = false;
        if (strcmp(argv[i], "--subjects") == 0)
            fine = parse_number(value, 0, &market->subjects);
        else if (strcmp(argv[i], "--seed") == 0)
            fine = parse_number(value, 0, &market->seed);
        else if (strcmp(argv[i], "--one-in") == 0)
            fine = parse_number(value, 1, &market->one_in);
        else if (strcmp(argv[i], "--as-of") == 0)
            fine = heng_date_parse(heng_str_of(value), &market->as_of) &&
                   market->as_of > HENG_DATE_MIN + 10000 &&
                   market->as_of < HENG_DATE_MAX - 2000;
        else if (strcmp(argv[i], "--rules") == 0) {
            market->rules = value;
            fine = *value != '\0';
        }
        if (!fine) {
            fprintf(stderr, "heng-market: cannot use `%s %s`\n%s", argv[i], value,
                    HELP);
            return false;
        }
    }
    return true;
}

static void print_stderr(void *context, const char *text, size_t len) {
    (void)context;
    (void)fwrite(text, 1, len, stderr);
}

int main(int argc, char **argv) {
    heng_market market = {.subjects = 100000, .seed = 1, .one_in = 8, .rules = "rules"};
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    int exit_status = 1;
    (void)heng_date_parse(HENG_STR("2026-05-01"), &market.as_of);
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(HELP, stdout) < 0;
    if (!parse_options(argc, argv, &market))
        return 1;
    heng_diags *diags = heng_diags_new();
    if (diags == NULL)
        return 1;
    if (heng_ruleset_load(market.rules, diags, &ruleset, &error) != HENG_OK) {
        for (size_t i = 0; i < heng_diags_count(diags); i++)
            heng_diag_render(heng_diags_get(diags, i), false, print_stderr, NULL);
        fprintf(stderr, "heng-market: cannot load the rules in %s: %s\n", market.rules,
                error.text);
        goto out;
    }
    market.catalog = heng_ruleset_catalog(ruleset);
    print_market(&market);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("heng-market: standard output");
        goto out;
    }
    fprintf(stderr,
            "heng-market: %" PRIu64 " subjects, %" PRIu64 " records, seed %" PRIu64
            "\n",
            market.subjects, market.records, market.seed);
    exit_status = 0;
out:
    heng_ruleset_free(ruleset);
    heng_diags_free(diags);
    return exit_status;
}

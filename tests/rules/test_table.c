/* SPDX-License-Identifier: Apache-2.0 */
/* test_table.c: rules/TABLE.md says what the rules beside it say. HENG_UPDATE=1
 * rewrites it. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "heng/ruleset.h"
#include "rules/pack.h"
#include "rules/table.h"
#include "support/golden.h"

enum { PAGE_BYTES = 16 << 20 };

static void page_says_what_the_rules_say(void **state) {
    const heng_ruleset *ruleset = *state;
    heng_buffer page;
    heng_buffer_init(&page, PAGE_BYTES);

    const char *homeless = table_render(ruleset, &page);

    if (homeless != NULL)
        fail_msg("%s has rules, but FIELDS in table.c has no heading for it", homeless);
    assert_int_equal(heng_buffer_status(&page), HENG_OK);
    golden_check("../rules/TABLE.md", heng_buffer_view(&page).ptr, page.len);
    heng_buffer_done(&page);
}

/* Times that a text stands in the page. */
static size_t occurrences(const char *page, const char *text) {
    size_t count = 0;
    for (const char *at = page; (at = strstr(at, text)) != NULL; at += strlen(text))
        count++;
    return count;
}

static void every_row_has_its_cells(void **state) {
    const heng_ruleset *ruleset = *state;
    size_t len = 0;
    size_t rows = 0;
    char *page = golden_read("../rules/TABLE.md", &len);
    for (const char *line = page; *line != '\0';) {
        const char *end = strchr(line, '\n');
        size_t bars = 0;
        assert_non_null(end);
        for (const char *c = line; c < end; c++)
            bars += *c == '|' && (c == line || c[-1] != '\\');
        rows += bars == 9;
        line = end + 1;
    }
    /* of each field's table two lines are its head */
    assert_int_equal(rows, ruleset->rule_count + 2 * occurrences(page, "| 措施 "));
    free(page);
}

static int load(void **state) {
    *state = pack_load();
    return *state == NULL ? -1 : 0;
}

static int unload(void **state) {
    heng_ruleset_free(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_says_what_the_rules_say),
        cmocka_unit_test(every_row_has_its_cells),
    };
    return cmocka_run_group_tests_name("rules/table", tests, load, unload);
}

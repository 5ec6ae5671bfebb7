/* SPDX-License-Identifier: Apache-2.0 */
/* What one subject may have: up to the limits it is read, beyond them it is refused. */
#include "store/fixture.h"

#include "heng/arena.h"

static heng_store *store;
static char *folder;

static int setup(void **state) {
    (void)state;
    folder = fixture_folder();
    store = fixture_open(folder, HENG_STORE_CREATE);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    return fixture_done(store, folder);
}

static void ask(const char *id, unsigned what, heng_status want, const char *text,
                size_t *ret_records, size_t *ret_ties, size_t *ret_mentions) {
    heng_view *view = fixture_view(store);
    heng_arena *arena = heng_arena_new((size_t)1 << 30);
    heng_snapshot *snapshot = NULL;
    heng_error error = {0};
    heng_status got =
        heng_view_snapshot(view, heng_str_of(id), what, arena, &snapshot, &error);
    if (want != HENG_OK) {
        fixture_expect(error.text, text);
    }
    assert_int_equal(got, want);
    if (got == HENG_OK) {
        *ret_records = snapshot->record_count;
        *ret_ties = snapshot->tie_count;
        *ret_mentions = snapshot->mention_count;
    }
    heng_arena_free(arena);
    heng_view_close(view);
}

/* Subjects tied to P-1, and records of E-0 naming P-2: numbers `from` to before `to`.
 */
static void add(size_t from, size_t to) {
    heng_buffer text;
    heng_buffer_init(&text, (size_t)256 << 20);
    for (size_t i = from; i < to; i++) {
        (void)heng_buffer_add_format(
            &text,
            "{\"type\":\"subject\",\"id\":\"E-%zu\",\"kind\":\"legal_person\",\"name\":"
            "\"n\",\"region\":\"43\",\"relations\":[{\"role\":\"legal_representative\","
            "\"id\":\"P-1\"}]}\n"
            "{\"type\":\"record\",\"id\":\"R-%zu\",\"subject\":\"E-0\",\"category\":"
            "\"wage.arrears\",\"authority\":\"a\",\"document_no\":\"n\",\"decided_on\":"
            "\"2024-01-01\",\"parties\":[{\"role\":\"responsible\",\"id\":\"P-2\"}]}\n",
            i, i);
    }
    (void)fixture_import(store, 1, text.bytes);
    heng_buffer_done(&text);
}

static void limits_are_kept(void **state) {
    (void)state;
    size_t records = 0;
    size_t ties = 0;
    size_t mentions = 0;
    (void)fixture_import(store, 1,
                         "{\"type\":\"subject\",\"id\":\"P-1\",\"kind\":\"natural_"
                         "person\",\"name\":\"n\","
                         "\"region\":\"43\"}\n"
                         "{\"type\":\"subject\",\"id\":\"P-2\",\"kind\":\"natural_"
                         "person\",\"name\":\"n\","
                         "\"region\":\"43\"}\n");
    add(0, HENG_LIMIT_RECORDS_PER_SUBJECT);
    ask("E-0", 0, HENG_OK, "", &records, &ties, &mentions);
    assert_int_equal(records, HENG_LIMIT_RECORDS_PER_SUBJECT);
    ask("P-1", HENG_VIEW_TIES, HENG_OK, "", &records, &ties, &mentions);
    assert_int_equal(ties, HENG_LIMIT_TIES);
    ask("P-2", HENG_VIEW_MENTIONS, HENG_OK, "", &records, &ties, &mentions);
    assert_int_equal(mentions, HENG_LIMIT_RECORDS_PER_SUBJECT);

    add(HENG_LIMIT_RECORDS_PER_SUBJECT, HENG_LIMIT_RECORDS_PER_SUBJECT + 1);
    ask("E-0", 0, HENG_ERR_LIMIT,
        "subject `E-0` has more than 100000 records: that is no subject but a broken "
        "feed; correct it at its source",
        &records, &ties, &mentions);
    ask("P-1", HENG_VIEW_TIES, HENG_ERR_LIMIT,
        "subject `P-1` has more than 100000 ties with others: that is no subject but a "
        "broken feed; correct it at its source",
        &records, &ties, &mentions);
    ask("P-2", HENG_VIEW_MENTIONS, HENG_ERR_LIMIT,
        "subject `P-2` has more than 100000 records that name it: that is no subject "
        "but "
        "a broken feed; correct it at its source",
        &records, &ties, &mentions);
    ask("P-1", 0, HENG_OK, "", &records, &ties,
        &mentions); /* it can still be asked for */
    fixture_sound(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(limits_are_kept, setup, teardown),
    };
    return cmocka_run_group_tests_name("store/gather", tests, NULL, NULL);
}

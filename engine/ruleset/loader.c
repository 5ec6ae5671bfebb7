/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loader.c: the stages of a load. A stage goes on past what is wrong, so that one run
 * tells of everything; only a file that is no YAML keeps what depends on it from being
 * judged.
 *
 * Each text is held twice: the ruleset needs it as long as it lives, and so do the
 * diagnostics, and nobody can say which of the two is freed first.
 */
#include "ruleset/loader.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "ruleset/linker.h"
#include "ruleset/read.h"
#include "ruleset/ruleset_digest.h"

/* ORDER section */
enum {
    HEAD,
    SOURCES,
    ROLES,
    CATEGORIES,
    MATTERS,
    MEASURES,
    RULES,
    CONFLICTS,
    TESTS,
    SECTIONS
};
static const heng_form_key SECTION_KEYS[SECTIONS] = {
    {"ruleset", false},    {"sources", false},   {"roles", false},
    {"categories", false}, {"matters", false},   {"measures", false},
    {"rules", false},      {"conflicts", false}, {"tests", false},
};

typedef void read_entry(heng_draft *draft, const heng_yaml_node *node);

/* How the entries of a section are read; the head and the tests are not lists of them.
 */
static read_entry *const READERS[SECTIONS] = {
    [SOURCES] = heng_read_source,      [ROLES] = heng_read_role,
    [CATEGORIES] = heng_read_category, [MATTERS] = heng_read_matter,
    [MEASURES] = heng_read_measure,    [RULES] = heng_read_rule,
    [CONFLICTS] = heng_read_conflict,
};

struct loader {
    const char *where;
    const heng_ruleset_file *given;
    size_t count;
    heng_diags *diags;
    heng_ruleset *ruleset;
    heng_form_file *files;            /* in the arena */
    heng_field (*sections)[SECTIONS]; /* of each file, in the arena */
    bool partial;                     /* some file could not be parsed */
    heng_draft draft;
};

/* What a message about all of it names: the folder, or the only file. */
static const char *place_of(const struct loader *loader) {
    if (loader->count == 1 && loader->files != NULL && loader->files[0].text != NULL)
        return heng_source_name(loader->files[0].text);
    return loader->where;
}

/* ---- texts ---- */

static const heng_pos NOWHERE = {0, 0};

static heng_status check_limits(const struct loader *loader, heng_error *reterr) {
    size_t total = 0;
    if (loader->count > HENG_LIMIT_RULESET_FILES)
        return heng_error_set(reterr, HENG_ERR_LIMIT, loader->where, NOWHERE,
                              "%zu files, expected at most %zu", loader->count,
                              HENG_LIMIT_RULESET_FILES);
    for (size_t i = 0; i < loader->count; i++) {
        size_t len = loader->given[i].text.len;
        if (len > HENG_SOURCE_MAX)
            return heng_error_set(reterr, HENG_ERR_LIMIT, loader->given[i].name,
                                  NOWHERE,
                                  "the file has %zu bytes, expected at most %zu; split "
                                  "it",
                                  len, HENG_SOURCE_MAX);
        total += len;
        if (total > HENG_LIMIT_RULESET_BYTES)
            return heng_error_set(
                reterr, HENG_ERR_LIMIT, loader->where, NOWHERE,
                "the files have more than %zu bytes together, expected "
                "at most so many",
                HENG_LIMIT_RULESET_BYTES);
    }
    return HENG_OK;
}

/* Takes the bytes that are not UTF-8 out of the way, so that the place of the first can
 * be shown in its line. */
static char *repair_text(heng_str text, size_t *ret_first, size_t *ret_count) {
    char *copy = heng_alloc_dup(text.ptr, text.len);
    if (copy == NULL)
        return NULL;
    size_t at = 0;
    *ret_count = 0;
    while ((at += heng_utf8_valid_prefix(copy + at, text.len - at)) < text.len) {
        if ((*ret_count)++ == 0)
            *ret_first = at;
        copy[at] = '?';
    }
    return copy;
}

/* Makes both sources of a file; the diagnostics keep theirs from the start. */
static heng_status make_sources(struct loader *loader, heng_form_file *file,
                                const char *name, heng_str text, heng_error *reterr) {
    heng_status status = heng_source_new(name, text.ptr, text.len, &file->text, reterr);
    if (status != HENG_OK)
        return status;
    status = heng_source_new(name, text.ptr, text.len, &file->shown, reterr);
    if (status == HENG_OK && !heng_diags_keep_source(loader->diags, file->shown)) {
        heng_source_free(file->shown);
        file->shown = NULL;
        status = HENG_ERR_NOMEM;
    }
    return status;
}

static heng_status open_file(struct loader *loader, size_t i, bool *ret_is_text,
                             heng_error *reterr) {
    const heng_ruleset_file *given = &loader->given[i];
    heng_form_file *file = &loader->files[i];
    const char *name = given->name;
    *ret_is_text = true;
    if (loader->where != NULL)
        name = heng_arena_printf(loader->ruleset->arena, "%s/%s", loader->where, name);
    if (name == NULL)
        return HENG_ERR_NOMEM;
    const char *bytes = given->text.ptr == NULL ? "" : given->text.ptr;
    heng_str text = {bytes, given->text.len};
    heng_status status = make_sources(loader, file, name, text, reterr);
    if (status != HENG_ERR_INVALID)
        return status;

    size_t first = 0;
    size_t count = 0;
    char *repaired = repair_text(text, &first, &count);
    if (repaired == NULL)
        return HENG_ERR_NOMEM;
    status = make_sources(loader, file, name, (heng_str){repaired, text.len}, reterr);
    heng_alloc_free(repaired);
    if (status != HENG_OK)
        return status;
    heng_diags_error(
        loader->diags, HENG_RULESET_E_UTF8, (heng_span){file->shown, first, 1},
        "byte 0x%02x is not UTF-8 (%zu such byte%s in this file), expected "
        "UTF-8; save the file as UTF-8",
        (unsigned char)text.ptr[first], count, count == 1 ? "" : "s");
    *ret_is_text = false;
    return HENG_OK;
}

/* ---- parsing ---- */

static heng_status parse_files(struct loader *loader, heng_error *reterr) {
    size_t budget = HENG_LIMIT_YAML_NODES;
    heng_reader *reader = &loader->draft.reader;
    for (size_t i = 0; i < loader->count; i++) {
        heng_form_file *file = &loader->files[i];
        bool is_text = false;
        heng_status status = open_file(loader, i, &is_text, reterr);
        loader->ruleset->sources_text[i] = file->text;
        loader->ruleset->source_text_count = i + 1;
        reader->file_count = i + 1;
        if (status != HENG_OK)
            return status;
        status = HENG_ERR_INVALID;
        if (is_text)
            status = heng_yaml_parse(file->text, file->shown, reader->arena,
                                     reader->diags, &budget, &file->root);
        if (status == HENG_ERR_NOMEM)
            return status;
        if (status != HENG_OK)
            loader->partial = true;
        else if (file->root != NULL && !heng_yaml_is_null(file->root))
            (void)heng_form_open(reader, file->root, "file of a ruleset", SECTION_KEYS,
                                 SECTIONS, loader->sections[i]);
    }
    return HENG_OK;
}

/* ---- reading ---- */

/* Whether a section is a list within limits; counts its entries into *total. */
static void check_section(struct loader *loader, heng_field *section, size_t *total) {
    heng_reader *reader = &loader->draft.reader;
    if (section->value == NULL)
        return;
    if (section->value->kind != HENG_YAML_LIST) {
        heng_diags_error(reader->diags, HENG_RULESET_E_TYPE,
                         heng_form_place(reader, heng_form_spot(*section)),
                         "`%s` is %s, expected a list",
                         heng_form_quote(section->key->text).text,
                         section->value->kind == HENG_YAML_MAPPING ? "a mapping"
                         : heng_yaml_is_null(section->value)       ? "nothing"
                                                                   : "a scalar");
        section->value = NULL;
        return;
    }
    if (section->value->count > HENG_LIMIT_RULES - *total) {
        heng_diags_error(reader->diags, HENG_RULESET_E_LONG,
                         heng_form_place(reader, section->key->span),
                         "the `%s` of all files are more than %zu, expected at most so "
                         "many",
                         heng_form_quote(section->key->text).text, HENG_LIMIT_RULES);
        section->value = NULL;
        return;
    }
    *total += section->value->count;
}

static bool make_room(struct loader *loader, const size_t totals[SECTIONS]) {
    heng_draft *draft = &loader->draft;
    heng_reader *reader = &draft->reader;
    draft->sources = heng_form_alloc(reader, totals[SOURCES], sizeof *draft->sources);
    draft->roles = heng_form_alloc(reader, totals[ROLES], sizeof *draft->roles);
    draft->categories =
        heng_form_alloc(reader, totals[CATEGORIES], sizeof *draft->categories);
    draft->matters = heng_form_alloc(reader, totals[MATTERS], sizeof *draft->matters);
    draft->measures =
        heng_form_alloc(reader, totals[MEASURES], sizeof *draft->measures);
    draft->rules = heng_form_alloc(reader, totals[RULES], sizeof *draft->rules);
    draft->conflicts =
        heng_form_alloc(reader, totals[CONFLICTS], sizeof *draft->conflicts);
    if (totals[TESTS] > 0) {
        draft->tests = heng_form_alloc(reader, 1, sizeof *draft->tests);
        if (draft->tests == NULL)
            return false;
        draft->tests->kind = HENG_YAML_LIST;
        draft->tests->as.items =
            heng_form_alloc(reader, totals[TESTS], sizeof(heng_yaml_node *));
    }
    return !reader->nomem;
}

static void read_head(struct loader *loader, const heng_field *section) {
    heng_draft *draft = &loader->draft;
    heng_reader *reader = &draft->reader;
    if (section->value == NULL)
        return;
    if (draft->head == NULL) {
        draft->head = section->key;
        heng_read_head(draft, section->value);
        return;
    }
    heng_diags_error(
        reader->diags, HENG_RULESET_E_TWO_HEADS,
        heng_form_place(reader, section->key->span),
        "a second file has a `ruleset`, expected exactly one in all files");
    heng_diags_also(reader->diags, heng_form_place(reader, draft->head->span),
                    "the first is here");
}

static void read_file(struct loader *loader, size_t i) {
    heng_draft *draft = &loader->draft;
    draft->file = &loader->files[i];
    for (size_t s = 0; s < SECTIONS; s++) {
        const heng_field *section = &loader->sections[i][s];
        if (s == HEAD) {
            read_head(loader, section);
            continue;
        }
        for (size_t j = 0; section->value != NULL && j < section->value->count; j++) {
            heng_yaml_node *item = section->value->as.items[j];
            if (s == TESTS)
                draft->tests->as.items[draft->tests->count++] = item;
            else
                READERS[s](draft, item);
        }
        if (s == TESTS && section->value != NULL && draft->tests != NULL &&
            draft->tests->span.source == NULL)
            draft->tests->span = section->value->span;
    }
}

static heng_status read_files(struct loader *loader) {
    heng_draft *draft = &loader->draft;
    size_t totals[SECTIONS] = {0};
    for (size_t i = 0; i < loader->count; i++) {
        for (size_t s = HEAD + 1; s < SECTIONS; s++)
            check_section(loader, &loader->sections[i][s], &totals[s]);
    }
    if (!make_room(loader, totals))
        return HENG_ERR_NOMEM;
    for (size_t i = 0; i < loader->count; i++)
        read_file(loader, i);
    if (loader->partial) {
        heng_diag note = {.severity = HENG_SEVERITY_NOTE,
                          .place = place_of(loader),
                          .message = "references and conditions are checked once all "
                                     "files can be read"};
        heng_diags_add(draft->reader.diags, &note);
    } else if (draft->head == NULL) {
        heng_diag diag = {.severity = HENG_SEVERITY_ERROR,
                          .code = HENG_RULESET_E_NO_HEAD,
                          .place = place_of(loader),
                          .message = "no file has a `ruleset`, expected exactly one: "
                                     "`ruleset: {id: …, title: …}`"};
        heng_diags_add(draft->reader.diags, &diag);
    }
    return draft->reader.nomem ? HENG_ERR_NOMEM : HENG_OK;
}

/* ---- all of it ---- */

static heng_status start(struct loader *loader) {
    size_t count = loader->count == 0 ? 1 : loader->count;
    heng_ruleset *ruleset = heng_alloc_zero(1, sizeof *ruleset);
    loader->ruleset = ruleset;
    if (ruleset == NULL)
        return HENG_ERR_NOMEM;
    ruleset->arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    if (ruleset->arena == NULL)
        return HENG_ERR_NOMEM;
    loader->draft.reader.arena = ruleset->arena;
    loader->draft.reader.diags = loader->diags;
    ruleset->sources_text =
        heng_arena_calloc(ruleset->arena, count, sizeof(heng_source *));
    ruleset->file_names =
        heng_arena_calloc(ruleset->arena, count, sizeof *ruleset->file_names);
    loader->files = heng_arena_calloc(ruleset->arena, count, sizeof *loader->files);
    loader->sections =
        heng_arena_calloc(ruleset->arena, count, sizeof *loader->sections);
    if (ruleset->sources_text == NULL || ruleset->file_names == NULL ||
        loader->files == NULL || loader->sections == NULL)
        return HENG_ERR_NOMEM;
    loader->draft.reader.files = loader->files;
    for (size_t i = 0; i < loader->count; i++) {
        ruleset->file_names[i] =
            heng_arena_dup_str(ruleset->arena, heng_str_of(loader->given[i].name));
        if (ruleset->file_names[i].ptr == NULL)
            return HENG_ERR_NOMEM;
    }
    char digest[HENG_DIGEST_TEXT_BYTES];
    heng_ruleset_digest_of(loader->given, loader->count, digest);
    ruleset->digest = heng_arena_dup_str(ruleset->arena, heng_str_of(digest));
    return ruleset->digest.ptr == NULL ? HENG_ERR_NOMEM : HENG_OK;
}

heng_status heng_loader_load(const char *where, const heng_ruleset_file *files,
                             size_t count, heng_diags *diags,
                             heng_ruleset **ret_ruleset, heng_error *reterr) {
    struct loader loader = {
        .where = where, .given = files, .count = count, .diags = diags};
    size_t errors_before = heng_diags_error_count(diags);
    heng_status status = check_limits(&loader, reterr);
    if (status != HENG_OK)
        return status;
    status = start(&loader);
    if (status == HENG_OK)
        status = parse_files(&loader, reterr);
    if (status == HENG_OK)
        status = read_files(&loader);
    if (status == HENG_OK)
        status = heng_linker_link(&loader.draft, loader.partial, loader.ruleset);
    if (status == HENG_OK && heng_diags_failed(diags))
        status = HENG_ERR_NOMEM;
    heng_diags_sort(diags);
    size_t errors = heng_diags_error_count(diags) - errors_before;
    if (status == HENG_OK && errors > 0)
        status = heng_error_set(reterr, HENG_ERR_RULESET, place_of(&loader), NOWHERE,
                                "the ruleset has %zu error%s", errors,
                                errors == 1 ? "" : "s");
    if (status == HENG_ERR_NOMEM)
        (void)heng_error_nomem(reterr);

    heng_draft_done(&loader.draft);
    if (status == HENG_OK)
        *ret_ruleset = loader.ruleset;
    else
        heng_ruleset_free(loader.ruleset);
    return status;
}

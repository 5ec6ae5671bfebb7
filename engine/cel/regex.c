/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex.c: RE2's patterns run by PCRE2.
 *
 * Backtracking is fast for nearly all patterns and hopeless for a few. A search that
 * goes over the limit of steps is done again by PCRE2's other matcher, which follows
 * all ways at once: once through the text, from its start, with `.*` in front.
 *
 * PCRE2's own compiler to machine code is left alone: on 180 bytes of nested groups a
 * fuzzer had it busy for more than ten seconds, and a pattern must load in
 * milliseconds.
 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "cel/regex.h"

#include <pcre2.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "cel/cel_text.h"
#include "cel/regex_syntax.h"

struct heng_regex {
    pcre2_general_context *memory;
    pcre2_match_context *limits;
    pcre2_code *search;   /* for backtracking */
    pcre2_code *parallel; /* for the other matcher: anchored, with `.*` in front */
};

static void *allocate(PCRE2_SIZE size, void *context) {
    (void)context;
    return heng_alloc(size);
}

static void release(void *block, void *context) {
    (void)context;
    heng_alloc_free(block);
}

static pcre2_code *compile(heng_str pattern, uint32_t options,
                           pcre2_compile_context *context, int *ret_code) {
    PCRE2_SIZE offset = 0;
    return pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
                         PCRE2_DOTALL | PCRE2_ALT_CIRCUMFLEX | PCRE2_NO_AUTO_CAPTURE |
                             PCRE2_NEVER_BACKSLASH_C | options,
                         ret_code, &offset, context);
}

/* Why PCRE2 did not take a translated pattern: it is too large for it. */
static heng_status refused(int code, const char **ret_reason, heng_arena *arena) {
    unsigned char message[128] = "";
    (void)pcre2_get_error_message(code, message, sizeof message);
    *ret_reason =
        heng_arena_printf(arena, "the pattern is too large: %s", (const char *)message);
    return *ret_reason == NULL ? HENG_ERR_NOMEM : HENG_ERR_INVALID;
}

heng_status heng_regex_new(heng_str pattern, heng_regex **ret_regex,
                           const char **ret_reason, heng_arena *arena) {
    heng_str search = {0};
    heng_str rest = {0};
    bool bytes = false;
    heng_status status =
        heng_regex_syntax_translate(pattern, false, arena, &search, &bytes, ret_reason);
    if (status == HENG_OK) {
        status = heng_regex_syntax_translate(pattern, true, arena, &rest, &bytes,
                                             ret_reason);
    }
    if (status != HENG_OK)
        return status;
    heng_regex *regex = heng_alloc_zero(1, sizeof *regex);
    pcre2_compile_context *context = NULL;
    int code = 0;
    status = HENG_ERR_NOMEM;
    char *parallel = heng_arena_printf(arena, ".*(%s)", rest.ptr);
    if (regex == NULL || parallel == NULL)
        goto out;
    regex->memory = pcre2_general_context_create(allocate, release, NULL);
    if (regex->memory == NULL)
        goto out;
    context = pcre2_compile_context_create(regex->memory);
    regex->limits = pcre2_match_context_create(regex->memory);
    if (context == NULL || regex->limits == NULL)
        goto out;
    (void)pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    (void)pcre2_set_parens_nest_limit(context,
                                      (uint32_t)HENG_LIMIT_REGEX_DEPTH * 2 + 8);
    (void)pcre2_set_match_limit(regex->limits, HENG_LIMIT_REGEX_STEPS);

    uint32_t utf = bytes ? 0 : PCRE2_UTF;
    regex->search = compile(search, bytes ? 0 : PCRE2_UTF | PCRE2_MATCH_INVALID_UTF,
                            context, &code);
    if (regex->search != NULL) {
        regex->parallel =
            compile(heng_str_of(parallel), utf | PCRE2_ANCHORED | PCRE2_NO_AUTO_POSSESS,
                    context, &code);
    }
    if (regex->parallel == NULL) {
        status = code == PCRE2_ERROR_NOMEMORY || code == PCRE2_ERROR_HEAP_FAILED
                     ? HENG_ERR_NOMEM
                     : refused(code, ret_reason, arena);
        goto out;
    }
    *ret_regex = regex;
    regex = NULL;
    status = HENG_OK;
out:
    pcre2_compile_context_free(context);
    heng_regex_free(regex);
    return status;
}

void heng_regex_free(heng_regex *regex) {
    if (regex == NULL)
        return;
    pcre2_code_free(regex->search);
    pcre2_code_free(regex->parallel);
    pcre2_match_context_free(regex->limits);
    pcre2_general_context_free(regex->memory);
    heng_alloc_free(regex);
}

/* States that the parallel matcher may follow at once: its work in one step is their
 * square. */
static size_t state_limit(size_t len) {
    size_t states = 32;
    while (states < 4096 &&
           (uint64_t)states * states * 4 * (len + 1) <= HENG_LIMIT_REGEX_WORK) {
        states *= 2;
    }
    return states;
}

static heng_status search_parallel(const heng_regex *regex, pcre2_match_data *data,
                                   heng_str text, bool *ret_found) {
    if (!heng_cel_text_is_utf8(text))
        return HENG_ERR_LIMIT;
    /* PCRE2 needs three numbers a state in each of two lists, and twenty of its own. */
    size_t room = state_limit(text.len) * 6 + 20;
    int *workspace = heng_alloc_resize(NULL, room, sizeof *workspace);
    if (workspace == NULL)
        return HENG_ERR_NOMEM;
    int got = pcre2_dfa_match(regex->parallel, (PCRE2_SPTR)text.ptr, text.len, 0,
                              PCRE2_NO_UTF_CHECK | PCRE2_DFA_SHORTEST, data,
                              regex->limits, workspace, room);
    heng_alloc_free(workspace);
    if (got == PCRE2_ERROR_NOMEMORY)
        return HENG_ERR_NOMEM;
    if (got < 0 && got != PCRE2_ERROR_NOMATCH)
        return HENG_ERR_LIMIT;
    *ret_found = got >= 0;
    return HENG_OK;
}

heng_status heng_regex_search(const heng_regex *regex, heng_str text, bool *ret_found) {
    if (text.ptr == NULL) {
        text.ptr = "";
    }
    pcre2_match_data *data = pcre2_match_data_create(1, regex->memory);
    if (data == NULL)
        return HENG_ERR_NOMEM;
    heng_status status = HENG_OK;
    int got = pcre2_match(regex->search, (PCRE2_SPTR)text.ptr, text.len, 0, 0, data,
                          regex->limits);
    if (got >= 0 || got == PCRE2_ERROR_NOMATCH) {
        *ret_found = got >= 0;
    } else if (got == PCRE2_ERROR_NOMEMORY) {
        status = HENG_ERR_NOMEM;
    } else {
        status = search_parallel(regex, data, text, ret_found);
    }
    pcre2_match_data_free(data);
    return status;
}

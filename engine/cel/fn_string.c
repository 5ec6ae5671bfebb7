/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fn_string.c: texts and bytes: the standard functions and the `strings` extension but
 * for format(). Indexes and lengths of texts count code points.
 */
#include <string.h>

#include "cel/cel_text.h"
#include "cel/fn.h"
#include "cel/regex.h"
#include "cel/value_text.h"
#include "cel/vm_data.h"

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

static heng_cel_value out_of_memory(heng_cel_call *call) {
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_MEMORY, "out of memory");
}

static heng_str text_of(heng_cel_value value) {
    return heng_cel_value_str(value);
}

/* What a builder holds, as a string. */
static heng_cel_value built(heng_cel_call *call, heng_cel_text *text) {
    const char *bytes = heng_cel_text_end(text);
    if (bytes == NULL)
        return out_of_memory(call);
    if (text->len > UINT32_MAX)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_OVERFLOW,
                                    "the text is too long");
    return heng_cel_value_string((heng_str){bytes, text->len});
}

/* ---- standard ---- */

NATIVE(size_string) {
    (void)call, (void)count;
    return heng_cel_value_int((int64_t)heng_cel_text_count(text_of(args[0])));
}

NATIVE(size_bytes) {
    (void)call, (void)count;
    return heng_cel_value_int((int64_t)args[0].len);
}

NATIVE(contains) {
    (void)call, (void)count;
    return heng_cel_value_bool(
        heng_cel_text_find(text_of(args[0]), text_of(args[1]), 0) != SIZE_MAX);
}

NATIVE(starts_with) {
    heng_str text = text_of(args[0]);
    heng_str start = text_of(args[1]);
    (void)call, (void)count;
    return heng_cel_value_bool(
        text.len >= start.len &&
        (start.len == 0 || memcmp(text.ptr, start.ptr, start.len) == 0));
}

NATIVE(ends_with) {
    heng_str text = text_of(args[0]);
    heng_str end = text_of(args[1]);
    (void)call, (void)count;
    return heng_cel_value_bool(
        text.len >= end.len &&
        (end.len == 0 || memcmp(text.ptr + text.len - end.len, end.ptr, end.len) == 0));
}

static heng_cel_value prepare_matches(heng_arena *arena, const heng_cel_value *args,
                                      const bool *is_constant, size_t count,
                                      void **ret_constant) {
    const char *reason = NULL;
    heng_regex *regex = NULL;
    (void)count;
    if (!is_constant[1] || args[1].kind != HENG_CEL_STRING)
        return heng_cel_value_null();
    heng_status status = heng_regex_new(text_of(args[1]), &regex, &reason, arena);
    if (status == HENG_ERR_NOMEM)
        return heng_cel_value_error(arena, HENG_CEL_ERR_MEMORY, "out of memory");
    if (status != HENG_OK)
        return heng_cel_value_error(arena, HENG_CEL_ERR_ARGUMENT, "%s", reason);
    *ret_constant = regex;
    return heng_cel_value_null();
}

static void release_matches(void *constant) {
    heng_regex_free(constant);
}

NATIVE(matches) {
    heng_regex *regex = call->constant;
    bool found = false;
    (void)count;
    if (regex == NULL) { /* the pattern is not constant: it is compiled for this call */
        const char *reason = NULL;
        heng_status status =
            heng_regex_new(text_of(args[1]), &regex, &reason, call->arena);
        if (status == HENG_ERR_NOMEM)
            return out_of_memory(call);
        if (status != HENG_OK)
            return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT, "%s",
                                        reason);
    }
    heng_status status = heng_regex_search(regex, text_of(args[0]), &found);
    if (call->constant == NULL) {
        heng_regex_free(regex);
    }
    if (status == HENG_ERR_NOMEM)
        return out_of_memory(call);
    if (status != HENG_OK)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                    "the pattern takes too long on this text");
    return heng_cel_value_bool(found);
}

static heng_cel_value concatenate(heng_cel_call *call, const heng_cel_value *args) {
    size_t total = (size_t)args[0].len + args[1].len;
    heng_cel_value sum = args[0];
    if (args[1].len == 0)
        return args[0];
    if (args[0].len == 0)
        return args[1];
    if (total > UINT32_MAX)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_OVERFLOW,
                                    "the text is too long");
    char *bytes = heng_arena_alloc(call->arena, total);
    if (bytes == NULL)
        return out_of_memory(call);
    memcpy(bytes, args[0].as.bytes, args[0].len);
    memcpy(bytes + args[0].len, args[1].as.bytes, args[1].len);
    sum.len = (uint32_t)total;
    sum.as.bytes = bytes;
    return sum;
}

NATIVE(add) {
    (void)count;
    return concatenate(call, args);
}

/* ---- the extension ---- */

static heng_cel_value bad_index(heng_cel_call *call, int64_t index) {
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                "index %lld is outside the text", (long long)index);
}

/* Byte offset of code point `index`, the end included; false outside. */
static bool offset_of(heng_str text, int64_t index, size_t *ret_offset) {
    if (index < 0 || (uint64_t)index > text.len)
        return false;
    *ret_offset = heng_cel_text_offset(text, (size_t)index);
    return *ret_offset != SIZE_MAX;
}

static size_t count_to(heng_str text, size_t offset) {
    return heng_cel_text_count((heng_str){text.ptr, offset});
}

NATIVE(char_at) {
    heng_str text = text_of(args[0]);
    size_t at = 0;
    (void)count;
    if (!offset_of(text, args[1].as.integer, &at))
        return bad_index(call, args[1].as.integer);
    size_t end = at;
    if (at < text.len) {
        (void)heng_cel_text_next(text, &end);
    }
    return heng_cel_value_string((heng_str){text.ptr + at, end - at});
}

NATIVE(index_of) {
    heng_str text = text_of(args[0]);
    size_t from = 0;
    if (count == 3 && !offset_of(text, args[2].as.integer, &from))
        return bad_index(call, args[2].as.integer);
    size_t at = heng_cel_text_find(text, text_of(args[1]), from);
    return heng_cel_value_int(at == SIZE_MAX ? -1 : (int64_t)count_to(text, at));
}

NATIVE(last_index_of) {
    heng_str text = text_of(args[0]);
    heng_str needle = text_of(args[1]);
    size_t from = text.len;
    if (count == 3 && !offset_of(text, args[2].as.integer, &from))
        return bad_index(call, args[2].as.integer);
    if (needle.len > text.len)
        return heng_cel_value_int(-1);
    size_t at = text.len - needle.len < from ? text.len - needle.len : from;
    for (;; at--) {
        if (needle.len == 0 || memcmp(text.ptr + at, needle.ptr, needle.len) == 0)
            return heng_cel_value_int((int64_t)count_to(text, at));
        if (at == 0)
            return heng_cel_value_int(-1);
    }
}

static heng_cel_value map_ascii(heng_cel_call *call, heng_str text, char first,
                                char last) {
    char *bytes = heng_arena_dup(call->arena, text.ptr, text.len);
    if (bytes == NULL)
        return out_of_memory(call);
    for (size_t i = 0; i < text.len; i++) {
        if (bytes[i] >= first && bytes[i] <= last) {
            bytes[i] = (char)(bytes[i] ^ 0x20);
        }
    }
    return heng_cel_value_string((heng_str){bytes, text.len});
}

NATIVE(lower_ascii) {
    (void)count;
    return map_ascii(call, text_of(args[0]), 'A', 'Z');
}

NATIVE(upper_ascii) {
    (void)count;
    return map_ascii(call, text_of(args[0]), 'a', 'z');
}

/* An empty `old` is found before every character and at the end. */
NATIVE(replace) {
    heng_str text = text_of(args[0]);
    heng_str old = text_of(args[1]);
    heng_str new = text_of(args[2]);
    int64_t limit = count == 4 ? args[3].as.integer : -1;
    heng_cel_text out = {.arena = call->arena};
    size_t at = 0;

    while (limit != 0) {
        size_t hit = heng_cel_text_find(text, old, at);
        if (hit == SIZE_MAX)
            break;
        heng_cel_text_add(&out, (heng_str){text.ptr + at, hit - at});
        heng_cel_text_add(&out, new);
        at = hit + old.len;
        if (limit > 0) {
            limit--;
        }
        if (old.len == 0) {
            if (at >= text.len)
                break;
            size_t next = at;
            (void)heng_cel_text_next(text, &next);
            heng_cel_text_add(&out, (heng_str){text.ptr + at, next - at});
            at = next;
        }
        if (out.failed)
            return out_of_memory(call);
    }
    if (at < text.len) {
        heng_cel_text_add(&out, (heng_str){text.ptr + at, text.len - at});
    }
    return built(call, &out);
}

static bool add_part(heng_cel_call *call, heng_vm_data_gathered *parts, heng_str part) {
    return heng_vm_data_add(parts, NULL, heng_cel_value_string(part), call->arena);
}

/* An empty separator splits between all characters. */
NATIVE(split) {
    heng_str text = text_of(args[0]);
    heng_str separator = text_of(args[1]);
    int64_t limit = count == 3 ? args[2].as.integer : -1;
    heng_vm_data_gathered parts = {0};
    size_t at = 0;

    if (limit == 0 || (separator.len == 0 && text.len == 0))
        return heng_vm_data_gathered_value(&parts, false, call->arena);
    while (limit < 0 || (int64_t)parts.count + 1 < limit) {
        size_t hit = at;
        if (separator.len > 0) {
            hit = heng_cel_text_find(text, separator, at);
        } else if (at < text.len) {
            (void)heng_cel_text_next(text, &hit);
        }
        if (hit == SIZE_MAX || (separator.len == 0 && hit >= text.len))
            break;
        if (!add_part(call, &parts, (heng_str){text.ptr + at, hit - at}))
            return out_of_memory(call);
        at = hit + separator.len;
    }
    heng_str rest = {text.len == 0 ? text.ptr : text.ptr + at, text.len - at};
    if (!add_part(call, &parts, rest))
        return out_of_memory(call);
    return heng_vm_data_gathered_value(&parts, false, call->arena);
}

NATIVE(substring) {
    heng_str text = text_of(args[0]);
    size_t start = 0;
    size_t end = text.len;
    if (!offset_of(text, args[1].as.integer, &start))
        return bad_index(call, args[1].as.integer);
    if (count == 3) {
        if (!offset_of(text, args[2].as.integer, &end))
            return bad_index(call, args[2].as.integer);
        if (end < start)
            return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                        "the end %lld lies before the start %lld",
                                        (long long)args[2].as.integer,
                                        (long long)args[1].as.integer);
    }
    return heng_cel_value_string(
        (heng_str){text.ptr == NULL ? NULL : text.ptr + start, end - start});
}

/* Unicode's White_Space. */
static bool is_space(uint32_t point) {
    return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 ||
           point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a) ||
           point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f ||
           point == 0x3000;
}

NATIVE(trim) {
    heng_str text = text_of(args[0]);
    size_t start = 0;
    size_t end = 0;
    (void)call, (void)count;
    for (size_t at = 0; at < text.len;) {
        bool space = is_space(heng_cel_text_next(text, &at));
        if (!space) {
            end = at;
        } else if (end == 0) {
            start = at;
        }
    }
    if (end == 0)
        return heng_cel_value_string((heng_str){text.ptr, 0});
    return heng_cel_value_string((heng_str){text.ptr + start, end - start});
}

NATIVE(join) {
    const heng_cel_list *list = args[0].as.list;
    heng_str separator = count == 2 ? text_of(args[1]) : (heng_str){NULL, 0};
    heng_cel_text out = {.arena = call->arena};
    for (size_t i = 0; i < list->count && !out.failed; i++) {
        heng_cel_value item = heng_cel_value_item(list, i, call->arena);
        if (item.kind != HENG_CEL_STRING)
            return heng_cel_value_is_error(item)
                       ? item
                       : heng_vm_data_no_overload(HENG_STR("join"), &item, 1,
                                                  call->arena);
        if (i > 0) {
            heng_cel_text_add(&out, separator);
        }
        heng_cel_text_add(&out, text_of(item));
    }
    return built(call, &out);
}

NATIVE(quote) {
    heng_cel_text out = {.arena = call->arena};
    (void)count;
    heng_value_text_quote(&out, text_of(args[0]), HENG_VALUE_QUOTE_RAW);
    return built(call, &out);
}

NATIVE(reverse) {
    heng_str text = text_of(args[0]);
    char *bytes = heng_arena_alloc(call->arena, text.len + 1);
    (void)count;
    if (bytes == NULL)
        return out_of_memory(call);
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        (void)heng_cel_text_next(text, &at);
        memcpy(bytes + text.len - at, text.ptr + start, at - start);
    }
    return heng_cel_value_string((heng_str){bytes, text.len});
}

#define ROW(id, name, signature, run, cost, size, doc, example)                        \
    HENG_FN_ROW(id, name, signature, run, cost, 1, size, doc, example)

static const heng_cel_overload ROWS[] = {
    ROW("size_string", "size", "(string) -> int", size_string, SUM, SMALL,
        "The number of code points.", "size('中文') == 2"),
    ROW("string_size", "size", "string.() -> int", size_string, SUM, SMALL,
        "The number of code points.", "'中文'.size() == 2"),
    ROW("size_bytes", "size", "(bytes) -> int", size_bytes, CONSTANT, SMALL,
        "The number of bytes.", "size(b'ab') == 2"),
    ROW("bytes_size", "size", "bytes.() -> int", size_bytes, CONSTANT, SMALL,
        "The number of bytes.", "b'ab'.size() == 2"),
    ROW("contains_string", "contains", "string.(string) -> bool", contains, SUM, SMALL,
        "Whether the text has the other in it.", "'teapot'.contains('pot')"),
    ROW("starts_with_string", "startsWith", "string.(string) -> bool", starts_with,
        LEAST, SMALL, "Whether the text starts with the other.",
        "'tea'.startsWith('t')"),
    ROW("ends_with_string", "endsWith", "string.(string) -> bool", ends_with, LEAST,
        SMALL, "Whether the text ends with the other.", "'tea'.endsWith('a')"),
    {.id = "matches",
     .name = "matches",
     .signature = "(string, string) -> bool",
     .run = matches,
     .cost = HENG_CEL_COST_PRODUCT,
     .cost_base = 1,
     .size = HENG_CEL_SIZE_SMALL,
     .prepare = prepare_matches,
     .release = release_matches,
     .doc = "Whether the RE2 pattern is found in the text.",
     .example = "matches('tea', 't.a$')"},
    {.id = "matches_string",
     .name = "matches",
     .signature = "string.(string) -> bool",
     .run = matches,
     .cost = HENG_CEL_COST_PRODUCT,
     .cost_base = 1,
     .size = HENG_CEL_SIZE_SMALL,
     .prepare = prepare_matches,
     .release = release_matches,
     .doc = "Whether the RE2 pattern is found in the text.",
     .example = "'tea'.matches('^t')"},
    ROW("add_string", "_+_", "(string, string) -> string", add, SUM, SUM,
        "Both texts, one after the other.", "'he' + 'ng' == 'heng'"),
    ROW("add_bytes", "_+_", "(bytes, bytes) -> bytes", add, SUM, SUM,
        "Both, one after the other.", "b'a' + b'b' == b'ab'"),

    ROW("string_char_at_int", "charAt", "string.(int) -> string", char_at, SUM, SMALL,
        "The character at an index; at the end the empty text.",
        "'tea'.charAt(1) == 'e'"),
    ROW("string_index_of_string", "indexOf", "string.(string) -> int", index_of, SUM,
        SMALL, "Where the other first occurs, or -1.", "'tea'.indexOf('a') == 2"),
    ROW("string_index_of_string_int", "indexOf", "string.(string, int) -> int",
        index_of, SUM, SMALL, "Where the other first occurs from an index on, or -1.",
        "'tea'.indexOf('t', 1) == -1"),
    ROW("string_last_index_of_string", "lastIndexOf", "string.(string) -> int",
        last_index_of, PRODUCT, SMALL, "Where the other last occurs, or -1.",
        "'teatea'.lastIndexOf('tea') == 3"),
    ROW("string_last_index_of_string_int", "lastIndexOf", "string.(string, int) -> int",
        last_index_of, PRODUCT, SMALL,
        "Where the other last starts at or before an index, or -1.",
        "'teatea'.lastIndexOf('tea', 2) == 0"),
    ROW("string_lower_ascii", "lowerAscii", "string.() -> string", lower_ascii, SUM,
        FIRST, "With A to Z in lower case.", "'TeA'.lowerAscii() == 'tea'"),
    ROW("string_upper_ascii", "upperAscii", "string.() -> string", upper_ascii, SUM,
        FIRST, "With a to z in upper case.", "'TeA'.upperAscii() == 'TEA'"),
    ROW("string_replace_string_string", "replace", "string.(string, string) -> string",
        replace, SUM, PRODUCT, "With the first replaced by the second everywhere.",
        "'tea'.replace('t', 's') == 'sea'"),
    ROW("string_replace_string_string_int", "replace",
        "string.(string, string, int) -> string", replace, SUM, PRODUCT,
        "The same at most so many times; a negative limit means everywhere.",
        "'aaa'.replace('a', 'b', 2) == 'bba'"),
    ROW("string_split_string", "split", "string.(string) -> list(string)", split, SUM,
        FIRST, "The parts between the separators.", "'a,b'.split(',') == ['a', 'b']"),
    ROW("string_split_string_int", "split", "string.(string, int) -> list(string)",
        split, SUM, FIRST, "The same, at most so many parts.",
        "'a,b,c'.split(',', 2) == ['a', 'b,c']"),
    ROW("string_substring_int", "substring", "string.(int) -> string", substring, SUM,
        FIRST, "From an index to the end.", "'teapot'.substring(3) == 'pot'"),
    ROW("string_substring_int_int", "substring", "string.(int, int) -> string",
        substring, SUM, FIRST, "From an index to before another.",
        "'teapot'.substring(0, 3) == 'tea'"),
    ROW("string_trim", "trim", "string.() -> string", trim, SUM, FIRST,
        "Without white space at both ends.", "'  tea '.trim() == 'tea'"),
    ROW("list_join", "join", "list(string).() -> string", join, LIST, PRODUCT,
        "The texts, one after the other.", "['a', 'b'].join() == 'ab'"),
    ROW("list_join_string", "join", "list(string).(string) -> string", join, LIST,
        PRODUCT, "The texts with a separator between them.",
        "['a', 'b'].join('-') == 'a-b'"),
    ROW("strings_quote", "strings.quote", "(string) -> string", quote, SUM, UNBOUNDED,
        "In double quotes, with escapes, as CEL reads it back.",
        "strings.quote('a') == '\"a\"'"),
    ROW("string_reverse", "reverse", "string.() -> string", reverse, SUM, FIRST,
        "With its code points from last to first.", "'tea'.reverse() == 'aet'"),
};

HENG_FN_TABLE(string);

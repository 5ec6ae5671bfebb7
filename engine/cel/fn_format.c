/* SPDX-License-Identifier: Apache-2.0 */
/* fn_format.c: format() of the `strings` extension. */
#include <string.h>

#include "cel/cel_text.h"
#include "cel/fn.h"
#include "cel/real.h"
#include "cel/value_text.h"

/* One `%` clause being written. */
typedef struct format_clause {
    heng_cel_call *call;
    heng_cel_text *out;
    char letter;
    unsigned precision;
} format_clause;

static heng_cel_value fine(void) {
    return heng_cel_value_null();
}

static heng_cel_value refuse(const format_clause *clause, heng_cel_value value) {
    return heng_cel_value_error(clause->call->arena, HENG_CEL_ERR_ARGUMENT,
                                "`%%%c` cannot format %s", clause->letter,
                                heng_cel_kind_name((heng_cel_kind)value.kind));
}

static void add_plain(heng_cel_text *out, double value) {
    char buffer[HENG_REAL_FIXED_BYTES];
    size_t len = heng_real_print_plain(value, buffer);
    heng_cel_text_add(out, (heng_str){buffer, len});
}

/* ---- %s ---- */

static heng_cel_value add_any(const format_clause *clause, heng_cel_text *out,
                              heng_cel_value value);

/* What is no UTF-8 becomes one replacement character a stretch. */
static void add_bytes(heng_cel_text *out, heng_str bytes) {
    bool bad = false;
    for (size_t at = 0; at < bytes.len;) {
        size_t start = at;
        bool was_bad = bad;
        bad = heng_cel_text_next(bytes, &at) == UINT32_MAX;
        if (!bad) {
            heng_cel_text_add(out, (heng_str){bytes.ptr + start, at - start});
        } else if (!was_bad) {
            heng_cel_text_add_point(out, 0xfffd);
        }
    }
}

static heng_cel_value add_list(const format_clause *clause, heng_cel_text *out,
                               const heng_cel_list *list) {
    heng_cel_text_add_char(out, '[');
    for (size_t i = 0; i < list->count && !out->failed; i++) {
        if (i > 0) {
            heng_cel_text_add(out, HENG_STR(", "));
        }
        heng_cel_value added =
            add_any(clause, out, heng_cel_value_item(list, i, out->arena));
        if (heng_cel_value_is_error(added))
            return added;
    }
    heng_cel_text_add_char(out, ']');
    return fine();
}

/* Entries are written in the order of their written keys. */
static heng_cel_value add_map(const format_clause *clause, heng_cel_text *out,
                              const heng_cel_map *map) {
    heng_str *keys = heng_arena_calloc(out->arena, map->count + 1, sizeof *keys);
    size_t *order = heng_arena_calloc(out->arena, map->count + 1, sizeof *order);
    if (keys == NULL || order == NULL) {
        out->failed = true;
        return fine();
    }
    for (size_t i = 0; i < map->count; i++) {
        heng_cel_text key = {.arena = out->arena};
        heng_cel_value added = add_any(clause, &key, map->keys[i]);
        if (heng_cel_value_is_error(added))
            return added;
        keys[i] = (heng_str){heng_cel_text_end(&key), key.len};
        if (keys[i].ptr == NULL) {
            out->failed = true;
            return fine();
        }
        size_t at = i;
        for (; at > 0 && heng_str_compare(keys[order[at - 1]], keys[i]) > 0; at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
    heng_cel_text_add_char(out, '{');
    for (size_t i = 0; i < map->count && !out->failed; i++) {
        if (i > 0) {
            heng_cel_text_add(out, HENG_STR(", "));
        }
        heng_cel_text_add(out, keys[order[i]]);
        heng_cel_text_add(out, HENG_STR(": "));
        heng_cel_value added = add_any(clause, out, map->values[order[i]]);
        if (heng_cel_value_is_error(added))
            return added;
    }
    heng_cel_text_add_char(out, '}');
    return fine();
}

static heng_cel_value add_any(const format_clause *clause, heng_cel_text *out,
                              heng_cel_value value) {
    switch (value.kind) {
    case HENG_CEL_ERROR:
        return value;
    case HENG_CEL_DOUBLE:
        add_plain(out, value.as.real);
        return fine();
    case HENG_CEL_BYTES:
        add_bytes(out, heng_cel_value_str(value));
        return fine();
    case HENG_CEL_LIST:
        return add_list(clause, out, value.as.list);
    case HENG_CEL_MAP:
        return add_map(clause, out, value.as.map);
    case HENG_CEL_OPTIONAL:
    case HENG_CEL_OBJECT:
        return refuse(clause, value);
    default:
        heng_value_text_add(out, value, false);
        return fine();
    }
}

/* ---- numbers ---- */

static heng_cel_value add_decimal(const format_clause *clause, heng_cel_value value) {
    switch (value.kind) {
    case HENG_CEL_INT:
    case HENG_CEL_UINT:
    case HENG_CEL_DECIMAL:
        heng_value_text_add(clause->out, value, false);
        return fine();
    case HENG_CEL_DOUBLE:
        add_plain(clause->out, value.as.real);
        return fine();
    default:
        return refuse(clause, value);
    }
}

static heng_cel_value add_real(const format_clause *clause, heng_cel_value value) {
    char buffer[HENG_REAL_FIXED_BYTES];
    double real = 0;
    switch (value.kind) {
    case HENG_CEL_INT:
        real = (double)value.as.integer;
        break;
    case HENG_CEL_UINT:
        real = (double)value.as.uinteger;
        break;
    case HENG_CEL_DECIMAL:
        real = (double)value.as.decimal / (double)HENG_DECIMAL_ONE;
        break;
    case HENG_CEL_DOUBLE:
        real = value.as.real;
        break;
    default:
        return refuse(clause, value);
    }
    size_t len = clause->letter == 'e'
                     ? heng_real_print_scientific(real, clause->precision, buffer)
                     : heng_real_print_fixed(real, clause->precision, buffer);
    heng_cel_text_add(clause->out, (heng_str){buffer, len});
    return fine();
}

static void add_base(heng_cel_text *out, uint64_t value, unsigned base,
                     const char *digits) {
    char buffer[64];
    size_t at = sizeof buffer;
    do {
        buffer[--at] = digits[value % base];
        value /= base;
    } while (value > 0);
    heng_cel_text_add(out, (heng_str){buffer + at, sizeof buffer - at});
}

static heng_cel_value add_based(const format_clause *clause, heng_cel_value value,
                                unsigned base) {
    const char *digits =
        clause->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    if (value.kind == HENG_CEL_INT) {
        uint64_t magnitude = (uint64_t)value.as.integer;
        if (value.as.integer < 0) {
            heng_cel_text_add_char(clause->out, '-');
            magnitude = 0 - magnitude;
        }
        add_base(clause->out, magnitude, base, digits);
        return fine();
    }
    if (value.kind == HENG_CEL_UINT) {
        add_base(clause->out, value.as.uinteger, base, digits);
        return fine();
    }
    if (value.kind == HENG_CEL_BOOL && base == 2) {
        heng_cel_text_add_char(clause->out, value.as.boolean ? '1' : '0');
        return fine();
    }
    if (base == 16 && (value.kind == HENG_CEL_STRING || value.kind == HENG_CEL_BYTES)) {
        for (uint32_t i = 0; i < value.len && !clause->out->failed; i++) {
            unsigned char byte = (unsigned char)value.as.bytes[i];
            heng_cel_text_add_char(clause->out, digits[byte >> 4]);
            heng_cel_text_add_char(clause->out, digits[byte & 15]);
        }
        return fine();
    }
    return refuse(clause, value);
}

static heng_cel_value add_clause(const format_clause *clause, heng_cel_value value) {
    switch (clause->letter) {
    case 's':
        return add_any(clause, clause->out, value);
    case 'd':
        return add_decimal(clause, value);
    case 'f':
    case 'e':
        return add_real(clause, value);
    case 'x':
    case 'X':
        return add_based(clause, value, 16);
    case 'o':
        return add_based(clause, value, 8);
    default:
        return add_based(clause, value, 2);
    }
}

/* ---- the format ---- */

/* Reads `.N` at `*at`; false where the number is missing or too large. */
static bool read_precision(heng_str format, size_t *at, unsigned *ret_precision) {
    unsigned precision = 0;
    size_t start = ++*at;
    while (*at < format.len && format.ptr[*at] >= '0' && format.ptr[*at] <= '9') {
        precision = precision * 10 + (unsigned)(format.ptr[*at] - '0');
        if (precision > HENG_REAL_PRECISION_MAX)
            return false;
        ++*at;
    }
    *ret_precision = precision;
    return *at > start;
}

static heng_cel_value format(heng_cel_call *call, const heng_cel_value *args,
                             size_t count) {
    heng_str text = heng_cel_value_str(args[0]);
    const heng_cel_list *values = args[1].as.list;
    heng_cel_text out = {.arena = call->arena};
    size_t used = 0;
    (void)count;

    for (size_t at = 0; at < text.len && !out.failed;) {
        const char *percent = memchr(text.ptr + at, '%', text.len - at);
        size_t end = percent == NULL ? text.len : (size_t)(percent - text.ptr);
        heng_cel_text_add(&out, (heng_str){text.ptr + at, end - at});
        at = end + 1;
        if (percent == NULL)
            break;
        if (at < text.len && text.ptr[at] == '%') {
            heng_cel_text_add_char(&out, '%');
            at++;
            continue;
        }
        format_clause clause = {.call = call, .out = &out, .precision = 6};
        if (at < text.len && text.ptr[at] == '.' &&
            !read_precision(text, &at, &clause.precision))
            return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                        "the precision after `%%.` must be a number, "
                                        "at most %d",
                                        (int)HENG_REAL_PRECISION_MAX);
        if (at >= text.len)
            return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                        "the format ends within a clause");
        clause.letter = text.ptr[at++];
        if (clause.letter == '\0' || strchr("sdfexXob", clause.letter) == NULL)
            return heng_cel_value_error(
                call->arena, HENG_CEL_ERR_ARGUMENT,
                "unknown clause in the format; use one of %%s %%d %%f %%e %%x %%X %%o "
                "%%b %%%%");
        if (used >= values->count)
            return heng_cel_value_error(
                call->arena, HENG_CEL_ERR_ARGUMENT,
                "the format wants more than the %zu values given", values->count);
        heng_cel_value value = heng_cel_value_item(values, used++, call->arena);
        if (heng_cel_value_is_error(value))
            return value;
        heng_cel_value added = add_clause(&clause, value);
        if (heng_cel_value_is_error(added))
            return added;
    }
    const char *bytes = heng_cel_text_end(&out);
    if (bytes == NULL || out.len > UINT32_MAX)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_MEMORY, "out of memory");
    return heng_cel_value_string((heng_str){bytes, out.len});
}

static const heng_cel_overload ROWS[] = {
    HENG_FN_ROW("string_format", "format", "string.(list(dyn)) -> string", format, SUM,
                1, UNBOUNDED,
                "The text with each `%` clause replaced by a value of the list.",
                "'%s is %.1f'.format(['pi', 3.14159]) == 'pi is 3.1'"),
};

HENG_FN_TABLE(format);

/* SPDX-License-Identifier: Apache-2.0 */
/* value.c: making values, equality, order. How they are written is in value_text.c. */
#include "cel/value.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

_Static_assert(sizeof(heng_cel_value) == 16, "values are passed in two registers");

/* The error that needs no memory. */
static const heng_cel_error OUT_OF_MEMORY = {.code = HENG_CEL_ERR_MEMORY,
                                             .message = {"out of memory", 13}};

/* One allocation holds the error and its message, which the caller writes: reading an
 * absent attribute is common. */
static heng_cel_value make_error(heng_arena *arena, heng_cel_error_code code,
                                 const heng_cel_object *object, size_t len,
                                 char **ret_message) {
    heng_cel_value value = {.kind = HENG_CEL_ERROR, .as.error = &OUT_OF_MEMORY};
    heng_cel_error *error = heng_arena_alloc(arena, sizeof *error + len);
    *ret_message = NULL;
    if (error == NULL)
        return value;
    *ret_message = (char *)(error + 1);
    *error = (heng_cel_error){
        .code = code, .message = (heng_str){*ret_message, len}, .object = object};
    value.as.error = error;
    return value;
}

heng_cel_value heng_cel_value_error(heng_arena *arena, heng_cel_error_code code,
                                    const char *format, ...) {
    char buffer[512]; /* a message, not a text: what is longer is cut */
    va_list args;
    va_start(args, format);
    int len = vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    size_t used = len < 0 ? 0 : (size_t)len;
    if (used >= sizeof buffer) {
        used = heng_utf8_cut(buffer, sizeof buffer - 1);
    }
    char *message = NULL;
    heng_cel_value value = make_error(arena, code, NULL, used, &message);
    if (message != NULL) {
        memcpy(message, buffer, used);
    }
    return value;
}

heng_cel_value heng_cel_value_no_field(heng_arena *arena, const heng_cel_object *object,
                                       heng_str field) {
    static const heng_str BEFORE = {"no such attribute `", 19};
    enum { SHOWN_BYTES = 200 };
    size_t shown =
        field.len <= SHOWN_BYTES ? field.len : heng_utf8_cut(field.ptr, SHOWN_BYTES);
    size_t len = BEFORE.len + shown + 1;
    char *message = NULL;
    heng_cel_value value =
        make_error(arena, HENG_CEL_ERR_NO_FIELD, object, len, &message);
    if (message == NULL)
        return value;
    memcpy(message, BEFORE.ptr, BEFORE.len);
    if (shown > 0) {
        memcpy(message + BEFORE.len, field.ptr, shown);
    }
    message[len - 1] = '`';
    return value;
}

const heng_cel_type *heng_cel_value_type_of(heng_cel_value value, heng_arena *arena) {
    if (value.kind == HENG_CEL_OBJECT)
        return heng_cel_type_object(arena, value.as.object->type);
    return heng_cel_type_simple((heng_cel_kind)value.kind);
}

/* ---- numbers ---- */

static int sign_of(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int order_double(double a, double b) {
    if (isnan(a) || isnan(b))
        return HENG_CEL_UNORDERED;
    return (a > b) - (a < b);
}

/* As CEL's other implementations do, and its conformance cases say: an integer is
 * compared with a double as the double nearest to it. */
static int order_int_double(int64_t a, double b) {
    return order_double((double)a, b);
}

static int order_uint_double(uint64_t a, double b) {
    return order_double((double)a, b);
}

static int order_decimal_int(heng_decimal a, int64_t b) {
    int64_t whole = a / HENG_DECIMAL_ONE;
    int64_t rest = a % HENG_DECIMAL_ONE;
    int order = sign_of(whole, b);
    return order != 0 ? order : sign_of(rest, 0);
}

static int order_decimal_double(heng_decimal a, double b) {
    int64_t rest = a % HENG_DECIMAL_ONE;
    int64_t whole = a / HENG_DECIMAL_ONE;
    if (rest < 0) { /* both parts are to be floors */
        rest += HENG_DECIMAL_ONE;
        whole--;
    }
    if (isnan(b))
        return HENG_CEL_UNORDERED;
    if (b >= 1e15 || b < -1e15) /* past any decimal */
        return b > 0 ? -1 : 1;
    int order = sign_of(whole, (int64_t)floor(b));
    if (order != 0)
        return order;
    /* fma() rounds once, so the sign of the difference is exact. */
    double difference = fma(b - floor(b), (double)HENG_DECIMAL_ONE, -(double)rest);
    return (difference < 0) - (difference > 0);
}

static int flip(int order) {
    return order == HENG_CEL_UNORDERED ? order : -order;
}

/* ORDER number-rank: the cases below take the lower rank on the left. */
static int rank_of(uint8_t kind) {
    switch (kind) {
    case HENG_CEL_INT:
        return 1;
    case HENG_CEL_UINT:
        return 2;
    case HENG_CEL_DECIMAL:
        return 3;
    case HENG_CEL_DOUBLE:
        return 4;
    default:
        return 0;
    }
}

static int order_numbers(heng_cel_value a, heng_cel_value b) {
    if (rank_of(a.kind) > rank_of(b.kind))
        return flip(order_numbers(b, a));
    switch (rank_of(a.kind) * 10 + rank_of(b.kind)) {
    case 11:
        return sign_of(a.as.integer, b.as.integer);
    case 12:
        if (a.as.integer < 0)
            return -1;
        return ((uint64_t)a.as.integer > b.as.uinteger) -
               ((uint64_t)a.as.integer < b.as.uinteger);
    case 13:
        return flip(order_decimal_int(b.as.decimal, a.as.integer));
    case 14:
        return order_int_double(a.as.integer, b.as.real);
    case 22:
        return (a.as.uinteger > b.as.uinteger) - (a.as.uinteger < b.as.uinteger);
    case 23:
        if (a.as.uinteger > INT64_MAX)
            return 1;
        return flip(order_decimal_int(b.as.decimal, (int64_t)a.as.uinteger));
    case 24:
        return order_uint_double(a.as.uinteger, b.as.real);
    case 33:
        return sign_of(a.as.decimal, b.as.decimal);
    case 34:
        return order_decimal_double(a.as.decimal, b.as.real);
    default:
        return order_double(a.as.real, b.as.real);
    }
}

/* ---- any values ---- */

int heng_cel_value_order(heng_cel_value a, heng_cel_value b) {
    if (rank_of(a.kind) != 0 && rank_of(b.kind) != 0)
        return order_numbers(a, b);
    if (a.kind != b.kind)
        return HENG_CEL_UNORDERED;
    switch (a.kind) {
    case HENG_CEL_BOOL:
        return (int)a.as.boolean - (int)b.as.boolean;
    case HENG_CEL_DATE:
        return sign_of(a.as.integer, b.as.integer);
    case HENG_CEL_TIMESTAMP: {
        int order = sign_of(a.as.integer, b.as.integer);
        return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
    }
    case HENG_CEL_DURATION: {
        int order = sign_of(a.as.integer, b.as.integer);
        return order != 0 ? order : sign_of((int32_t)a.len, (int32_t)b.len);
    }
    case HENG_CEL_STRING:
    case HENG_CEL_BYTES: {
        int order = heng_str_compare(heng_cel_value_str(a), heng_cel_value_str(b));
        return (order > 0) - (order < 0);
    }
    default:
        return HENG_CEL_UNORDERED;
    }
}

static bool equal_types(const heng_cel_type *a, const heng_cel_type *b) {
    return a->kind == b->kind && (a->kind != HENG_CEL_OBJECT || a->object == b->object);
}

static int equal_lists(const heng_cel_list *a, const heng_cel_list *b,
                       heng_arena *arena, uint64_t *work) {
    if (a->count != b->count)
        return 0;
    for (size_t i = 0; i < a->count; i++) {
        int equal =
            heng_cel_value_equal_within(heng_cel_value_item(a, i, arena),
                                        heng_cel_value_item(b, i, arena), arena, work);
        if (equal != 1)
            return equal;
    }
    return 1;
}

static int equal_maps(const heng_cel_map *a, const heng_cel_map *b, heng_arena *arena,
                      uint64_t *work) {
    if (a->count != b->count)
        return 0;
    for (size_t i = 0; i < a->count; i++) {
        const heng_cel_value *other = heng_cel_value_find(b, a->keys[i]);
        int equal = other == NULL ? 0
                                  : heng_cel_value_equal_within(a->values[i], *other,
                                                                arena, work);
        if (equal != 1)
            return equal;
    }
    return 1;
}

int heng_cel_value_equal_within(heng_cel_value a, heng_cel_value b, heng_arena *arena,
                                uint64_t *work) {
    uint64_t needs = 1;
    if ((a.kind == HENG_CEL_STRING || a.kind == HENG_CEL_BYTES) && a.kind == b.kind &&
        a.len == b.len && a.len > 0) {
        needs = a.len;
    }
    if (*work < needs) {
        *work = 0;
        return -1;
    }
    if (rank_of(a.kind) != 0 && rank_of(b.kind) != 0) {
        *work -= 1;
        return order_numbers(a, b) == 0;
    }
    if (a.kind != b.kind) {
        *work -= 1;
        return 0;
    }
    /* What holds others costs what they cost; if it is empty, one. */
    if (a.kind == HENG_CEL_LIST && a.as.list->count > 0)
        return equal_lists(a.as.list, b.as.list, arena, work);
    if (a.kind == HENG_CEL_MAP && a.as.map->count > 0)
        return equal_maps(a.as.map, b.as.map, arena, work);
    if (a.kind == HENG_CEL_OPTIONAL && a.as.optional != NULL && b.as.optional != NULL)
        return heng_cel_value_equal_within(*a.as.optional, *b.as.optional, arena, work);

    *work -= needs;
    switch (a.kind) {
    case HENG_CEL_NULL:
        return 1;
    case HENG_CEL_LIST:
        return b.as.list->count == 0;
    case HENG_CEL_MAP:
        return b.as.map->count == 0;
    case HENG_CEL_OPTIONAL:
        return a.as.optional == b.as.optional;
    case HENG_CEL_TYPE:
        return equal_types(a.as.type, b.as.type);
    case HENG_CEL_OBJECT:
        return a.as.object == b.as.object;
    case HENG_CEL_PERIOD:
        return a.as.period.months == b.as.period.months &&
               a.as.period.days == b.as.period.days;
    default:
        return heng_cel_value_order(a, b) == 0;
    }
}

bool heng_cel_value_equal(heng_cel_value a, heng_cel_value b, heng_arena *arena) {
    uint64_t work = HENG_LIMIT_CEL_WORK;
    return heng_cel_value_equal_within(a, b, arena, &work) == 1;
}

/* ---- keys ---- */

int heng_cel_value_key_order(heng_cel_value a, heng_cel_value b) {
    int rank_a = a.kind == HENG_CEL_UINT ? HENG_CEL_INT : a.kind;
    int rank_b = b.kind == HENG_CEL_UINT ? HENG_CEL_INT : b.kind;
    return rank_a != rank_b ? (rank_a > rank_b) - (rank_a < rank_b)
                            : heng_cel_value_order(a, b);
}

static const heng_cel_value *find_in_order(const heng_cel_map *map,
                                           heng_cel_value key) {
    size_t low = 0;
    size_t high = map->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        size_t at = map->order[middle];
        int order = heng_cel_value_key_order(map->keys[at], key);
        if (order == 0)
            return &map->values[at];
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

const heng_cel_value *heng_cel_value_find(const heng_cel_map *map, heng_cel_value key) {
    if (key.kind == HENG_CEL_STRING && map->order == NULL) {
        for (size_t i = 0; i < map->count; i++) {
            const heng_cel_value *at = &map->keys[i];
            if (at->kind == HENG_CEL_STRING && at->len == key.len &&
                heng_str_equal(heng_cel_value_str(*at), heng_cel_value_str(key)))
                return &map->values[i];
        }
        return NULL;
    }
    if (key.kind == HENG_CEL_DOUBLE) { /* only the very integer that it is */
        double real = key.as.real;
        if (!(real >= -9223372036854775808.0 && real < 18446744073709551616.0) ||
            floor(real) < real)
            return NULL;
        key = real < 9223372036854775808.0 ? heng_cel_value_int((int64_t)real)
                                           : heng_cel_value_uint((uint64_t)real);
    }
    if (map->order != NULL)
        return find_in_order(map, key);
    if (key.kind != HENG_CEL_BOOL && rank_of(key.kind) == 0)
        return NULL;
    for (size_t i = 0; i < map->count; i++) {
        if (heng_cel_value_order(map->keys[i], key) == 0)
            return &map->values[i];
    }
    return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value.h: what an expression evaluates to: 16 bytes, passed by value.
 *
 * Strings, lists and objects are views: into the program's constants, the store's
 * memory, or the arena of the evaluation. Errors are values too: `&&` and `||` absorb
 * them, everything else hands them on.
 */
#ifndef HENG_CEL_VALUE_H
#define HENG_CEL_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cel/cel_type.h"
#include "heng/arena.h"
#include "heng/date.h"
#include "heng/decimal.h"
#include "heng/str.h"

typedef struct heng_cel_value heng_cel_value;
typedef struct heng_cel_list heng_cel_list;
typedef struct heng_cel_map heng_cel_map;
typedef struct heng_cel_error heng_cel_error;
typedef struct heng_cel_object heng_cel_object;

struct heng_cel_value {
    uint8_t kind; /* heng_cel_kind */
    uint32_t
        len; /* STRING, BYTES: bytes; TIMESTAMP, DURATION: nanoseconds, see below */
    union {
        bool boolean;
        int64_t
            integer; /* INT; DATE as heng_date; TIMESTAMP, DURATION: whole seconds */
        uint64_t uinteger;
        double real;
        heng_decimal decimal;
        heng_period period;
        const char *bytes; /* STRING, BYTES */
        const heng_cel_list *list;
        const heng_cel_map *map;
        const heng_cel_value *optional; /* NULL: optional.none() */
        const heng_cel_type *type;
        const heng_cel_object *object;
        const heng_cel_error *error;
    } as;
};

/*
 * TIMESTAMP: seconds since 1970 (floor) in `integer`, 0 to 999,999,999 nanoseconds
 * after that in `len`. DURATION: whole seconds towards zero in `integer`; `len` holds
 * the nanoseconds as an int32_t with the same sign, cast to uint32_t.
 */

struct heng_cel_list {
    size_t count;
    const heng_cel_value *items; /* NULL: ask `get` (a view of records, built lazily) */
    heng_cel_value (*get)(const heng_cel_list *list, size_t index, heng_arena *arena);
    const void *context;
};

struct heng_cel_map {
    size_t count;
    const heng_cel_value *keys; /* in the order they were written */
    const heng_cel_value *values;
    const size_t *order; /* indexes of the keys in their order, for many; or NULL */
};

/** The first member of everything that stands behind an OBJECT value. */
struct heng_cel_object {
    const heng_cel_object_type *type;
};

typedef struct heng_cel_field {
    heng_str name;
    const heng_cel_type *type;
    bool may_be_absent; /* reading it can be an evaluation error; `has()` asks */
} heng_cel_field;

/** A kind of object of the world outside: `subject`, `record`. Immutable. */
struct heng_cel_object_type {
    heng_str name;
    const heng_cel_field *fields; /* a field's index is its slot */
    size_t field_count;
    /** The field, or an ERROR value made by heng_cel_value_no_field(). */
    heng_cel_value (*get)(const heng_cel_object *object, uint32_t slot,
                          heng_arena *arena);
    bool (*has)(const heng_cel_object *object, uint32_t slot);
};

typedef enum heng_cel_error_code {
    HENG_CEL_ERR_NO_FIELD = 1, /* attribute, field or map key that is not there */
    HENG_CEL_ERR_NO_OVERLOAD,
    HENG_CEL_ERR_OVERFLOW,
    HENG_CEL_ERR_DIVIDE_BY_ZERO,
    HENG_CEL_ERR_ARGUMENT, /* range, index, conversion, bad pattern */
    HENG_CEL_ERR_UNKNOWN_NAME,
    HENG_CEL_ERR_COST,   /* over the cost cap at run time */
    HENG_CEL_ERR_MEMORY, /* the arena gave no more */
} heng_cel_error_code;

struct heng_cel_error {
    heng_cel_error_code code;
    uint32_t node;    /* id of the expression node that failed; 0: not known yet (the VM
                         fills it) */
    heng_str message; /* lower case: "no such attribute `amount`" */
    const heng_cel_object *object; /* NO_FIELD on an object: which one; else NULL */
};

/* Makers, in the header because each field that is read goes through one. Texts and
 * what is pointed to are borrowed. Those with an arena give an ERROR value where memory
 * runs out. */
static inline heng_cel_value heng_cel_value_null(void) {
    return (heng_cel_value){.kind = HENG_CEL_NULL};
}
static inline heng_cel_value heng_cel_value_bool(bool value) {
    return (heng_cel_value){.kind = HENG_CEL_BOOL, .as.integer = value ? 1 : 0};
}
static inline heng_cel_value heng_cel_value_int(int64_t value) {
    return (heng_cel_value){.kind = HENG_CEL_INT, .as.integer = value};
}
static inline heng_cel_value heng_cel_value_uint(uint64_t value) {
    return (heng_cel_value){.kind = HENG_CEL_UINT, .as.uinteger = value};
}
static inline heng_cel_value heng_cel_value_double(double value) {
    return (heng_cel_value){.kind = HENG_CEL_DOUBLE, .as.real = value};
}
static inline heng_cel_value heng_cel_value_string(heng_str value) {
    return (heng_cel_value){
        .kind = HENG_CEL_STRING, .len = (uint32_t)value.len, .as.bytes = value.ptr};
}
static inline heng_cel_value heng_cel_value_bytes(heng_str value) {
    return (heng_cel_value){
        .kind = HENG_CEL_BYTES, .len = (uint32_t)value.len, .as.bytes = value.ptr};
}
static inline heng_cel_value heng_cel_value_date(heng_date value) {
    return (heng_cel_value){.kind = HENG_CEL_DATE, .as.integer = value};
}
static inline heng_cel_value heng_cel_value_period(heng_period value) {
    return (heng_cel_value){.kind = HENG_CEL_PERIOD, .as.period = value};
}
static inline heng_cel_value heng_cel_value_decimal(heng_decimal value) {
    return (heng_cel_value){.kind = HENG_CEL_DECIMAL, .as.decimal = value};
}
static inline heng_cel_value heng_cel_value_list(const heng_cel_list *list) {
    return (heng_cel_value){.kind = HENG_CEL_LIST, .as.list = list};
}
static inline heng_cel_value heng_cel_value_object(const heng_cel_object *object) {
    return (heng_cel_value){.kind = HENG_CEL_OBJECT, .as.object = object};
}
static inline heng_cel_value heng_cel_value_map(const heng_cel_map *map) {
    return (heng_cel_value){.kind = HENG_CEL_MAP, .as.map = map};
}
static inline heng_cel_value heng_cel_value_type(const heng_cel_type *type) {
    return (heng_cel_value){.kind = HENG_CEL_TYPE, .as.type = type};
}
/** NULL makes optional.none(). */
static inline heng_cel_value heng_cel_value_optional(const heng_cel_value *held) {
    return (heng_cel_value){.kind = HENG_CEL_OPTIONAL, .as.optional = held};
}
/** `seconds` since 1970, floor; `nanos` 0 to 999,999,999. */
static inline heng_cel_value heng_cel_value_timestamp(int64_t seconds, uint32_t nanos) {
    return (heng_cel_value){
        .kind = HENG_CEL_TIMESTAMP, .len = nanos, .as.integer = seconds};
}
/** Both parts have the same sign, or are 0. */
static inline heng_cel_value heng_cel_value_duration(int64_t seconds, int32_t nanos) {
    return (heng_cel_value){
        .kind = HENG_CEL_DURATION, .len = (uint32_t)nanos, .as.integer = seconds};
}

/** An error; `format` makes the message in the arena. Never allocates elsewhere. */
heng_cel_value heng_cel_value_error(heng_arena *arena, heng_cel_error_code code,
                                    const char *format, ...) HENG_PRINTF(3, 4);
heng_cel_value heng_cel_value_no_field(heng_arena *arena, const heng_cel_object *object,
                                       heng_str field);

static inline bool heng_cel_value_is_error(heng_cel_value value) {
    return value.kind == HENG_CEL_ERROR;
}
static inline bool heng_cel_value_is_true(heng_cel_value value) {
    return value.kind == HENG_CEL_BOOL && value.as.boolean;
}
static inline heng_str heng_cel_value_str(heng_cel_value value) {
    return (heng_str){value.as.bytes, value.len};
}

/** The item, wherever it comes from; `index` < count. */
static inline heng_cel_value heng_cel_value_item(const heng_cel_list *list,
                                                 size_t index, heng_arena *arena) {
    return list->items != NULL ? list->items[index] : list->get(list, index, arena);
}

/** The entry whose key equals `key` (numbers by value), or NULL. */
const heng_cel_value *heng_cel_value_find(const heng_cel_map *map, heng_cel_value key);

/** An order over keys of all types, numbers by value, for `order` of a map. */
int heng_cel_value_key_order(heng_cel_value a, heng_cel_value b);

/** The type of a value, of lists and maps without parameters; NULL out of memory. */
const heng_cel_type *heng_cel_value_type_of(heng_cel_value value, heng_arena *arena);

/** Order of two values of one kind that has one, and of numbers of any kinds: -1, 0 or
 * 1; HENG_CEL_UNORDERED for NaN and for what has no order. */
int heng_cel_value_order(heng_cel_value a, heng_cel_value b);
enum { HENG_CEL_UNORDERED = 2 };

/**
 * CEL's `==`: heterogeneous numbers compare by value; never an error (NaN is unequal).
 * Each item looked at, and each byte of texts that could be equal, takes one of *work.
 *
 * @return 1 or 0; -1 where *work was used up first: lists that hold a list twice, that
 *         holds a list twice, … are small and take for ever.
 */
int heng_cel_value_equal_within(heng_cel_value a, heng_cel_value b, heng_arena *arena,
                                uint64_t *work);

/** The same with HENG_LIMIT_CEL_WORK; what takes more is unequal. */
bool heng_cel_value_equal(heng_cel_value a, heng_cel_value b, heng_arena *arena);

/** For people and traces: `"text"`, `2024-03-15`, `[1, 2]`, `1250000`. NULL out of
 * memory. */
const char *heng_cel_value_print(heng_cel_value value, heng_arena *arena);

/** For `reason` templates and string(): as above, a string without its quotes. */
heng_str heng_cel_value_text(heng_cel_value value, heng_arena *arena);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fn_optional.c: the `optionals` extension.
 *
 * `or` and `orValue` stand here for the checker; the compiler makes jumps of them, so
 * that the other side is evaluated only where it is needed.
 */
#include "cel/fn.h"
#include "cel/vm_data.h"

#define NATIVE(name)                                                                   \
    static heng_cel_value name(heng_cel_call *call, const heng_cel_value *args,        \
                               size_t count)

static heng_cel_value out_of_memory(heng_cel_call *call) {
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_MEMORY, "out of memory");
}

NATIVE(none) {
    (void)call, (void)args, (void)count;
    return heng_cel_value_optional(NULL);
}

NATIVE(of) {
    (void)count;
    heng_cel_value *held = heng_arena_alloc(call->arena, sizeof *held);
    if (held == NULL)
        return out_of_memory(call);
    *held = args[0];
    return heng_cel_value_optional(held);
}

/* 0, "", [], {}, false, null, the zero time: what a field has that was never set. */
static bool is_zero(heng_cel_value value) {
    switch (value.kind) {
    case HENG_CEL_NULL:
        return true;
    case HENG_CEL_BOOL:
        return !value.as.boolean;
    case HENG_CEL_INT:
    case HENG_CEL_UINT:
    case HENG_CEL_DECIMAL:
        return value.as.integer == 0;
    case HENG_CEL_TIMESTAMP:
    case HENG_CEL_DURATION:
        return value.as.integer == 0 && value.len == 0;
    case HENG_CEL_DOUBLE:
        return value.as.real <= 0 && value.as.real >= 0;
    case HENG_CEL_STRING:
    case HENG_CEL_BYTES:
        return value.len == 0;
    case HENG_CEL_PERIOD:
        return value.as.period.months == 0 && value.as.period.days == 0;
    case HENG_CEL_LIST:
        return value.as.list->count == 0;
    case HENG_CEL_MAP:
        return value.as.map->count == 0;
    case HENG_CEL_OPTIONAL:
        return value.as.optional == NULL;
    default:
        return false;
    }
}

NATIVE(of_non_zero) {
    if (is_zero(args[0]))
        return heng_cel_value_optional(NULL);
    return of(call, args, count);
}

NATIVE(has_value) {
    (void)call, (void)count;
    return heng_cel_value_bool(args[0].as.optional != NULL);
}

NATIVE(value_of) {
    (void)count;
    if (args[0].as.optional == NULL)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                    "optional.none() has no value");
    return *args[0].as.optional;
}

NATIVE(either) {
    (void)call, (void)count;
    return args[0].as.optional != NULL ? args[0] : args[1];
}

NATIVE(either_value) {
    (void)call, (void)count;
    return args[0].as.optional != NULL ? *args[0].as.optional : args[1];
}

NATIVE(unwrap) {
    const heng_cel_list *list = args[0].as.list;
    heng_vm_data_gathered gathered = {0};
    (void)count;
    for (size_t i = 0; i < list->count; i++) {
        heng_cel_value item = heng_cel_value_item(list, i, call->arena);
        if (item.kind != HENG_CEL_OPTIONAL)
            return heng_vm_data_no_overload(heng_str_of(call->overload->name), &item, 1,
                                            call->arena);
        if (item.as.optional != NULL &&
            !heng_vm_data_add(&gathered, NULL, *item.as.optional, call->arena))
            return out_of_memory(call);
    }
    return heng_vm_data_gathered_value(&gathered, false, call->arena);
}

static heng_cel_value item_at(heng_cel_call *call, heng_cel_value list, size_t index) {
    heng_cel_value item = heng_cel_value_item(list.as.list, index, call->arena);
    return heng_cel_value_is_error(item) ? item : of(call, &item, 1);
}

NATIVE(first) {
    (void)count;
    if (args[0].as.list->count == 0)
        return heng_cel_value_optional(NULL);
    return item_at(call, args[0], 0);
}

NATIVE(last) {
    (void)count;
    if (args[0].as.list->count == 0)
        return heng_cel_value_optional(NULL);
    return item_at(call, args[0], args[0].as.list->count - 1);
}

NATIVE(at_index) {
    (void)count;
    return heng_vm_data_index_optional(args[0], args[1], call->arena);
}

#define ROW(id, name, signature, run, size, doc, example)                              \
    HENG_FN_ROW(id, name, signature, run, CONSTANT, 0, size, doc, example)

static const heng_cel_overload ROWS[] = {
    ROW("optional_none", "optional.none", "() -> optional_type(V)", none, SMALL,
        "An optional without a value.", "!optional.none().hasValue()"),
    ROW("optional_of", "optional.of", "(V) -> optional_type(V)", of, FIRST,
        "An optional with this value.", "optional.of(1).value() == 1"),
    ROW("optional_ofNonZeroValue", "optional.ofNonZeroValue", "(V) -> optional_type(V)",
        of_non_zero, FIRST,
        "An optional with this value, unless it is 0, empty, false or null.",
        "!optional.ofNonZeroValue('').hasValue()"),
    ROW("optional_hasValue", "hasValue", "optional_type(V).() -> bool", has_value,
        SMALL, "Whether there is a value.", "optional.of(1).hasValue()"),
    ROW("optional_value", "value", "optional_type(V).() -> V", value_of, FIRST,
        "The value; without one an error.", "optional.of(1).value() == 1"),
    ROW("optional_or_optional", "or",
        "optional_type(V).(optional_type(V)) -> optional_type(V)", either, SUM,
        "This optional if it has a value, else the other.",
        "optional.none().or(optional.of(2)).value() == 2"),
    ROW("optional_orValue_value", "orValue", "optional_type(V).(V) -> V", either_value,
        SUM, "The value, or else this one.", "optional.none().orValue(2) == 2"),
    HENG_FN_ROW("optional_unwrap", "optional.unwrap",
                "(list(optional_type(V))) -> list(V)", unwrap, LIST, 1, FIRST,
                "The values of those that have one.",
                "optional.unwrap([optional.of(1), optional.none()]) == [1]"),
    HENG_FN_ROW("optional_unwrapOpt", "unwrapOpt",
                "list(optional_type(V)).() -> list(V)", unwrap, LIST, 1, FIRST,
                "The values of those that have one.",
                "[optional.of(1), optional.none()].unwrapOpt() == [1]"),
    ROW("list_first", "first", "list(V).() -> optional_type(V)", first, FIRST,
        "The first item, if there is one.", "[1, 2].first().value() == 1"),
    ROW("list_last", "last", "list(V).() -> optional_type(V)", last, FIRST,
        "The last item, if there is one.", "[1, 2].last().value() == 2"),
    ROW("optional_list_index_int", "_[_]",
        "(optional_type(list(V)), int) -> optional_type(V)", at_index, FIRST,
        "The item of the list held, if there is one.",
        "optional.of([1])[0].value() == 1"),
    ROW("optional_list_optindex_optional_int", "_[?_]",
        "(optional_type(list(V)), int) -> optional_type(V)", at_index, FIRST,
        "The item of the list held, if there is one.",
        "!optional.of([1])[?3].hasValue()"),
    ROW("optional_map_index_value", "_[_]",
        "(optional_type(map(K, V)), K) -> optional_type(V)", at_index, FIRST,
        "The entry of the map held, if there is one.",
        "optional.of({'a': 1})['a'].value() == 1"),
    ROW("optional_map_optindex_optional_value", "_[?_]",
        "(optional_type(map(K, V)), K) -> optional_type(V)", at_index, FIRST,
        "The entry of the map held, if there is one.",
        "!optional.of({'a': 1})[?'b'].hasValue()"),
};

HENG_FN_TABLE(optional);

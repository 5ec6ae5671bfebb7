/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sieve_within.c: what is left of a condition where the category is known.
 *
 *   (r.category == "a" || (r.category == "b" || r.category == "c") && r.field == "x")
 *
 *   of a   TRUE
 *   of b   r.field == "x", by which an index can tell rules apart
 *   of d   FALSE: the rule stands in no list of d
 */
#include <string.h>

#include "decide/sieve.h"
#include "model/flat.h"

static heng_sieve constant(heng_tri value) {
    return (heng_sieve){.kind = HENG_SIEVE_CONSTANT, .span = 1, .as.constant = value};
}

/* FALSE or TRUE where a part is that constant; else UNKNOWN. */
static heng_tri settled(const heng_sieve *part) {
    return part->kind == HENG_SIEVE_CONSTANT ? part->as.constant : HENG_TRI_UNKNOWN;
}

static uint32_t settle(const heng_sieve *part, uint32_t category, heng_sieve *out);

static uint32_t settle_not(const heng_sieve *part, uint32_t category, heng_sieve *out) {
    uint32_t used = settle(part + 1, category, out + 1);
    heng_tri value = settled(out + 1);
    out[0] = *part;
    out[0].span = (uint16_t)(used + 1);
    if (value == HENG_TRI_UNKNOWN)
        return used + 1;
    out[0] = constant(value == HENG_TRI_TRUE ? HENG_TRI_FALSE : HENG_TRI_TRUE);
    return 1;
}

/* AND, or OR: parts that change nothing are left out, and the parts of an AND in an AND
 * are its own. */
static uint32_t settle_parts(const heng_sieve *part, uint32_t category,
                             heng_sieve *out) {
    bool is_or = part->kind == HENG_SIEVE_OR;
    heng_tri decides = is_or ? HENG_TRI_TRUE : HENG_TRI_FALSE;
    heng_tri neutral = is_or ? HENG_TRI_FALSE : HENG_TRI_TRUE;
    const heng_sieve *end = part + part->span;
    uint32_t used = 1;
    for (const heng_sieve *at = part + 1; at < end; at += at->span) {
        heng_sieve *to = out + used;
        uint32_t added = settle(at, category, to);
        heng_tri value = settled(to);
        if (value == decides) {
            out[0] = constant(decides);
            return 1;
        }
        if (value == neutral)
            continue;
        if (to->kind == part->kind)
            memmove(to, to + 1, --added * sizeof *to);
        used += added;
    }
    if (used == 1) {
        out[0] = constant(neutral);
        return 1;
    }
    if (out[1].span == used - 1) { /* one part */
        memmove(out, out + 1, --used * sizeof *out);
        return used;
    }
    out[0] = *part;
    out[0].span = (uint16_t)used;
    return used;
}

/* Writes at most as many parts as there are; returns how many. */
static uint32_t settle(const heng_sieve *part, uint32_t category, heng_sieve *out) {
    static const uint8_t any[HENG_FLAT_RECORD_BYTES]; /* not looked at */
    const heng_sieve_input input = {.record = any, .category = category};
    if (part->kind == HENG_SIEVE_AND || part->kind == HENG_SIEVE_OR)
        return settle_parts(part, category, out);
    if (part->kind == HENG_SIEVE_NOT)
        return settle_not(part, category, out);
    if (part->kind == HENG_SIEVE_CATEGORY) {
        *out = constant(heng_sieve_ask(part, &input));
        return 1;
    }
    memcpy(out, part, part->span * sizeof *part); /* of lists: not of this record */
    return part->span;
}

/* Where a record of the category that has all attributes has those that parts ask for.
 */
static void set_places(const heng_plan *plan, uint32_t category, heng_sieve *parts,
                       uint32_t count) {
    const uint32_t *first = plan->attribute_names.first + category;
    const uint32_t *names = plan->attribute_names.items;
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].kind < HENG_SIEVE_NUMBER || parts[i].on_subject)
            continue;
        parts[i].place = 0;
        for (uint32_t n = first[0]; n < first[1]; n++) /* no name lies behind all */
            parts[i].place = (uint16_t)(parts[i].place + (names[n] < parts[i].name));
    }
}

const heng_sieve *heng_sieve_within(heng_plan *plan, const heng_sieve *sieve,
                                    uint32_t category) {
    heng_sieve *kept = heng_arena_alloc(plan->arena, sieve->span * sizeof *kept);
    if (kept != NULL)
        set_places(plan, category, kept, settle(sieve, category, kept));
    return kept;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* import_check.h: a line understood: checked against the catalog and made into what the
 * store keeps. */
#ifndef HENG_STORE_IMPORT_CHECK_H
#define HENG_STORE_IMPORT_CHECK_H

#include <stdint.h>

#include "heng/arena.h"
#include "heng/date.h"
#include "heng/error.h"
#include "store/codebook.h"
#include "store/line.h"

typedef enum heng_item_kind {
    HENG_ITEM_SUBJECT, /* ORDER item: a subject's own line goes before its records */
    HENG_ITEM_RECORD,
    HENG_ITEM_DELIVERY
} heng_item_kind;

/** What a good line says. Texts and bytes live in the line and the arena. */
typedef struct heng_item {
    heng_item_kind kind;
    heng_str
        subject;     /* its id; of a record, its owner's; of a delivery, the provider */
    heng_str record; /* its id */
    uint8_t *bytes;  /* flat, its commit 0 */
    heng_date through;
    uint64_t line;
} heng_item;

/** Something that is odd but lawful. */
typedef struct heng_import_warning {
    heng_line_fault fault;
    uint64_t line;
    heng_str text;
    struct heng_import_warning *next;
} heng_import_warning;

/**
 * A pure function of its inputs.
 *
 * @param warnings  a list that warnings are put at the front of.
 * @return HENG_OK; HENG_ERR_INVALID with the fault; HENG_ERR_NOMEM.
 */
heng_status heng_import_check(const heng_codebook *book, const heng_line *line,
                              heng_arena *arena, heng_item *ret_item,
                              heng_import_warning **warnings,
                              heng_line_fault *ret_fault) HENG_NODISCARD;

#endif

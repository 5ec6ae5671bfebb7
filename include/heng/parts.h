/* SPDX-License-Identifier: Apache-2.0 */
/* parts.h: which parts of what is known a snapshot holds. A plan asks, a view answers.
 */
#ifndef HENG_PARTS_H
#define HENG_PARTS_H

/** Beside the subject and its own records, which are always there. */
enum {
    HENG_VIEW_TIES = 1,        /* who is tied to it */
    HENG_VIEW_TIE_RECORDS = 2, /* … with subject and records of each of them */
    HENG_VIEW_MENTIONS = 4,    /* records of others that name it */
    HENG_VIEW_ALL = 7
};

#endif

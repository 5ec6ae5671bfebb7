/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render.h: what all renderings of an answer share: the answer, for whom it is, and how
 * ids, days and times are written.
 *
 * Everything is written into a heng_buffer; failures stick there and are asked for
 * once. Nothing here decides, prints, or reads the clock.
 */
#ifndef HENG_REPORT_RENDER_H
#define HENG_REPORT_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "heng/arena.h"
#include "heng/decide.h"
#include "model/catalog.h"
#include "model/identity.h"
#include "model/kind.h"
#include "model/snapshot.h"
#include "ruleset/linked.h"

/** An answer and what is needed to tell it. All borrowed. */
typedef struct heng_render {
    const heng_ruleset *ruleset;
    const heng_plan *plan;
    heng_worker *worker; /* reasons are rendered in its memory */
    const heng_snapshot *snapshot;
    const heng_decision *decision;
    bool has_known_at; /* false: the store was empty */
    int64_t known_at;  /* milliseconds since 1970, UTC */
    bool supposed;     /* lines were seen that no store holds */
    bool unmask;       /* identity numbers of natural persons as they are */
    bool plain_id; /* heng_identity_is_plain() of the subject's id; false: not asked */
    heng_str
        subject_key; /* stands beside a masked id in batch lines; empty: not wanted */
    const struct heng_outcome_form *form; /* lines of a batch need it */
    heng_lang lang;
    heng_arena *arena; /* for texts made on the way; reset by the caller */
} heng_render;

/** An id as it may be shown. In the arena, or `id` itself. */
heng_str heng_render_id(const heng_render *render, heng_str id);

/** A text made of data (a reason, a value, an error) with identity numbers masked. In
 * the arena, or `text` itself. */
heng_str heng_render_masked(const heng_render *render, heng_str text);

/** What heng_render_document() does where it cannot tell quickly. */
heng_str heng_render_masked_document(const heng_render *render, heng_str text);

/** The same for the id or the number of a document, which somebody may have made of an
 * identity number: only where check character and day of birth fit. */
static inline heng_str heng_render_document(const heng_render *render, heng_str text) {
    return render->unmask || !heng_identity_may_be_within(text)
               ? text
               : heng_render_masked_document(render, text);
}

/** The key that goes beside the subject's id: empty where that is not masked. */
heng_str heng_render_subject_key(const heng_render *render);

/** `2026-05-01`, in the arena; "" for HENG_DATE_NONE. */
heng_str heng_render_date(const heng_render *render, heng_date date);

/** `2026-05-01T03:00:00Z`, milliseconds only where there are some. In the arena. */
heng_str heng_render_time(heng_arena *arena, int64_t ms);

/** The name of the subject. */
heng_str heng_render_subject_name(const heng_render *render);

const heng_word *heng_render_subject_kind(const heng_render *render);

/** A word of a vocabulary in the language of the answer. Static. */
heng_str heng_render_word(const heng_render *render, heng_vocabulary vocabulary,
                          int value);

/** The title of a role, or the word itself where it has none. */
heng_str heng_render_role(const heng_render *render, heng_str role);

/** The day after; HENG_DATE_NONE where there is none. */
heng_date heng_render_day_after(heng_date date);

#endif

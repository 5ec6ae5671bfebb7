/* SPDX-License-Identifier: Apache-2.0 */
/* render_law.h: for people: articles, records, how a measure ends, and how it is
 * repaired or contested. */
#ifndef HENG_REPORT_RENDER_LAW_H
#define HENG_REPORT_RENDER_LAW_H

#include "report/layout.h"
#include "report/render.h"
#include "report/wording.h"

enum { HENG_RENDER_LAW_LABEL_CELLS = 11 };

/** A phrase of wording.h in the language of the answer. */
heng_str heng_render_law_say(const heng_render *render, heng_say say,
                             const heng_str *texts, size_t count);

/** The same with the texts as arguments. */
#define HENG_RENDER_LAW_SAY(render, say, ...)                                          \
    heng_render_law_say((render), (say), (const heng_str[]){__VA_ARGS__},              \
                        sizeof((const heng_str[]){__VA_ARGS__}) / sizeof(heng_str))

/** A phrase that has no places to fill. */
static inline heng_str heng_render_law_phrase(const heng_render *render, heng_say say) {
    return heng_wording_get(render->lang, say);
}

/** A field of an answer's section, three cells in. */
void heng_render_law_field(const heng_render *render, heng_layout *layout,
                           heng_say label, heng_str text);

/** `Title (id)`. */
heng_str heng_render_law_titled(const heng_render *render, const heng_text *title,
                                heng_str id);

/** A field for each article, with its quote, and its note below. */
void heng_render_law_bases(const heng_render *render, heng_layout *layout,
                           const heng_basis *bases, size_t count);

/** A field for each ground of a finding, with its reason below. */
void heng_render_law_grounds(const heng_render *render, heng_layout *layout,
                             const heng_finding *finding);

/** What lifts a measure: by itself, by repair. */
void heng_render_law_lifts(const heng_render *render, heng_layout *layout,
                           const heng_applied *applied);

/** How a measure is contested. */
void heng_render_law_remedies(const heng_render *render, heng_layout *layout,
                              const heng_measure *measure);

/** A count, as text in the arena. */
heng_str heng_render_law_count(const heng_render *render, size_t count);

/** Who the answer is about: name and id. */
heng_str heng_render_law_who(const heng_render *render);

/** Why a finding's measures do not apply; by_measure as in heng_not_applied. */
heng_str heng_render_law_why_not(const heng_render *render, heng_state state,
                                 const heng_finding *finding, uint32_t by_measure);

/** The text of a state, a lapse or an open end, in the language of the answer. */
heng_str heng_render_law_state(const heng_render *render, heng_state state);

#endif

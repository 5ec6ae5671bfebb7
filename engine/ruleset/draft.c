/* SPDX-License-Identifier: Apache-2.0 */
/* draft.c: the list of names that are to be resolved. */
#include "ruleset/draft.h"

#include "base/alloc.h"

void heng_draft_refer(heng_draft *draft, heng_ref_kind kind, const heng_yaml_node *name,
                      uint32_t *slot) {
    if (draft->ref_count == draft->ref_room) {
        size_t room = draft->ref_room == 0 ? 256 : draft->ref_room * 2;
        heng_draft_ref *refs = heng_alloc_resize(draft->refs, room, sizeof *refs);
        if (refs == NULL) {
            draft->reader.nomem = true;
            return;
        }
        draft->refs = refs;
        draft->ref_room = room;
    }
    draft->refs[draft->ref_count++] = (heng_draft_ref){kind, name, slot};
}

void heng_draft_done(heng_draft *draft) {
    heng_alloc_free(draft->refs);
    draft->refs = NULL;
    draft->ref_count = 0;
    draft->ref_room = 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: the words of the formats for what a decision says. */
#include "heng/decide.h"

#define WORD(constant, word, zh, en)                                                   \
    case constant:                                                                     \
        return word;

const char *heng_verdict_word(heng_verdict verdict) {
    switch (verdict) { HENG_VERDICT_MAP(WORD) }
    return "";
}

const char *heng_state_word(heng_state state) {
    switch (state) { HENG_STATE_MAP(WORD) }
    return "";
}

const char *heng_open_word(heng_open open) {
    switch (open) { HENG_OPEN_MAP(WORD) }
    return "";
}

const char *heng_lapse_word(heng_lapse lapse) {
    switch (lapse) { HENG_LAPSE_MAP(WORD) }
    return "";
}

/* SPDX-License-Identifier: Apache-2.0 */
/* stranger.h: what is said where nothing is known of a subject. */
#ifndef HENG_CLI_STRANGER_H
#define HENG_CLI_STRANGER_H

#include "cli/session.h"

/** Says that nothing is known of `id`, what may be wrong with it, and which ids of
 * bodies are near it. Returns HENG_EXIT_UNKNOWN. */
int heng_stranger_tell(heng_session *session, heng_str id);

/** Says that there are records of `id`, but no line of its own, without which no rule
 * can be said to apply. Returns HENG_EXIT_UNKNOWN. */
int heng_stranger_tell_nameless(heng_session *session, heng_str id);

#endif

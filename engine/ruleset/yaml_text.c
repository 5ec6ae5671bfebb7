/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_text.c: control characters, and line ends that only some readers of YAML know.
 */
#include "ruleset/yaml_text.h"

#include "base/utf8.h"
#include "ruleset/ruleset_codes.h"

/* Line separators other than LF and CR break lines in YAML 1.1 but not in 1.2: what a
 * file with one says depends on who reads it. */
static const char *why_refused(uint32_t code) {
    if (code == 0x85 || code == 0x2028 || code == 0x2029)
        return "a line separator that only some YAML readers know; end lines with LF";
    if ((code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0x7F ||
        (code >= 0x80 && code < 0xA0) || code == 0xFFFE || code == 0xFFFF)
        return "a control character; remove it, or write `\\x..` inside double quotes";
    if (code == 0xFEFF)
        return "a byte order mark inside the text; remove it";
    return NULL;
}

bool heng_yaml_text_check(const heng_source *source, size_t from, heng_diags *diags) {
    heng_str text = heng_source_text(source);
    size_t at = from;
    while (at < text.len) {
        unsigned char byte = (unsigned char)text.ptr[at];
        if (byte >= 0x20 && byte < 0x7F) {
            at++;
            continue;
        }
        uint32_t code = 0;
        size_t step = heng_utf8_decode(text.ptr + at, text.len - at, &code);
        const char *why = why_refused(code); /* sources are UTF-8: there is a code */
        if (step == 0 || why != NULL) {
            heng_diags_error(diags, HENG_RULESET_E_CHARACTER,
                             (heng_span){source, at, step},
                             "found character U+%04X, %s", (unsigned)code,
                             why == NULL ? "which is not UTF-8" : why);
            return false;
        }
        at += step;
    }
    return true;
}

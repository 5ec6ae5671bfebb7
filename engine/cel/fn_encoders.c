/* SPDX-License-Identifier: Apache-2.0 */
/* fn_encoders.c: the `encoders` extension: base64. */
#include "cel/fn.h"

static const char LETTERS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static heng_cel_value out_of_memory(heng_cel_call *call) {
    return heng_cel_value_error(call->arena, HENG_CEL_ERR_MEMORY, "out of memory");
}

static heng_cel_value encode(heng_cel_call *call, const heng_cel_value *args,
                             size_t count) {
    const unsigned char *in = (const unsigned char *)args[0].as.bytes;
    size_t in_len = args[0].len;
    size_t len = 0;
    (void)count;
    if (in_len > UINT32_MAX / 2)
        return out_of_memory(call);
    char *out = heng_arena_alloc(call->arena, (in_len + 2) / 3 * 4 + 1);
    if (out == NULL)
        return out_of_memory(call);
    for (size_t at = 0; at < in_len; at += 3) {
        size_t have = in_len - at < 3 ? in_len - at : 3;
        uint32_t bits = (uint32_t)in[at] << 16;
        bits |= have > 1 ? (uint32_t)in[at + 1] << 8 : 0;
        bits |= have > 2 ? in[at + 2] : 0;
        for (size_t i = 0; i < 4; i++) {
            out[len++] = i <= have ? LETTERS[bits >> (18 - 6 * i) & 63] : '=';
        }
    }
    return heng_cel_value_string((heng_str){out, len});
}

/* The six bits a letter stands for, or 64. */
static uint32_t bits_of(char letter) {
    if (letter >= 'A' && letter <= 'Z')
        return (uint32_t)(letter - 'A');
    if (letter >= 'a' && letter <= 'z')
        return (uint32_t)(letter - 'a') + 26;
    if (letter >= '0' && letter <= '9')
        return (uint32_t)(letter - '0') + 52;
    return letter == '+' ? 62 : letter == '/' ? 63 : 64;
}

/* With or without padding. */
static heng_cel_value decode(heng_cel_call *call, const heng_cel_value *args,
                             size_t count) {
    heng_str text = heng_cel_value_str(args[0]);
    size_t padding = 0;
    size_t len = 0;
    uint32_t bits = 0;
    (void)count;
    while (padding < 2 && text.len > 0 && text.ptr[text.len - 1] == '=') {
        text.len--;
        padding++;
    }
    char *out = heng_arena_alloc(call->arena, text.len / 4 * 3 + 3);
    if (out == NULL)
        return out_of_memory(call);
    bool good = text.len % 4 != 1 && (padding == 0 || (text.len + padding) % 4 == 0);
    for (size_t i = 0; good && i < text.len; i++) {
        uint32_t six = bits_of(text.ptr[i]);
        good = six < 64;
        bits = bits << 6 | six;
        if (i % 4 == 3) {
            out[len++] = (char)(bits >> 16 & 255);
            out[len++] = (char)(bits >> 8 & 255);
            out[len++] = (char)(bits & 255);
            bits = 0;
        }
    }
    if (!good)
        return heng_cel_value_error(call->arena, HENG_CEL_ERR_ARGUMENT,
                                    "the text is not base64");
    if (text.len % 4 == 2) {
        out[len++] = (char)(bits >> 4 & 255);
    } else if (text.len % 4 == 3) {
        out[len++] = (char)(bits >> 10 & 255);
        out[len++] = (char)(bits >> 2 & 255);
    }
    return heng_cel_value_bytes((heng_str){out, len});
}

static const heng_cel_overload ROWS[] = {
    HENG_FN_ROW("base64_decode_string", "base64.decode", "(string) -> bytes", decode,
                SUM, 1, FIRST, "The bytes that base64 stands for, padded or not.",
                "base64.decode('aGVuZw==') == b'heng'"),
    HENG_FN_ROW("base64_encode_bytes", "base64.encode", "(bytes) -> string", encode,
                SUM, 1, PRODUCT, "The bytes in base64, padded.",
                "base64.encode(b'heng') == 'aGVuZw=='"),
};

HENG_FN_TABLE(encoders);

/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h: the entry point that each fuzzer defines, by the name that libFuzzer calls.
 */
#ifndef HENG_TESTS_FUZZ_H
#define HENG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** Must survive any input. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif

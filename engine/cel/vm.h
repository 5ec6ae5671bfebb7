/* SPDX-License-Identifier: Apache-2.0 */
/* vm.h: the machine that runs compiled expressions. */
#ifndef HENG_CEL_VM_H
#define HENG_CEL_VM_H

#include "cel/code.h"

/** See heng_cel_run(), which calls it. */
heng_cel_value heng_cel_vm_run(const heng_cel_program *program, heng_cel_frame *frame,
                               const heng_cel_value *variables);

#endif

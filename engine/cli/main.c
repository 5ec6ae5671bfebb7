/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: heng, the program. */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"

int main(int argc, char **argv) {
    heng_cli cli;
    int status = HENG_EXIT_FAILED;
    heng_output_prepare();
    if (heng_options_parse(argc, argv, &cli, &status))
        status = cli.command->run(&cli);
    heng_options_done(&cli);
    return status;
}

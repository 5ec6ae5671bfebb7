/* SPDX-License-Identifier: Apache-2.0 */
/* command.c: the table of commands, and the options that they share. */
#include "cli/command.h"

#include <string.h>

#define ROW(name) &heng_cmd_##name##_record,
const heng_command *const heng_command_table[] = {
    HENG_COMMAND_MAP(ROW) NULL,
};
#undef ROW

const heng_command_global heng_command_globals[] = {
    {{"db", '\0', "DIR", NULL, false, "存储所在目录；默认 HENG_DB，否则 ./heng.db",
      "folder of the store; default HENG_DB, else ./heng.db"},
     HENG_GLOBAL_DB},
    {{"rules", '\0', "DIR", NULL, false,
      "规则集目录或文件；默认 HENG_RULES，否则 ./rules，否则随程序安装的规则",
      "folder or file of the ruleset; default HENG_RULES, else ./rules, else what was "
      "installed"},
     HENG_GLOBAL_RULES},
    {{"format", '\0', "FORMAT", NULL, false, "输出格式", "how the result is written"},
     HENG_GLOBAL_FORMAT},
    {{"as-of", '\0', "DATE", NULL, false, "基准日，如 2026-05-01；默认今天",
      "the day the answer is about, such as 2026-05-01; default today"},
     HENG_GLOBAL_AS_OF},
    {{"known-at", '\0', "TIME", NULL, false,
      "知悉时点：日期（当日终了）或 2026-05-01T11:00:00+08:00；默认最新",
      "what was known then: a date (its end) or 2026-05-01T11:00:00+08:00; default "
      "now"},
     HENG_GLOBAL_KNOWN_AT},
    {{"lang", '\0', "LANG", "zh|en", false, "文字的语言", "language of texts"},
     HENG_GLOBAL_ALWAYS},
    {{"color", '\0', "WHEN", "auto|always|never", false, "是否使用颜色",
      "whether to use colour"},
     HENG_GLOBAL_ALWAYS},
    {{"quiet", 'q', NULL, NULL, false, "不输出提示和进度", "no notes and no progress"},
     HENG_GLOBAL_ALWAYS},
    {{"help", 'h', NULL, NULL, false, "显示帮助", "show this help"},
     HENG_GLOBAL_ALWAYS},
    {{"version", '\0', NULL, NULL, false, "显示版本", "show the version"},
     HENG_GLOBAL_ALWAYS},
};
const size_t heng_command_global_count =
    sizeof heng_command_globals / sizeof heng_command_globals[0];

const heng_command *heng_command_find(const char *name) {
    for (size_t i = 0; heng_command_table[i] != NULL; i++) {
        if (strcmp(heng_command_table[i]->name, name) == 0)
            return heng_command_table[i];
    }
    return NULL;
}

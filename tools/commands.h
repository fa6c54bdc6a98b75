/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each command is defined at the foot of tools/cmd-NAME.c and listed in xl-passthrough.c. */
#ifndef XLPT_COMMANDS_H
#define XLPT_COMMANDS_H

#include "command.h"

extern const struct command cmd_check;
extern const struct command cmd_create;
extern const struct command cmd_devices;
extern const struct command cmd_list;
extern const struct command cmd_merge;
extern const struct command cmd_partition;
extern const struct command cmd_plan;
extern const struct command cmd_uboot;

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "planning.h"
#include "print.h"

static int script(const struct planning *planning)
{
	int status = planning_status(planning), rc;
	char *text;

	print_diags(planning->host.file, planning->diags);
	if (planning_write_marked(planning))
		return EXIT_NO_ANSWER;
	if (status != EXIT_USABLE)
		return status;
	rc = xlpt_emit_uboot(planning->plan, &text);
	if (rc) {
		print_error("cannot write the script: %s", strerror(-rc));
		return EXIT_NO_ANSWER;
	}
	put_output(text, strlen(text));
	free(text);
	return status;
}

static int uboot(const struct command *self, int argc, char **argv)
{
	struct planning planning;
	int status = EXIT_NO_ANSWER;

	if (planning_begin(&planning, argc))
		return status;
	if (!command_options(self, argc, argv, planning_option, &planning, &status) &&
	    !planning_make(&planning, self))
		status = script(&planning);
	planning_done(&planning);
	return status;
}

static const struct option_row *const tables[] = {
	planning_tree_options, settings_host_options, settings_guest_options,
	settings_decision_options, planning_device_options, NULL,
};

const struct command cmd_uboot = {
	.name = "uboot", .run = uboot, .options = tables,
	.usage = "[OPTIONS] [-t HOST.dtb] DEVICE...",
	.summary = "Write the boot script that marks devices xen,passthrough",
	.help = "Wrap what it prints by: mkimage -A arm64 -T script -d boot.cmd boot.scr\n",
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "artefacts.h"
#include "commands.h"
#include "planning.h"
#include "print.h"

/* --format, in the order of its row's values: an artefact, or the report. */
#define REPORT (-1)
static const int formats[] = { REPORT, PASSTHROUGH_CFG, GUEST_DTS, GUEST_DTB, PLAN_JSON };

struct plan_args {
	struct planning planning;
	const char *folder;
	int format;
};

/* stdout: the report, or exactly the format asked for. */
static int print_plan(const struct planning *planning, int format)
{
	struct bytes bytes = { 0 };
	int rc;

	if (format == REPORT) {
		rc = xlpt_emit_report(planning->plan, &bytes.data);
		if (rc) {
			print_error("cannot make the report: %s", strerror(-rc));
			return rc;
		}
		bytes.size = strlen(bytes.data);
	} else {
		print_diags(planning->host.file, planning->diags);
		if (format != PLAN_JSON && !xlpt_plan_ok(planning->plan))
			return 0;
		rc = artefact_make(planning->plan, (enum artefact)format, NULL, &bytes);
		if (rc)
			return rc;
	}
	put_output(bytes.data, bytes.size);
	free(bytes.data);
	return 0;
}

static int option(const struct command *self, void *opaque, int id, const char *arg)
{
	struct plan_args *args = opaque;
	int value;

	switch (id) {
	case 'o':
		args->folder = arg;
		return 0;
	case 'f':
		value = option_value(self, id, arg);
		if (value < 0)
			return -EINVAL;
		args->format = formats[value];
		return 0;
	default:
		return planning_option(self, &args->planning, id, arg);
	}
}

static int plan(const struct command *self, int argc, char **argv)
{
	struct plan_args args = { .format = REPORT };
	struct planning *planning = &args.planning;
	int status = EXIT_NO_ANSWER;

	if (planning_begin(planning, argc))
		return status;
	if (command_options(self, argc, argv, option, &args, &status))
		goto out;
	if (args.format == GUEST_DTB && isatty(STDOUT_FILENO)) {
		usage_error(self, "a dtb is not for a terminal: redirect it, or use -o DIR");
		goto out;
	}
	if (planning_make(planning, self))
		goto out;
	if (print_plan(planning, args.format) ||
	    (args.folder &&
	     artefacts_write(planning->plan, args.folder, xlpt_plan_ok(planning->plan), true)) ||
	    planning_write_marked(planning))
		goto out;
	status = planning_status(planning);
out:
	planning_done(planning);
	return status;
}

static const struct option_row plan_options[] = {
	{ .id = 'f', .name = "format", .arg = "FORMAT", .help = "report (default), cfg, dts, dtb or json",
	  .values = "report cfg dts dtb json" },
	{ .id = 'o', .name = "output", .arg = "DIR",
	  .help = "write passthrough.cfg guest.dts guest.dtb boot.cmd plan.json" },
	{ 0 },
};

static const struct option_row *const tables[] = {
	planning_tree_options, plan_options, settings_host_options, settings_guest_options,
	settings_decision_options, planning_device_options, NULL,
};

const struct command cmd_plan = {
	.name = "plan", .run = plan, .options = tables,
	.usage = "[OPTIONS] [-t HOST.dtb] DEVICE...",
	.summary = "Place devices in a guest, and write everything Xen needs for it",
	.help = "DEVICE is a path, alias, &label or platform name, with options such as ,gfn=0x4100\n"
		"and ,allow=ID, or a pattern; see xl-passthrough(1).\n",
};

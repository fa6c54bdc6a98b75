/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "artefacts.h"
#include "commands.h"
#include "planning.h"
#include "print.h"

static const struct format {
	const char *name;
	int which;
} formats[] = {
	{ "report", -1 },
	{ "cfg", PASSTHROUGH_CFG },
	{ "dts", GUEST_DTS },
	{ "dtb", GUEST_DTB },
	{ "json", PLAN_JSON },
	{ NULL, 0 },
};

/* stdout: the report, or exactly the format asked for. */
static int print_plan(const struct planning *planning, const struct format *format)
{
	struct bytes bytes = { 0 };
	int rc;

	if (format->which < 0) {
		rc = xlpt_emit_report(planning->plan, &bytes.data);
		if (rc) {
			print_error("cannot make the report: %s", strerror(-rc));
			return rc;
		}
		bytes.size = strlen(bytes.data);
	} else {
		print_diags(planning->host.file, planning->diags);
		if (format->which != PLAN_JSON && !xlpt_plan_ok(planning->plan))
			return 0;
		rc = artefact_make(planning->plan, format->which, NULL, &bytes);
		if (rc)
			return rc;
	}
	put_output(bytes.data, bytes.size);
	free(bytes.data);
	return 0;
}

static const struct format *find_format(const struct command *self, const char *name)
{
	const struct format *format;

	for (format = formats; format->name; format++)
		if (!strcmp(format->name, name))
			return format;
	usage_error(self, "--format takes report, cfg, dts, dtb or json, not '%s'", name);
	return NULL;
}

static int plan(const struct command *self, int argc, char **argv)
{
	const struct format *format = &formats[0];
	const char *arg, *folder = NULL;
	struct command_parse parse;
	struct planning planning;
	int status = EXIT_NO_ANSWER, id;

	if (planning_begin(&planning, argc))
		return status;
	if (command_begin(&parse, self, argc, argv))
		goto out;
	while ((id = command_next(&parse, &arg)) != OPTION_END) {
		if (id == OPTION_HELP)
			status = EXIT_USABLE;
		if (id == OPTION_HELP || id == OPTION_USAGE)
			goto out;
		if (id == 'o') {
			folder = arg;
		} else if (id == 'f') {
			format = find_format(self, arg);
			if (!format)
				goto out;
		} else if (planning_option(&planning, self, id, arg)) {
			goto out;
		}
	}
	if (format->which == GUEST_DTB && isatty(STDOUT_FILENO)) {
		usage_error(self, "a dtb is not for a terminal: redirect it, or use -o DIR");
		goto out;
	}
	if (planning_make(&planning, self))
		goto out;
	if (print_plan(&planning, format) ||
	    (folder && artefacts_write(planning.plan, folder, xlpt_plan_ok(planning.plan), true)) ||
	    planning_write_marked(&planning))
		goto out;
	status = planning_status(&planning);
out:
	command_done(&parse);
	planning_done(&planning);
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

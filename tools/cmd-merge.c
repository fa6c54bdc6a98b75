/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "file.h"
#include "interrupt.h"
#include "merging.h"
#include "merge-show.h"
#include "print.h"

enum {
	OPTION_BASE = OPTION_LONG + 300,
	OPTION_CMDLINE,
	OPTION_RAMDISK,
	OPTION_TEE,
	OPTION_CLOCK,
};

static const struct format {
	const char *name;
	int (*show)(const struct merge_view *view, char **text_r);	/* NULL: the blob */
} formats[] = {
	{ "report", merge_show_dts },
	{ "dts", merge_show_dts },
	{ "dtb", NULL },
	{ "svg", merge_show_svg },
	{ "json", merge_show_json },
	{ NULL, NULL },
};

static const struct format *find_format(const struct command *self, const char *name)
{
	const struct format *format;

	for (format = formats; format->name; format++)
		if (!strcmp(format->name, name))
			return format;
	usage_error(self, "--format takes dts, dtb, svg or json, not '%s'", name);
	return NULL;
}

static int print_tree(const struct merging *merging, const struct format *format)
{
	const struct judge_input in = {
		.merged = merging->merged, .size = merging->merged_size,
		.settings = &merging->settings.guest,
		.lists = merging->has_lists ? &merging->lists : NULL,
		.host = merging->planning.host.tree,
	};
	const struct merge_view view = {
		.in = &in, .settings = merging->base ? NULL : &merging->settings,
		.partial = merging->partial_name, .diags = merging->planning.diags,
	};
	char *text;
	int rc;

	if (!format->show)
		return put_output(merging->merged, merging->merged_size);
	rc = format->show(&view, &text);
	if (rc) {
		print_error("cannot show the tree: %s", strerror(-rc));
		return rc;
	}
	put_output(text, strlen(text));
	if (format->show == merge_show_json)
		put_output("\n", 1);
	free(text);
	return 0;
}

static int clock_frequency(const struct command *self, struct merging *merging, const char *arg)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(arg, &end, 10);
	if (arg[0] < '0' || arg[0] > '9' || *end || errno || value > UINT32_MAX) {
		usage_error(self, "--clock-frequency takes a number of Hz, not '%s'", arg);
		return -EINVAL;
	}
	merging->settings.clock_frequency = (uint32_t)value;
	return 0;
}

static int option(const struct command *self, struct merging *merging, int id, const char *arg)
{
	switch (id) {
	case OPTION_ARGUMENT:
		if (merging->partial_name) {
			usage_error(self, "takes one partial tree, not also '%s'", arg);
			return -EINVAL;
		}
		merging->partial_name = arg;
		return 0;
	case OPTION_BASE:
		merging->base_name = arg;
		return 0;
	case OPTION_CMDLINE:
		merging->settings.cmdline = arg;
		return 0;
	case OPTION_RAMDISK:
		merging->ramdisk = arg;
		return 0;
	case OPTION_CLOCK:
		return clock_frequency(self, merging, arg);
	case OPTION_TEE:
		merging->settings.optee = !strcmp(arg, "optee");
		if (merging->settings.optee || !strcmp(arg, "none"))
			return 0;
		usage_error(self, "--tee takes optee or none, not '%s'", arg);
		return -EINVAL;
	default:
		return planning_option(&merging->planning, self, id, arg);
	}
}

static int merge(const struct command *self, int argc, char **argv)
{
	const struct format *format = &formats[0];
	struct command_parse parse;
	struct merging merging;
	int status = EXIT_NO_ANSWER, id, rc;
	const char *arg;

	if (merging_begin(&merging, argc))
		return status;
	if (command_begin(&parse, self, argc, argv))
		goto out;
	while ((id = command_next(&parse, &arg)) != OPTION_END) {
		if (id == OPTION_HELP)
			status = EXIT_USABLE;
		if (id == OPTION_HELP || id == OPTION_USAGE)
			goto out;
		if (id == 'f') {
			format = find_format(self, arg);
			if (!format)
				goto out;
		} else if (option(self, &merging, id, arg)) {
			goto out;
		}
	}
	if (!format->show && isatty(STDOUT_FILENO)) {
		usage_error(self, "a dtb is not for a terminal: redirect it");
		goto out;
	}
	rc = merging_make(&merging, self);
	if (rc < 0)
		goto out;
	print_diags(merging_file(&merging), merging.planning.diags);
	if (merging.merged && print_tree(&merging, format))
		goto out;
	status = xlpt_diags_count(merging.planning.diags, XLPT_ERROR) ? EXIT_FINDINGS : EXIT_USABLE;
out:
	command_done(&parse);
	merging_done(&merging);
	return status;
}

static const struct option_row merge_options[] = {
	{ .id = 't', .name = "tree", .arg = "HOST.dtb", .help = "the host's device tree, to compare with" },
	{ .id = 'f', .name = "format", .arg = "FORMAT", .help = "dts (default), dtb, svg or json",
	  .values = "dts dtb svg json" },
	{ .id = OPTION_BASE, .name = "base", .arg = "DUMP.dtb",
	  .help = "libxl's own tree (LIBXL_DEBUG_DUMP_DTB) instead of ours" },
	{ .id = OPTION_CMDLINE, .name = "kernel-cmdline", .arg = "TEXT",
	  .help = "the guest kernel's command line" },
	{ .id = OPTION_RAMDISK, .name = "ramdisk", .arg = "FILE", .help = "the guest's ramdisk" },
	{ .id = OPTION_TEE, .name = "tee", .arg = "optee|none", .help = "the guest has tee=\"optee\"",
	  .values = "optee none" },
	{ .id = OPTION_CLOCK, .name = "clock-frequency", .arg = "HZ",
	  .help = "of the timer, where Xen's host tree sets it" },
	{ 0 },
};

static const struct option_row *const tables[] = {
	merge_options, settings_host_options, settings_guest_options, settings_decision_options, NULL,
};

const struct command cmd_merge = {
	.name = "merge", .run = merge, .options = tables,
	.usage = "[OPTIONS] [PARTIAL.dtb] [-c GUEST.cfg]",
	.summary = "Show the device tree a guest will get, and judge it",
	.help = "The tree is what libxl makes of the settings and the partial tree. Releases other than\n"
		"4.17 and 4.20 are unproven: their libxl was read, its trees were not compared.\n",
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "file.h"
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

/* --format, in the order of its row's values; NULL: the blob. */
typedef int (*show_fn)(const struct merge_view *view, char **text_r);
static const show_fn formats[] = {
	merge_show_dts, merge_show_dts, NULL, merge_show_svg, merge_show_json,
};

struct merge_args {
	struct merging merging;
	show_fn show;
};

static int print_tree(const struct merging *merging, show_fn show)
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

	if (!show)
		return put_output(merging->merged, merging->merged_size);
	rc = show(&view, &text);
	if (rc) {
		print_error("cannot show the tree: %s", strerror(-rc));
		return rc;
	}
	put_output(text, strlen(text));
	if (show == merge_show_json)
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

static int option(const struct command *self, void *opaque, int id, const char *arg)
{
	struct merge_args *args = opaque;
	struct merging *merging = &args->merging;
	int value;

	switch (id) {
	case 'f':
		value = option_value(self, id, arg);
		if (value < 0)
			return -EINVAL;
		args->show = formats[value];
		return 0;
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
		value = option_value(self, id, arg);
		merging->settings.optee = value == 0;
		return value < 0 ? -EINVAL : 0;
	default:
		return planning_option(self, &merging->planning, id, arg);
	}
}

static int merge(const struct command *self, int argc, char **argv)
{
	struct merge_args args = { .show = formats[0] };
	struct merging *merging = &args.merging;
	int status = EXIT_NO_ANSWER, rc;

	if (merging_begin(merging, argc))
		return status;
	if (command_options(self, argc, argv, option, &args, &status))
		goto out;
	if (!args.show && isatty(STDOUT_FILENO)) {
		usage_error(self, "a dtb is not for a terminal: redirect it");
		goto out;
	}
	rc = merging_make(merging, self);
	if (rc < 0)
		goto out;
	print_diags(merging_file(merging), merging->planning.diags);
	if (merging->merged && print_tree(merging, args.show))
		goto out;
	status = xlpt_diags_count(merging->planning.diags, XLPT_ERROR) ? EXIT_FINDINGS : EXIT_USABLE;
out:
	merging_done(merging);
	return status;
}

static const struct option_row merge_options[] = {
	{ .id = 't', .name = "tree", .arg = "HOST.dtb", .help = "the host's device tree, to compare with" },
	{ .id = 'f', .name = "format", .arg = "FORMAT", .help = "report or dts (default), dtb, svg or json",
	  .values = "report dts dtb svg json" },
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

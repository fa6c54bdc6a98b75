/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "host-tree.h"
#include "print.h"
#include "settings.h"

static const struct option_row devices_options[] = {
	{ .id = 't', .name = "tree", .arg = "HOST.dtb", .help = "a host tree, as FILE is" },
	{ .id = 'f', .name = "format", .arg = "table|json", .help = "table (default), or JSON, a line per FILE",
	  .values = "table json" },
	{ 0 },
};

/* One file, printed as it is done. */
static int devices_of(const char *named, const struct settings_args *args, bool json, bool first)
{
	struct xlpt_settings settings = args->settings;
	struct xlpt_diags *diags = NULL;
	struct host_tree host = { 0 };
	char *text = NULL;
	int rc;

	rc = xlpt_diags_new(&diags);
	if (rc) {
		print_error("%s", strerror(-rc));
		goto out;
	}
	rc = host_tree_open(&host, named, diags);
	if (rc)
		goto out;
	settings.dom0_view = host.dom0_view;
	rc = json ? xlpt_devices_json(host.tree, &settings, host.file, &text) :
		    xlpt_devices_table(host.tree, &settings, host.file, &text);
	if (rc) {
		print_failure(host.file, diags, rc);
		goto out;
	}
	print_diags(host.file, diags);
	if (!json && !first)
		put_output("\n", 1);
	if (json)
		put_line(text);
	else
		put_output(text, strlen(text));
out:
	free(text);
	host_tree_close(&host);
	xlpt_diags_free(diags);
	return rc;
}

struct devices_args {
	struct settings_args settings;
	const char **file;
	size_t n_files;
	bool json;
};

static int option(const struct command *self, void *opaque, int id, const char *arg)
{
	struct devices_args *args = opaque;
	int value;

	switch (id) {
	case 't':
	case OPTION_ARGUMENT:
		args->file[args->n_files++] = arg;
		return 0;
	case 'f':
		value = option_value(self, id, arg);
		args->json = value == 1;
		return value < 0 ? -EINVAL : 0;
	default:
		return settings_option(&args->settings, self, id, arg);
	}
}

static int devices(const struct command *self, int argc, char **argv)
{
	struct devices_args args = { .file = calloc((size_t)argc + 1, sizeof(*args.file)) };
	int status = EXIT_NO_ANSWER, rc;
	size_t i, n_printed = 0;

	if (!args.file) {
		print_error("%s", strerror(ENOMEM));
		return status;
	}
	settings_begin(&args.settings);
	if (command_options(self, argc, argv, option, &args, &status))
		goto out;
	if (!args.n_files)
		args.n_files = 1;	/* file[0] is NULL: the host's own */
	status = EXIT_USABLE;
	for (i = 0; i < args.n_files; i++) {
		rc = devices_of(args.file[i], &args.settings, args.json, !n_printed);
		if (rc)
			status = EXIT_NO_ANSWER;
		else
			n_printed++;
		if (flush_output())
			break;
	}
out:
	settings_done(&args.settings);
	free(args.file);
	return status;
}

static const struct option_row *const tables[] = {
	devices_options, settings_host_options, NULL,
};

const struct command cmd_devices = {
	.name = "devices", .run = devices, .options = tables,
	.usage = "[OPTIONS] [FILE...]",
	.summary = "Tell for every device of each host tree whether it can be passed through",
	.help = "Without FILE: /etc/xen/host.dtb, else dom0's own tree.\n",
};

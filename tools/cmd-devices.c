/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "host-tree.h"
#include "print.h"
#include "settings.h"

static const struct option_row devices_options[] = {
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

static int devices(const struct command *self, int argc, char **argv)
{
	struct command_parse parse;
	struct settings_args args;
	const char **files = calloc((size_t)argc + 1, sizeof(*files)), *arg;
	int status = EXIT_NO_ANSWER, id, rc;
	size_t n_files = 0, i, n_printed = 0;
	bool json = false;

	if (!files) {
		print_error("%s", strerror(ENOMEM));
		return EXIT_NO_ANSWER;
	}
	settings_begin(&args);
	if (command_begin(&parse, self, argc, argv))
		goto out;
	while ((id = command_next(&parse, &arg)) != OPTION_END) {
		switch (id) {
		case OPTION_HELP:
			status = EXIT_USABLE;
			goto out;
		case OPTION_USAGE:
			goto out;
		case OPTION_ARGUMENT:
			files[n_files++] = arg;
			break;
		case 'f':
			json = !strcmp(arg, "json");
			if (!json && strcmp(arg, "table")) {
				usage_error(self, "--format takes table or json, not '%s'", arg);
				goto out;
			}
			break;
		default:
			if (settings_option(&args, self, id, arg))
				goto out;
		}
	}
	if (!n_files)
		n_files = 1;	/* files[0] is NULL: the host's own */
	status = EXIT_USABLE;
	for (i = 0; i < n_files; i++) {
		rc = devices_of(files[i], &args, json, !n_printed);
		if (rc)
			status = EXIT_NO_ANSWER;
		else
			n_printed++;
		if (flush_output())
			break;
	}
out:
	command_done(&parse);
	settings_done(&args);
	free(files);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "live.h"
#include "print.h"

static int print_list(const char *domain, bool json)
{
	struct xlpt_xen *xen = NULL;
	struct xlpt_diags *diags;
	char *text;
	int rc;

	rc = xlpt_diags_new(&diags);
	if (rc) {
		print_error("%s", strerror(-rc));
		return EXIT_NO_ANSWER;
	}
	rc = xlpt_xen_open(diags, &xen);
	if (!rc)
		rc = xlpt_xen_list(xen, domain, json, diags, &text);
	if (rc == -ENOENT) {
		print_error("there is no domain '%s'", domain);
	} else if (rc) {
		live_print_failure(diags, rc);
	} else {
		if (json)
			put_line(text);
		else
			put_output(text, strlen(text));
		free(text);
	}
	xlpt_xen_close(xen);
	xlpt_diags_free(diags);
	return rc ? EXIT_NO_ANSWER : EXIT_USABLE;
}

struct list_args {
	const char *domain;
	bool json;
};

static int option(const struct command *self, void *opaque, int id, const char *arg)
{
	struct list_args *args = opaque;
	int value;

	if (id == 'f') {
		value = option_value(self, id, arg);
		args->json = value == 1;
		return value < 0 ? -EINVAL : 0;
	}
	if (args->domain) {
		usage_error(self, "one DOMAIN, not '%s' and '%s'", args->domain, arg);
		return -EINVAL;
	}
	args->domain = arg;
	return 0;
}

static int list(const struct command *self, int argc, char **argv)
{
	struct list_args args = { 0 };
	int status;

	if (command_options(self, argc, argv, option, &args, &status))
		return status;
	return print_list(args.domain, args.json);
}

static const struct option_row list_options[] = {
	{ .id = 'f', .name = "format", .arg = "FORMAT", .help = "table (default) or json",
	  .values = "table json" },
	{ 0 },
};

static const struct option_row *const tables[] = { list_options, NULL };

const struct command cmd_list = {
	.name = "list", .run = list, .options = tables,
	.usage = "[OPTIONS] [DOMAIN]",
	.summary = "Tell which guest has which devices",
	.help = "DOMAIN is a name, domid or uuid. Guests without devices are left out unless named.\n",
};

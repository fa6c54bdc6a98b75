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

static int list(const struct command *self, int argc, char **argv)
{
	const char *arg, *domain = NULL;
	struct command_parse parse;
	int status = EXIT_NO_ANSWER, id;
	bool json = false;

	if (command_begin(&parse, self, argc, argv))
		return status;
	while ((id = command_next(&parse, &arg)) != OPTION_END) {
		if (id == OPTION_HELP)
			status = EXIT_USABLE;
		if (id == OPTION_HELP || id == OPTION_USAGE)
			goto out;
		if (id == 'f') {
			json = !strcmp(arg, "json");
			if (json || !strcmp(arg, "table"))
				continue;
			usage_error(self, "--format takes table or json, not '%s'", arg);
			goto out;
		}
		if (domain) {
			usage_error(self, "one DOMAIN, not '%s' and '%s'", domain, arg);
			goto out;
		}
		domain = arg;
	}
	status = print_list(domain, json);
out:
	command_done(&parse);
	return status;
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

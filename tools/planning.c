/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "planning.h"
#include "print.h"

enum {
	OPTION_DTB = OPTION_LONG + 200,
	OPTION_BELOW,
	OPTION_ALL,
	OPTION_COMPATIBLE,
	OPTION_EXCEPT,
};

const struct option_row planning_tree_options[] = {
	{ .id = 't', .name = "tree", .arg = "HOST.dtb", .help = "the host's device tree" },
	{ .id = OPTION_DTB, .name = "dtb", .arg = "OUT.dtb",
	  .help = "also write the host tree with the devices marked" },
	{ 0 },
};

const struct option_row planning_device_options[] = {
	{ .id = OPTION_BELOW, .name = "below", .arg = "PATH", .help = "select every device below PATH" },
	{ .id = OPTION_ALL, .name = "all", .help = "select every device" },
	{ .id = OPTION_COMPATIBLE, .name = "compatible", .arg = "STRING",
	  .help = "select the devices with this compatible string" },
	{ .id = OPTION_EXCEPT, .name = "except", .arg = "SELECTION",
	  .help = "leave out what SELECTION selects" },
	{ 0 },
};

int planning_begin(struct planning *planning, int argc)
{
	*planning = (struct planning){ 0 };
	settings_begin(&planning->args);
	/* no option or argument selects twice */
	planning->selections = calloc((size_t)argc + 1, sizeof(*planning->selections));
	if (planning->selections)
		return 0;
	print_error("%s", strerror(ENOMEM));
	return -ENOMEM;
}

void planning_done(struct planning *planning)
{
	size_t i;

	xlpt_plan_free(planning->plan);
	xlpt_diags_free(planning->diags);
	host_tree_close(&planning->host);
	for (i = 0; i < planning->n_selections; i++)
		free(planning->selections[i]);
	free(planning->selections);
	settings_done(&planning->args);
}

static int select_devices(struct planning *planning, const char *prefix, const char *arg)
{
	char *selection;

	if (asprintf(&selection, "%s%s", prefix, arg) < 0) {
		print_error("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	planning->selections[planning->n_selections++] = selection;
	return 0;
}

int planning_option(const struct command *command, void *opaque, int id, const char *arg)
{
	struct planning *planning = opaque;

	switch (id) {
	case 't':
		planning->named_tree = arg;
		return 0;
	case OPTION_DTB:
		planning->marked_tree = arg;
		return 0;
	case OPTION_BELOW:
		return select_devices(planning, "below:", arg);
	case OPTION_ALL:
		return select_devices(planning, "all", "");
	case OPTION_COMPATIBLE:
		return select_devices(planning, "compatible:", arg);
	case OPTION_EXCEPT:
		return select_devices(planning, "-", arg);
	case OPTION_ARGUMENT:
		return select_devices(planning, "", arg);
	default:
		return settings_option(&planning->args, command, id, arg);
	}
}

/* Where the command line names no device and no tree, the configuration of -c does. */
static int take_config(struct planning *planning)
{
	const struct guest_config *config = &planning->args.config;
	char **more;
	size_t i;
	int rc = 0;

	if (!planning->named_tree)
		planning->named_tree = config->dt_host;
	if (planning->n_selections || !config->n_dt_passthrough)
		return 0;
	more = realloc(planning->selections, config->n_dt_passthrough * sizeof(*more));
	if (!more) {
		print_error("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	planning->selections = more;
	for (i = 0; i < config->n_dt_passthrough && !rc; i++)
		rc = select_devices(planning, "", config->dt_passthrough[i]);
	return rc;
}

int planning_make(struct planning *planning, const struct command *command)
{
	int rc;

	rc = take_config(planning);
	if (rc)
		return rc;
	if (!planning->n_selections && !planning->may_be_empty) {
		usage_error(command, "name a DEVICE, or select some");
		return -EINVAL;
	}
	rc = xlpt_diags_new(&planning->diags);
	if (rc) {
		print_error("%s", strerror(-rc));
		return rc;
	}
	rc = settings_apply(&planning->args, command, planning->diags);
	if (rc)
		return rc;
	if (planning->xen)
		settings_live(&planning->args, planning->xen);
	rc = host_tree_open(&planning->host, planning->named_tree, planning->diags);
	if (rc)
		return rc;
	planning->args.settings.dom0_view = planning->host.dom0_view;
	rc = xlpt_plan_make(planning->host.tree, &planning->args.settings,
			    (const char *const *)planning->selections, planning->n_selections,
			    planning->diags, &planning->plan);
	if (rc == -EINVAL && xlpt_diags_count(planning->diags, XLPT_ERROR))
		print_diags(planning->host.file, planning->diags);
	else if (rc)
		print_error("cannot plan: %s", strerror(-rc));
	return rc;
}

int planning_write_marked(const struct planning *planning)
{
	void *blob;
	size_t size;
	int rc;

	if (!planning->marked_tree)
		return 0;
	if (!xlpt_plan_ok(planning->plan)) {
		print_error("%s is not written: the plan has errors", planning->marked_tree);
		return 0;
	}
	rc = xlpt_emit_marked(planning->plan, &blob, &size);
	if (rc) {
		print_error("cannot mark %s: %s", planning->host.file, strerror(-rc));
		return rc;
	}
	rc = file_write_atomic(planning->marked_tree, blob, size);
	free(blob);
	return rc;
}

int planning_status(const struct planning *planning)
{
	return xlpt_plan_ok(planning->plan) ? EXIT_USABLE : EXIT_FINDINGS;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xl create, with the devices of dt_passthrough: planned and checked here, created in create.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "create.h"
#include "file.h"
#include "next-xl.h"
#include "partial-store.h"
#include "print.h"
#include "record.h"
#include "xl-line.h"

/* ---- the configuration ------------------------------------------------------- */

typedef int (*read_fn)(const char *path, char **data_r, size_t *size_r);

/* What xl will parse, put together the same way; malloc'd. 0, or -errno, printed unless read_it is quiet. */
static int config_text(const struct create_args *args, read_fn read_it, char **text_r, size_t *size_r)
{
	char *text = NULL;
	size_t size = 0;
	int rc = 0;

	/* xl's name for "all of it is in the arguments" */
	if (strcmp(args->file, "/dev/null"))
		rc = read_it(args->file, &text, &size);
	if (rc)
		return rc;
	*text_r = create_args_text(args, text ? text : "", size, size_r);
	free(text);
	if (*text_r)
		return 0;
	print_error("%s: %s", args->file, strerror(ENOMEM));
	return -ENOMEM;
}

/*
 * Has it our keys? A file that is missing is left to xl, which says so. One
 * that cannot be read now is not: xl may be luckier, and would not know our keys.
 */
static int is_ours(const struct create_args *args, bool *ours_r)
{
	char *text;
	size_t size;
	int rc;

	*ours_r = false;
	if (!args->file)
		return 0;
	rc = config_text(args, file_read_optional, &text, &size);
	if (rc)
		return rc == -ENOENT ? 0 : rc;
	*ours_r = guest_config_has_key(text, size, "dt_passthrough");
	free(text);
	return 0;
}

/* Anew, as what somebody else may change must not tell root what to pass. */
static int read_config(struct create *create)
{
	struct settings_args *args = &create->planning.args;
	size_t size;
	char *text;
	int rc;

	rc = config_text(&create->args, file_read_trusted, &text, &size);
	if (rc)
		return rc;
	rc = guest_config_read(&args->config, create->args.file, text, size);
	free(text);
	if (!rc)
		args->config_file = create->args.file;
	else
		print_error("%s: %s", create->args.file,
			    args->config.error ? args->config.error : strerror(-rc));
	return rc;
}

/* Sixteen random bytes as RFC 4122, 4.4 wants them. */
static int draw_uuid(char uuid[XEN_UUID_LEN + 1])
{
	unsigned char bytes[16];
	char *to = uuid;
	size_t i;

	if (getentropy(bytes, sizeof(bytes)))
		return -errno;
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (i = 0; i < sizeof(bytes); i++)
		to += sprintf(to, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
	return 0;
}

static int identify(struct create *create)
{
	const struct guest_config *config = &create->planning.args.config;
	int rc;

	if (!config->name) {
		print_error("%s: the guest has no name", create->args.file);
		return -EINVAL;
	}
	if (config->uuid) {
		if (record_uuid(config->uuid, create->uuid))
			return 0;
		print_error("%s: uuid is none: %s", create->args.file, config->uuid);
		return -EINVAL;
	}
	create->drawn = true;
	rc = draw_uuid(create->uuid);
	if (rc)
		print_error("cannot draw a uuid: %s", strerror(-rc));
	return rc;
}

/* ---- plan and check ------------------------------------------------------------ */

/* 0: look at the findings. -errno, printed. */
static int plan_and_check(struct create *create, const struct command *self)
{
	struct planning *planning = &create->planning;
	const struct guest_config *config = &planning->args.config;
	int rc;

	/* The one that host_tree_open() will take, unless that is dom0's own. */
	if (config->dt_host || !access(HOST_TREE_INSTALLED, F_OK)) {
		rc = file_trusted(config->dt_host ? config->dt_host : HOST_TREE_INSTALLED);
		if (rc)
			return rc;
	}
	rc = live_open(&create->live, planning);
	/* What would be done can be shown anywhere; the reason has been printed. */
	if (rc && (!create->args.dry_run || create->live.failed))
		return rc;
	rc = planning_make(planning, self);
	if (!rc && create->live.xen)
		rc = live_check(&create->live, planning, false);
	if (rc)
		return rc;
	rc = create_lists_make(&create->lists, config, planning->plan, &create->arena);
	if (!rc)
		rc = create_tree_make(&create->tree, planning, &create->lists);
	else
		print_error("%s", strerror(-rc));
	if (rc)
		return rc;
	rc = create_arguments_make(&create->arguments, &create->lists, config,
				   &planning->args.settings, partial_store_path(create->uuid),
				   create->drawn ? create->uuid : NULL, &create->arena);
	if (rc)
		print_error("cannot tell xl of the plan: %s", strerror(-rc));
	return rc;
}

static bool usable(const struct create *create)
{
	return xlpt_plan_ok(create->planning.plan) &&
	       !xlpt_diags_count(create->planning.diags, XLPT_ERROR);
}

/* -n */
static int show(const struct create *create)
{
	char *report, *line;
	int rc;

	rc = xlpt_emit_report(create->planning.plan, &report);
	if (rc) {
		print_error("cannot make the report: %s", strerror(-rc));
		return EXIT_NO_ANSWER;
	}
	put_output(report, strlen(report));
	free(report);
	if (!usable(create)) {
		create_tell_findings(create);
		return EXIT_FINDINGS;
	}
	line = xl_line_text(&create->args, &create->arguments);
	if (!line)
		return EXIT_NO_ANSWER;
	put_line("");
	put_line(line);
	free(line);
	return EXIT_USABLE;
}

/* Nothing of ours in it: xl's own business. */
static int plain(const struct create *create)
{
	char **line = xl_line(&create->args, NULL);

	if (!line) {
		print_error("%s", strerror(ENOMEM));
		return EXIT_NO_ANSWER;
	}
	next_xl_exec(PROGRAM, line, true);	/* which tells why it comes back */
	free(line);
	return EXIT_NO_ANSWER;
}

static int create_guest(struct create *create, const struct command *self)
{
	const struct guest_config *config = &create->planning.args.config;
	bool ours;

	if (is_ours(&create->args, &ours))
		return EXIT_NO_ANSWER;
	if (!ours)
		return plain(create);
	if (read_config(create))
		return EXIT_NO_ANSWER;
	if (!config->n_dt_passthrough && config->trip_wire) {
		print_error("%s: device_tree is \"" GUEST_CONFIG_TRIP_WIRE
			    "\", and dt_passthrough selects nothing", create->args.file);
		return EXIT_FINDINGS;
	}
	if (!config->n_dt_passthrough)
		return plain(create);
	if (identify(create) || plan_and_check(create, self))
		return EXIT_NO_ANSWER;
	if (create->args.dry_run)
		return show(create);
	if (!usable(create)) {
		create_tell_findings(create);
		return EXIT_FINDINGS;
	}
	return create_carry_out(create);
}

static int run(const struct command *self, int argc, char **argv)
{
	struct create create = { 0 };
	int status = EXIT_NO_ANSWER, rc;

	arena_init(&create.arena);
	rc = create_args_parse(&create.args, argc, argv);
	if (rc == -ENOMEM || planning_begin(&create.planning, argc)) {
		if (rc == -ENOMEM)
			print_error("%s", strerror(ENOMEM));
		create_args_free(&create.args);
		return status;
	}
	if (create.args.help) {
		command_help(self);
		status = EXIT_USABLE;
	} else if (rc) {
		status = plain(&create);	/* which prints xl's usage */
	} else {
		status = create_guest(&create, self);
	}
	create_tree_free(&create.tree);
	planning_done(&create.planning);
	live_close(&create.live);
	create_args_free(&create.args);
	arena_free(&create.arena);
	return status;
}

/* For help and completion; create-args.c reads them as xl does. */
static const struct option_row create_options[] = {
	{ .id = 'f', .name = "defconfig", .arg = "FILE", .help = "the configuration" },
	{ .id = 'n', .name = "dryrun", .help = "show the plan and the command of xl, change nothing" },
	{ .id = 'q', .name = "quiet", .help = "print errors only" },
	{ .id = OPTION_LONG, .name = "xl", .arg = "OPTION",
	  .help = "an option of xl before its command, first of all" },
	{ 0 },
};

static const struct option_row *const tables[] = { create_options, NULL };

const struct command cmd_create = {
	.name = "create", .run = run, .options = tables,
	.usage = "[OPTIONS of xl create] GUEST.cfg [KEY=VALUE]...",
	.summary = "Create a guest with the devices its configuration names",
	.help = "dt_passthrough = [ \"DEVICE\", ... ] in GUEST.cfg names them. All other options are\n"
		"those of xl create, which is run with the plan when the running Xen agrees to it.\n",
};

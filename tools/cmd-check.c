/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "live.h"
#include "merging.h"
#include "plan.h"
#include "print.h"

/* stdout: the report, or the plan's JSON with who spoke. */
static int print_answer(const struct planning *planning, bool json)
{
	char *text;
	int rc;

	if (json)
		print_diags(planning->host.file, planning->diags);
	rc = json ? xlpt_emit_json(planning->plan, true, &text) : xlpt_emit_report(planning->plan, &text);
	return put_answer(rc, text, json);
}

/* Nothing was planned: the findings are the report. */
static void print_own(const struct planning *planning)
{
	size_t errors = xlpt_diags_count(planning->diags, XLPT_ERROR);
	size_t warnings = xlpt_diags_count(planning->diags, XLPT_WARNING);
	char text[80];

	print_diags(planning->args.config_file, planning->diags);
	put_output(planning->args.config_file, strlen(planning->args.config_file));
	if (errors || warnings)
		snprintf(text, sizeof(text), ": %zu error%s, %zu warning%s", errors,
			 errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
	else
		snprintf(text, sizeof(text), ": the lists and the partial tree fit together");
	put_line(text);
}

/*
 * A configuration with lists and a partial tree of its own, no DEVICE and no
 * dt_passthrough=: its tree is judged as the guest will read it. Errors in
 * there are an answer even where no Xen runs.
 */
static int check_own(const struct command *self, struct planning *planning, struct live *live,
		     bool json)
{
	int running, rc;

	running = live_open(live, planning);
	if (live->failed)
		return EXIT_NO_ANSWER;
	rc = planning_make(planning, self);
	if (!rc)
		rc = merging_judge(planning, self);
	if (!rc && !running)
		rc = live_check(live, planning, true);
	if (rc)
		return EXIT_NO_ANSWER;
	planning->plan->ok = !xlpt_diags_count(planning->diags, XLPT_ERROR);
	if (!json)
		print_own(planning);
	else if (print_answer(planning, json))
		return EXIT_NO_ANSWER;
	return running && planning->plan->ok ? EXIT_NO_ANSWER : planning_status(planning);
}

struct check_args {
	struct planning planning;
	bool json;
};

static int option(const struct command *self, void *opaque, int id, const char *arg)
{
	struct check_args *args = opaque;
	int value;

	if (id != 'f')
		return planning_option(self, &args->planning, id, arg);
	value = option_value(self, id, arg);
	args->json = value == 1;
	return value < 0 ? -EINVAL : 0;
}

static int check(const struct command *self, int argc, char **argv)
{
	struct check_args args = { 0 };
	struct planning *planning = &args.planning;
	struct live live = { 0 };
	int status = EXIT_NO_ANSWER;

	if (planning_begin(planning, argc))
		return status;
	if (command_options(self, argc, argv, option, &args, &status))
		goto out;
	planning->may_be_empty = !planning->n_selections && planning->args.config_file &&
				!planning->args.config.has_dt_passthrough;
	if (planning->may_be_empty) {
		status = check_own(self, planning, &live, args.json);
		goto out;
	}
	if (live_open(&live, planning) || planning_make(planning, self) ||
	    live_check(&live, planning, true) || print_answer(planning, args.json))
		goto out;
	status = planning_status(planning);
out:
	planning_done(planning);
	live_close(&live);
	return status;
}

static const struct option_row check_options[] = {
	{ .id = 't', .name = "tree", .arg = "HOST.dtb", .help = "the host's device tree" },
	{ .id = 'f', .name = "format", .arg = "FORMAT", .help = "report (default) or json",
	  .values = "report json" },
	{ 0 },
};

static const struct option_row *const tables[] = {
	check_options, settings_host_options, settings_guest_options, settings_decision_options,
	planning_device_options, NULL,
};

const struct command cmd_check = {
	.name = "check", .run = check, .options = tables,
	.usage = "[OPTIONS] [-t HOST.dtb] DEVICE... | -c GUEST.cfg",
	.summary = "Ask the running Xen whether the plan can be carried out",
	.help = "Nothing is changed. What the running system says joins the findings of the plan.\n"
		"Xen tells what dom0 may hand out on its own console, where some pages appear.\n",
};

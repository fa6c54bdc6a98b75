/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "file.h"
#include "planning.h"
#include "print.h"

enum artefact {
	PLAN_JSON,	/* the only one that a plan with errors has */
	PASSTHROUGH_CFG,
	GUEST_DTS,
	GUEST_DTB,
	BOOT_CMD,
	N_ARTEFACTS,
};

static const char *const artefact_names[N_ARTEFACTS] = {
	[PLAN_JSON] = "plan.json",
	[PASSTHROUGH_CFG] = "passthrough.cfg",
	[GUEST_DTS] = "guest.dts",
	[GUEST_DTB] = "guest.dtb",
	[BOOT_CMD] = "boot.cmd",
};

struct bytes {
	char *data;
	size_t size;
};

/* The artefact as bytes, free() them. `folder`: where guest.dtb will be, or NULL. 0 or -errno, printed. */
static int emit(const struct xlpt_plan *plan, enum artefact which, const char *folder,
		struct bytes *bytes)
{
	char *guest_dtb = NULL;
	void *blob = NULL;
	int rc = 0;

	*bytes = (struct bytes){ 0 };
	switch (which) {
	case PLAN_JSON:
		rc = xlpt_emit_json(plan, false, &bytes->data);
		break;
	case PASSTHROUGH_CFG:
		if (folder && asprintf(&guest_dtb, "%s/%s", folder, artefact_names[GUEST_DTB]) < 0) {
			rc = -ENOMEM;
			break;
		}
		rc = xlpt_emit_config(plan, guest_dtb, &bytes->data);
		free(guest_dtb);
		break;
	case GUEST_DTS:
		rc = xlpt_emit_partial_dts(plan, &bytes->data);
		break;
	case GUEST_DTB:
		rc = xlpt_emit_partial(plan, &blob, &bytes->size);
		bytes->data = blob;
		break;
	case BOOT_CMD:
	default:
		rc = xlpt_emit_uboot(plan, &bytes->data);
		break;
	}
	if (rc)
		print_error("cannot make %s: %s", artefact_names[which], strerror(-rc));
	else if (which != GUEST_DTB)
		bytes->size = strlen(bytes->data);
	return rc;
}

/* plan.json ends in a newline as a text file should; the library's line does not. */
static int end_line(struct bytes *bytes)
{
	char *more;

	if (bytes->size && bytes->data[bytes->size - 1] == '\n')
		return 0;
	more = realloc(bytes->data, bytes->size + 2);
	if (!more)
		return -ENOMEM;
	more[bytes->size++] = '\n';
	more[bytes->size] = '\0';
	bytes->data = more;
	return 0;
}

static int write_folder(const struct xlpt_plan *plan, const char *path)
{
	bool ok = xlpt_plan_ok(plan);
	struct output output;
	char *folder = NULL;
	int which, rc;

	rc = output_open(&output, path);
	if (rc)
		return rc;
	folder = realpath(path, NULL);
	if (!folder) {
		rc = -errno;
		print_error("cannot use %s: %s", path, strerror(-rc));
	}
	for (which = 0; which < N_ARTEFACTS && !rc; which++) {
		struct bytes bytes;

		if (!ok && which != PLAN_JSON) {
			rc = output_remove(&output, artefact_names[which]);
			continue;
		}
		rc = emit(plan, which, folder, &bytes);
		if (!rc && which == PLAN_JSON)
			rc = end_line(&bytes);
		if (!rc)
			rc = output_add(&output, artefact_names[which], bytes.data, bytes.size);
		free(bytes.data);
	}
	if (!rc)
		rc = output_commit(&output);
	output_close(&output);
	free(folder);
	return rc;
}

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
		rc = emit(planning->plan, format->which, NULL, &bytes);
		if (rc)
			return rc;
		if (format->which == PLAN_JSON)
			rc = end_line(&bytes);
	}
	if (!rc)
		put_output(bytes.data, bytes.size);
	free(bytes.data);
	return rc;
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
	if (print_plan(&planning, format) || (folder && write_folder(planning.plan, folder)) ||
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
	planning_device_options, NULL,
};

const struct command cmd_plan = {
	.name = "plan", .run = plan, .options = tables,
	.usage = "[OPTIONS] [-t HOST.dtb] DEVICE...",
	.summary = "Place devices in a guest, and write everything Xen needs for it",
	.help = "DEVICE is a path, alias, &label or platform name, with options such as ,gfn=0x4100\n"
		"and ,allow=ID, or a pattern; see xl-passthrough(1).\n",
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artefacts.h"
#include "commands.h"
#include "file.h"
#include "host-tree.h"
#include "print.h"
#include "settings.h"

/* Each is compared with each; a host has not so many devices to give. */
#define MAX_GUESTS 64

#define BOOT_SCRIPT "boot.cmd"

/* A guest of the partition: its configuration, and what becomes of it. */
struct guest {
	struct settings_args args;
	struct xlpt_own_lists own;
	struct xlpt_diags *diags;
	struct xlpt_plan *plan;
};

/* In the order of the values of --format. */
enum format {
	FORMAT_REPORT,
	FORMAT_UBOOT,
	FORMAT_JSON,
};

struct partition {
	struct settings_args common;	/* what the command line says, for all */
	const char *named_tree, *folder;
	enum format format;
	const char *file[MAX_GUESTS];
	struct guest guest[MAX_GUESTS];
	struct xlpt_partition_guest list[MAX_GUESTS];
	size_t n;
	struct host_tree host;
	struct xlpt_diags *diags;	/* of the tree alone */
};

static void partition_free(struct partition *partition)
{
	size_t i;

	for (i = 0; i < partition->n; i++) {
		struct guest *guest = &partition->guest[i];

		xlpt_plan_free(guest->plan);
		xlpt_diags_free(guest->diags);
		guest_config_free(&guest->args.config);
	}
	host_tree_close(&partition->host);
	xlpt_diags_free(partition->diags);
	settings_done(&partition->common);
	free(partition);
}

/* Its name becomes the name of a folder. */
static bool good_name(const char *name)
{
	return name && *name && *name != '.' && !strchr(name, '/');
}

static int read_guest(struct partition *partition, size_t i, const struct command *self)
{
	struct guest *guest = &partition->guest[i];
	const struct guest_config *config = &guest->args.config;
	const char *file = partition->file[i];
	size_t k;
	int rc;

	guest->args = partition->common;
	rc = settings_read_config(&guest->args, file);
	if (rc)
		return rc;
	rc = xlpt_diags_new(&guest->diags);
	if (rc) {
		print_error("%s", strerror(-rc));
		return rc;
	}
	rc = settings_apply(&guest->args, self, guest->diags);
	if (rc)
		return rc;
	if (!good_name(config->name)) {
		print_error("%s: no name that could be a folder's", file);
		return -EINVAL;
	}
	for (k = 0; k < i; k++)
		if (!strcmp(partition->list[k].name, config->name)) {
			print_error("%s: the name '%s' is that of %s too", file, config->name,
				    partition->file[k]);
			return -EINVAL;
		}
	if (!config->n_dt_passthrough) {
		print_error("%s: it has no dt_passthrough, or an empty one", file);
		return -EINVAL;
	}
	guest->own = (struct xlpt_own_lists){
		.iomem = config->iomem, .n_iomem = config->n_iomem,
		.irqs = config->irqs, .n_irqs = config->n_irqs,
		.dtdev = (const char *const *)config->dtdev, .n_dtdev = config->n_dtdev,
	};
	partition->list[i] = (struct xlpt_partition_guest){
		.name = config->name, .config = file, .own = &guest->own,
	};
	return 0;
}

/* -t, else the tree that the configurations name: there is one host. */
static int find_tree(struct partition *partition)
{
	const char *named = partition->named_tree, *from = NULL;
	size_t i;

	for (i = 0; i < partition->n && !partition->named_tree; i++) {
		const char *here = partition->guest[i].args.config.dt_host;

		if (!here)
			continue;
		if (named && strcmp(named, here)) {
			print_error("%s and %s name different host trees: give one with -t", from,
				    partition->file[i]);
			return -EINVAL;
		}
		named = here;
		from = partition->file[i];
	}
	return host_tree_open(&partition->host, named, partition->diags);
}

static int make(struct partition *partition, const struct command *self)
{
	size_t i;
	int rc = xlpt_diags_new(&partition->diags);

	if (rc) {
		print_error("%s", strerror(-rc));
		return rc;
	}
	for (i = 0; i < partition->n && !rc; i++)
		rc = read_guest(partition, i, self);
	if (!rc)
		rc = find_tree(partition);
	for (i = 0; i < partition->n && !rc; i++) {
		struct guest *guest = &partition->guest[i];
		const struct guest_config *config = &guest->args.config;

		guest->args.settings.dom0_view = partition->host.dom0_view;
		rc = xlpt_plan_make(partition->host.tree, &guest->args.settings,
				    (const char *const *)config->dt_passthrough,
				    config->n_dt_passthrough, guest->diags, &guest->plan);
		if (rc == -EINVAL && xlpt_diags_count(guest->diags, XLPT_ERROR))
			print_diags(partition->file[i], guest->diags);
		else if (rc)
			print_error("%s: cannot plan: %s", partition->file[i], strerror(-rc));
		partition->list[i].plan = guest->plan;
	}
	if (rc)
		return rc;
	rc = xlpt_partition_check(partition->list, partition->n);
	if (rc)
		print_error("cannot compare the plans: %s", strerror(-rc));
	return rc;
}

/* stdout: exactly the format that was asked for. */
static int print_partition(const struct partition *partition)
{
	const struct xlpt_partition_guest *list = partition->list;
	bool report = partition->format == FORMAT_REPORT;
	bool json = partition->format == FORMAT_JSON;
	char *text = NULL;
	size_t i;
	int rc;

	for (i = 0; i < partition->n && !report; i++)
		print_diags(partition->file[i], partition->guest[i].diags);
	if (report)
		rc = xlpt_partition_report(list, partition->n, &text);
	else if (json)
		rc = xlpt_partition_json(list, partition->n, &text);
	else if (!xlpt_partition_ok(list, partition->n))
		return 0;
	else
		rc = xlpt_partition_uboot(list, partition->n, &text);
	return put_answer(rc, text, json);
}

/* DIR/boot.cmd, for all of them; removed where there is none. */
static int write_script(const struct partition *partition, struct output *output)
{
	char *text;
	int rc;

	if (!xlpt_partition_ok(partition->list, partition->n))
		return output_remove(output, BOOT_SCRIPT);
	rc = xlpt_partition_uboot(partition->list, partition->n, &text);
	if (rc) {
		print_error("cannot write the script: %s", strerror(-rc));
		return rc;
	}
	rc = output_add(output, BOOT_SCRIPT, text, strlen(text));
	free(text);
	return rc;
}

static int write_folders(const struct partition *partition)
{
	bool ok = xlpt_partition_ok(partition->list, partition->n);
	struct output output;
	char *path;
	size_t i;
	int rc;

	rc = output_open(&output, partition->folder);
	if (rc)
		return rc;
	rc = write_script(partition, &output);
	for (i = 0; i < partition->n && !rc; i++) {
		if (asprintf(&path, "%s/%s", partition->folder, partition->list[i].name) < 0) {
			print_error("%s", strerror(ENOMEM));
			rc = -ENOMEM;
			break;
		}
		rc = artefacts_write(partition->guest[i].plan, path, ok, false);
		free(path);
	}
	/* Last, so that a script is there only with all that belongs to it. */
	if (!rc)
		rc = output_commit(&output);
	output_close(&output);
	return rc;
}

static int option(const struct command *self, void *opaque, int id, const char *arg)
{
	struct partition *partition = opaque;
	int value;

	switch (id) {
	case 't':
		partition->named_tree = arg;
		return 0;
	case 'o':
		partition->folder = arg;
		return 0;
	case 'f':
		value = option_value(self, id, arg);
		if (value < 0)
			return -EINVAL;
		partition->format = (enum format)value;
		return 0;
	case OPTION_ARGUMENT:
		if (partition->n == MAX_GUESTS) {
			usage_error(self, "more than %d configurations", MAX_GUESTS);
			return -EINVAL;
		}
		partition->file[partition->n++] = arg;
		return 0;
	default:
		return settings_option(&partition->common, self, id, arg);
	}
}

static int partition(const struct command *self, int argc, char **argv)
{
	struct partition *partition = calloc(1, sizeof(*partition));
	int status = EXIT_NO_ANSWER;

	if (!partition) {
		print_error("%s", strerror(ENOMEM));
		return status;
	}
	settings_begin(&partition->common);
	if (command_options(self, argc, argv, option, partition, &status))
		goto out;
	if (!partition->n) {
		usage_error(self, "name the guests' configurations");
		goto out;
	}
	if (make(partition, self) || print_partition(partition) ||
	    (partition->folder && write_folders(partition)))
		goto out;
	status = xlpt_partition_ok(partition->list, partition->n) ? EXIT_USABLE : EXIT_FINDINGS;
out:
	partition_free(partition);
	return status;
}

static const struct option_row partition_options[] = {
	{ .id = 't', .name = "tree", .arg = "HOST.dtb", .help = "the host's device tree" },
	{ .id = 'f', .name = "format", .arg = "FORMAT", .help = "report (default), uboot or json",
	  .values = "report uboot json" },
	{ .id = 'o', .name = "output", .arg = "DIR",
	  .help = "write boot.cmd, and a folder of artefacts for each guest" },
	{ 0 },
};

static const struct option_row *const tables[] = {
	partition_options, settings_host_options, settings_decision_options, NULL,
};

const struct command cmd_partition = {
	.name = "partition", .run = partition, .options = tables,
	.usage = "[OPTIONS] [-t HOST.dtb] GUEST.cfg...",
	.summary = "Plan several guests of one host, and prove that they share nothing",
	.help = "The devices are those of dt_passthrough in each configuration.\n",
};

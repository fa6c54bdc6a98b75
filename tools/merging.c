/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"
#include "file.h"
#include "fragment.h"
#include "interrupt.h"
#include "merging.h"
#include "merge-virtio.h"
#include "print.h"

int merging_begin(struct merging *merging, int argc)
{
	*merging = (struct merging){ 0 };
	arena_init(&merging->arena);
	return planning_begin(&merging->planning, argc);
}

void merging_done(struct merging *merging)
{
	free(merging->base);
	free(merging->partial);
	free(merging->merged);
	arena_free(&merging->arena);
	planning_done(&merging->planning);
}

const char *merging_file(const struct merging *merging)
{
	if (merging->partial_name)
		return merging->partial_name;
	return merging->planning.args.config_file ? merging->planning.args.config_file : "merge";
}

static int failed(int rc)
{
	print_error("%s", strerror(-rc));
	return rc;
}

/* ---- what goes in --------------------------------------------------------------------- */

/* The release to show: of several, the newest whose trees are proven. */
static unsigned shown_release(const struct xlpt_settings *settings)
{
	unsigned minor;

	for (minor = settings->xen_last; minor >= settings->xen_first; minor--)
		if (guest_base_proven(minor))
			return minor;
	return settings->xen_last;
}

static void take_config(struct merging *merging)
{
	const struct guest_config *config = &merging->planning.args.config;

	if (!merging->settings.cmdline)
		merging->settings.cmdline = config->cmdline;
	if (!merging->ramdisk)
		merging->ramdisk = config->ramdisk;
	merging->settings.optee |= config->optee;
	/* --virtio=N says how many, the configuration also of what kind. */
	if (merging->settings.guest.virtio == config->n_virtio && config->n_virtio)
		merging->settings.virtio = merge_virtio_make((const char *const *)config->virtio,
							     config->n_virtio,
							     merging->settings.guest.xen_last,
							     &merging->arena,
							     &merging->settings.guest.virtio);
}

/* The size alone: where it is not known (a path of another machine), libxl's placeholder stays. */
static int take_ramdisk(struct merging *merging)
{
	bool named = merging->ramdisk != merging->planning.args.config.ramdisk;
	struct stat st;

	if (!merging->ramdisk)
		return 0;
	merging->settings.ramdisk = true;
	if (!stat(merging->ramdisk, &st) && S_ISREG(st.st_mode)) {
		merging->settings.ramdisk_size = (uint64_t)st.st_size;
	} else if (named) {
		print_error("cannot use %s as ramdisk: %s", merging->ramdisk, strerror(errno));
		return -EINVAL;
	}
	return 0;
}

static int take_settings(struct merging *merging, const struct command *command)
{
	const struct guest_config *config = &merging->planning.args.config;
	const struct xlpt_settings *given = &merging->planning.args.settings;
	struct xlpt_settings *guest = &merging->settings.guest;
	uint64_t memory_mib = given->memory_mib;
	unsigned version;

	if (given->xen_first < 17) {
		usage_error(command, "--xen takes 4.17 to 4.22 here");
		return -EINVAL;
	}
	/* The plan counts on maxmem=, the tree shows what is there at the start. */
	if (merging->planning.args.config_file && memory_mib == config->maxmem_mib &&
	    config->memory_mib)
		memory_mib = config->memory_mib;
	*guest = *given;
	guest->memory_mib = memory_mib;
	guest->xen_first = guest->xen_last = shown_release(given);
	if (!guest->gic && merging->planning.host.tree &&
	    merging->planning.host.tree->gic != XLPT_NO_NODE &&
	    interrupt_gic_is_driven(merging->planning.host.tree,
				    merging->planning.host.tree->gic, &version))
		guest->gic = version;
	if (merging->planning.args.config_file)
		take_config(merging);
	return take_ramdisk(merging);
}

/* -t, else dt_host=, else the installed one; none is no error here. */
static int open_host(struct merging *merging)
{
	struct planning *planning = &merging->planning;
	const char *named = planning->named_tree ? planning->named_tree :
			    planning->args.config.dt_host;

	if (!named && access(HOST_TREE_INSTALLED, R_OK))
		return 0;
	return host_tree_open(&planning->host, named ? named : HOST_TREE_INSTALLED, planning->diags);
}

static int read_partial(struct merging *merging)
{
	struct stat st;
	int rc;

	if (!merging->partial_name)
		return 0;
	rc = file_read(merging->partial_name, &merging->partial, &merging->partial_size);
	/* A tree to look at may be anybody's; what a configuration names is what xl will trust. */
	if (!rc && merging->planning.args.config_file && !stat(merging->partial_name, &st))
		xlpt_judge_file(merging->partial_name, st.st_mode, st.st_uid,
				merging->planning.diags);
	return rc;
}

/* ---- dt_passthrough=: the partial tree is the plan's ----------------------------------- */

/* Into the generated tree, as `create` does; `merging->partial` is the user's. */
static int overlay(struct merging *merging)
{
	void *generated, *both;
	size_t size, both_size;
	int rc;

	rc = xlpt_emit_partial(merging->planning.plan, &generated, &size);
	if (rc)
		return failed(rc);
	if (!merging->partial) {
		merging->partial = generated;
		merging->partial_size = size;
		return 0;
	}
	rc = fragment_overlay(generated, size, merging->partial, merging->partial_size,
			      merging->planning.diags, &both, &both_size);
	free(generated);
	if (rc == -EINVAL)
		return 0;	/* the merge will say the same of the user's own */
	if (rc)
		return failed(rc);
	free(merging->partial);
	merging->partial = both;
	merging->partial_size = both_size;
	return 0;
}

/* ---- the lists ------------------------------------------------------------------------- */

static int make_lists(struct merging *merging)
{
	const struct guest_config *config = &merging->planning.args.config;
	const struct xlpt_plan *plan = merging->planning.plan;
	struct judge_lists *lists = &merging->lists;
	const struct xlpt_iomem *iomem = NULL;
	const uint32_t *irqs = NULL;
	struct xlpt_iomem *all_iomem;
	size_t n_iomem = 0, n_irqs = 0, i, k;
	uint32_t *all_irqs;

	merging->has_lists = merging->planning.args.config_file;
	if (!merging->has_lists)
		return 0;
	if (plan) {
		iomem = xlpt_plan_iomem(plan, &n_iomem);
		irqs = xlpt_plan_irqs(plan, &n_irqs);
	}
	all_iomem = arena_alloc(&merging->arena, config->n_iomem + n_iomem + 1, sizeof(*all_iomem));
	all_irqs = arena_alloc(&merging->arena, config->n_irqs + n_irqs + 1, sizeof(*all_irqs));
	if (!all_iomem || !all_irqs)
		return failed(-ENOMEM);
	for (i = 0; i < config->n_iomem; i++)
		all_iomem[lists->n_iomem++] = config->iomem[i];
	for (i = 0; i < n_iomem; i++)
		all_iomem[lists->n_iomem++] = iomem[i];
	for (i = 0; i < config->n_irqs; i++)
		all_irqs[lists->n_irqs++] = config->irqs[i];
	/* What the configuration has already is not given to xl twice. */
	for (i = 0; i < n_irqs; i++) {
		for (k = 0; k < config->n_irqs && config->irqs[k] != irqs[i]; k++)
			;
		if (k == config->n_irqs)
			all_irqs[lists->n_irqs++] = irqs[i];
	}
	lists->iomem = all_iomem;
	lists->irqs = all_irqs;
	lists->dtdev = (const char *const *)config->dtdev;
	lists->n_dtdev = config->n_dtdev;
	merging->settings.iomem = lists->iomem;
	merging->settings.n_iomem = lists->n_iomem;
	return 0;
}

/* ---- all of it ------------------------------------------------------------------------- */

static int prepare(struct merging *merging, const struct command *command)
{
	struct planning *planning = &merging->planning;
	int rc;

	if (planning->args.config.n_dt_passthrough)
		return planning_make(planning, command);
	rc = xlpt_diags_new(&planning->diags);
	if (rc)
		return failed(rc);
	rc = settings_apply(&planning->args, command, planning->diags);
	return rc ? rc : open_host(merging);
}

static int merge_and_judge(struct merging *merging)
{
	struct planning *planning = &merging->planning;
	struct judge_input in = {
		.settings = &planning->args.settings, .host = planning->host.tree,
		.lists = merging->has_lists ? &merging->lists : NULL,
	};
	int rc;

	rc = xlpt_merge(&merging->settings, merging->base, merging->base_size, merging->partial,
			merging->partial_size, planning->diags, &merging->merged,
			&merging->merged_size);
	in.merged = merging->merged;
	in.size = merging->merged_size;
	if (!rc)
		rc = xlpt_judge(&in, planning->diags);
	else if (rc == -EINVAL)
		rc = xlpt_judge_lists(&in, planning->diags);
	return rc ? failed(rc) : 0;
}

int merging_make(struct merging *merging, const struct command *command)
{
	struct planning *planning = &merging->planning;
	int rc;

	if (!merging->partial_name && !planning->args.config_file && !merging->base_name &&
	    !planning->args.settings.memory_mib) {
		usage_error(command, "name a partial tree, -c GUEST.cfg, or the guest's --memory");
		return -EINVAL;
	}
	if (!merging->partial_name)
		merging->partial_name = planning->args.config.device_tree;
	rc = prepare(merging, command);
	if (!rc)
		rc = take_settings(merging, command);
	if (!rc && merging->base_name)
		rc = file_read(merging->base_name, &merging->base, &merging->base_size);
	if (!rc)
		rc = read_partial(merging);
	/* A plan with errors has no partial tree to show. */
	if (!rc && planning->plan && !xlpt_plan_ok(planning->plan))
		return 0;
	if (!rc && planning->plan)
		rc = overlay(merging);
	if (!rc)
		rc = make_lists(merging);
	return rc ? rc : merge_and_judge(merging);
}

int merging_judge(struct planning *planning, const struct command *command)
{
	/* The copy borrows; what is made here is freed here. */
	struct merging merging = {
		.planning = *planning, .partial_name = planning->args.config.device_tree,
	};
	int rc;

	arena_init(&merging.arena);
	rc = take_settings(&merging, command);
	if (!rc)
		rc = read_partial(&merging);
	if (!rc)
		rc = make_lists(&merging);
	if (!rc)
		rc = merge_and_judge(&merging);
	free(merging.partial);
	free(merging.merged);
	arena_free(&merging.arena);
	return rc;
}

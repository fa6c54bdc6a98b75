/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-tree.h"
#include "file.h"
#include "fragment.h"
#include "judge.h"
#include "merge.h"
#include "plan.h"
#include "print.h"

/* -EINVAL has its findings. */
static int lay_over(struct create_tree *tree, const char *file, struct xlpt_diags *diags)
{
	char *fragment;
	size_t size;
	void *blob;
	int rc;

	rc = file_read_trusted(file, &fragment, &size);
	if (rc)
		return rc;
	rc = fragment_overlay(tree->blob, tree->size, fragment, size, diags, &blob, &size);
	free(fragment);
	if (rc == -ENOMEM)
		print_error("%s: %s", file, strerror(ENOMEM));
	if (rc)
		return rc;
	free(tree->blob);
	tree->blob = blob;
	tree->size = size;
	return 0;
}

static int judge(const struct create_tree *tree, const struct planning *planning,
		 const struct create_lists *lists)
{
	const struct xlpt_settings *settings = &planning->args.settings;
	struct judge_lists judged = {
		.iomem = lists->iomem, .n_iomem = lists->n_iomem,
		.irqs = lists->irqs, .n_irqs = lists->n_irqs,
		.dtdev = (const char *const *)lists->dtdev, .n_dtdev = lists->n_dtdev,
	};
	struct merge_settings merge = {
		.guest = *settings, .iomem = lists->iomem, .n_iomem = lists->n_iomem,
	};
	struct judge_input input = {
		.settings = settings, .lists = &judged, .host = planning->host.tree,
	};
	void *merged;
	size_t size;
	int rc;

	/* Offline the plan is for several releases; their guests' trees differ in nothing it has. */
	merge.guest.xen_last = merge.guest.xen_first;
	if (!merge.guest.gic)
		merge.guest.gic = planning->plan->host->gic_version;
	rc = xlpt_merge(&merge, NULL, 0, tree->blob, tree->size, planning->diags, &merged, &size);
	if (rc)
		return rc;
	input.merged = merged;
	input.size = size;
	rc = xlpt_judge(&input, planning->diags);
	free(merged);
	return rc;
}

int create_tree_make(struct create_tree *tree, const struct planning *planning,
		     const struct create_lists *lists)
{
	const struct guest_config *config = &planning->args.config;
	int rc;

	*tree = (struct create_tree){ 0 };
	if (!xlpt_plan_ok(planning->plan))
		return 0;
	rc = xlpt_emit_partial(planning->plan, &tree->blob, &tree->size);
	if (rc) {
		print_error("cannot make the partial tree: %s", strerror(-rc));
		return rc;
	}
	if (config->device_tree)
		rc = lay_over(tree, config->device_tree, planning->diags);
	if (!rc && (config->device_tree || lists->own_iomem || lists->own_irqs || lists->own_dtdev)) {
		rc = judge(tree, planning, lists);
		if (rc == -ENOMEM)
			print_error("cannot judge the partial tree: %s", strerror(ENOMEM));
	}
	/* The report speaks of all of it. */
	if (xlpt_diags_count(planning->diags, XLPT_ERROR))
		planning->plan->ok = false;
	/* Told by its findings, unless it has none. */
	return rc == -EINVAL && xlpt_diags_count(planning->diags, XLPT_ERROR) ? 0 : rc;
}

void create_tree_free(struct create_tree *tree)
{
	free(tree->blob);
	*tree = (struct create_tree){ 0 };
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "live.h"
#include "print.h"

void live_print_failure(const struct xlpt_diags *diags, int rc)
{
	if (xlpt_diags_count(diags, XLPT_ERROR))
		print_diags(PROGRAM, diags);
	else
		print_error("%s", strerror(-rc));
}

/*
 * Without the tree, or with one that is none, there is more that cannot be
 * verified, which the check says itself.
 */
static int open_dom0_tree(struct live *live)
{
	struct xlpt_diags *diags;
	size_t size;
	int rc;

	rc = file_read_optional(xlpt_xen_dom0_tree_file(live->xen), &live->blob, &size);
	if (rc)
		return rc == -ENOENT ? 0 : rc;
	rc = xlpt_diags_new(&diags);
	if (!rc) {
		rc = xlpt_tree_parse(live->blob, size, diags, &live->dom0_tree);
		xlpt_diags_free(diags);
	}
	if (rc == -ENOMEM)
		print_error("%s: %s", xlpt_xen_dom0_tree_file(live->xen), strerror(ENOMEM));
	return rc == -ENOMEM ? rc : 0;
}

int live_open(struct live *live, struct planning *planning)
{
	struct xlpt_diags *diags;
	int rc;

	*live = (struct live){ 0 };
	rc = xlpt_diags_new(&diags);
	if (rc) {
		print_error("%s", strerror(-rc));
		live->failed = true;
		return rc;
	}
	rc = xlpt_xen_open(diags, &live->xen);
	if (rc)
		live_print_failure(diags, rc);
	xlpt_diags_free(diags);
	if (rc) {
		live->failed = rc == -ENOMEM;
		return rc;
	}
	rc = open_dom0_tree(live);
	if (rc) {
		live_close(live);
		live->failed = true;
		return rc;
	}
	planning->xen = live->xen;
	return 0;
}

void live_close(struct live *live)
{
	xlpt_tree_free(live->dom0_tree);
	free(live->blob);
	xlpt_xen_close(live->xen);
	*live = (struct live){ 0 };
}

void live_own_lists(const struct planning *planning, struct xlpt_own_lists *own_r)
{
	const struct guest_config *config = &planning->args.config;

	*own_r = (struct xlpt_own_lists){
		.iomem = config->iomem, .n_iomem = config->n_iomem,
		.irqs = config->irqs, .n_irqs = config->n_irqs,
		.dtdev = (const char *const *)config->dtdev, .n_dtdev = config->n_dtdev,
		.iommu = config->passthrough && strcmp(config->passthrough, "disabled"),
	};
}

int live_check(struct live *live, struct planning *planning, bool grants)
{
	struct xlpt_own_lists own;
	struct xlpt_xen_question question = {
		.own = &own, .grants = grants,
		.dom0_tree = planning->host.dom0_view ? planning->host.tree : live->dom0_tree,
	};
	int rc;

	live_own_lists(planning, &own);
	rc = xlpt_xen_check(live->xen, planning->plan, &question);
	if (rc)
		print_error("cannot ask the running system: %s", strerror(-rc));
	return rc;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Was each node marked when Xen booted, and is it free? The hypervisor tells
 * only of nodes behind an IOMMU, whom it assigns to dom0 when they are not
 * marked; of the others dom0's own tree tells, where a marked node is disabled.
 */
#include <errno.h>

#include "check.h"
#include "dma.h"
#include "u32-set.h"

enum marked {
	MARKED_NO,
	MARKED_YES,
	MARKED_UNKNOWN,		/* disabled there, and perhaps it always was */
	MARKED_ABSENT,		/* dom0 does not see the node at all */
};

static enum marked marked_in_dom0(const struct check *check, uint32_t node, const char *path)
{
	const struct xlpt_tree *dom0 = check->question->dom0_tree;
	uint32_t there;

	if (!dom0)
		return MARKED_UNKNOWN;
	there = tree_by_path(dom0, path, strlen(path));
	if (there == XLPT_NO_NODE)
		return MARKED_ABSENT;
	if (tree_enabled(dom0, there))
		return MARKED_NO;
	return check->plan->settings->dom0_view || !tree_enabled(check->plan->tree, node) ?
	       MARKED_UNKNOWN : MARKED_YES;
}

/* A domain has the node assigned: which one, or is it dom0, for want of a mark? */
static void report_assigned(struct check *check, uint32_t node, const char *path, enum marked marked)
{
	const struct owner *owner = check_owner_of(check, path);

	if (owner) {
		/* What is to be assigned itself has been compared with all owners before. */
		if (!u32_set_has(check->assign_node, check->n_assign, node))
			diag_add(check->diags, DIAG_DEVICE_BUSY, 0, path, NULL, NULL, "%s has it assigned",
				 owner_title(&check->arena, owner->name, owner->uuid, owner->domain));
	} else if (marked == MARKED_YES) {
		diag_add(check->diags, DIAG_DEVICE_BUSY, 0, path, NULL, NULL,
			 "Xen has it assigned to a domain that libxl did not create, or that is dying");
	} else if (marked == MARKED_NO) {
		diag_add(check->diags, DIAG_NOT_MARKED, 0, path, NULL, NULL,
			 "Xen has it assigned to dom0");
	} else {
		diag_add(check->diags, DIAG_NOT_MARKED, 0, path, NULL, NULL,
			 "Xen has it assigned, to no guest known here: to dom0, then, for want of a mark");
	}
}

/* What dom0's tree tells, for a node that Xen did not say is assigned. `asked`: Xen knows the node. */
static void report_mark(struct check *check, uint32_t node, const char *path, enum marked marked,
			bool asked)
{
	switch (marked) {
	case MARKED_NO:
		diag_add(check->diags, DIAG_NOT_MARKED, 0, path, NULL, NULL,
			 "dom0's tree shows it enabled, so dom0 has it");
		break;
	case MARKED_ABSENT:
		if (asked)
			diag_add(check->diags, DIAG_NOT_GRANTED, 0, path, NULL, NULL,
				 "Xen hides it from dom0 and keeps it for itself");
		else
			diag_add(check->diags, DIAG_HOST_TREE_DIFFERS, 0, path, NULL, NULL,
				 "dom0's tree lacks it: Xen keeps it for itself, or was booted with another tree");
		break;
	case MARKED_UNKNOWN:
		/* Had it not been marked, Xen would have assigned it to dom0. */
		if (asked && dma_protected(check->plan, node))
			break;
		diag_add(check->diags, DIAG_NOT_VERIFIED, 0, path, NULL, NULL,
			 check->question->dom0_tree ?
			 "whether it was marked: the running system shows it disabled either way" :
			 "whether it was marked: dom0's own tree cannot be read");
		break;
	case MARKED_YES:
		break;
	}
}

static int check_device(struct check *check, uint32_t node)
{
	const char *path = plan_path(check->plan, node);
	enum marked marked = marked_in_dom0(check, node, path);
	bool ask = check->xen->info.iommu;
	/* Without an IOMMU the answer would be EOPNOTSUPP for every path. */
	int rc = ask ? xen_test_device(check->xen->seam, path) : 0;

	switch (rc) {
	case 0:
		report_mark(check, node, path, marked, ask);
		break;
	case -ESRCH:
		diag_add(check->diags, DIAG_HOST_TREE_DIFFERS, 0, path, NULL, NULL,
			 "Xen was booted with a tree that has no such node");
		break;
	case -EINVAL:
		report_assigned(check, node, path, marked);
		break;
	case -EOPNOTSUPP:
	case -ENOSYS:
		diag_add(check->diags, DIAG_IOMMU_OFF, 0, path, NULL, NULL,
			 "Xen assigns no devices of the tree");
		break;
	case -ENOMEM:
		return rc;
	default:
		running_failed(check->xen, check->diags, rc, path, "cannot ask Xen about it");
		break;
	}
	text_free(&check->xen->log);
	return 0;
}

int check_devices(struct check *check)
{
	const struct xlpt_plan *plan = check->plan;
	size_t n = plan->n_mark + check->n_assign, i;
	uint32_t *nodes = arena_alloc(&check->arena, n, sizeof(*nodes));
	int rc = 0;

	if (!nodes)
		return -ENOMEM;
	if (plan->n_mark)
		memcpy(nodes, plan->mark_node, plan->n_mark * sizeof(*nodes));
	if (check->n_assign)
		memcpy(nodes + plan->n_mark, check->assign_node, check->n_assign * sizeof(*nodes));
	n = u32_set_make(nodes, n);
	for (i = 0; i < n && !rc; i++) {
		check_same(check, nodes[i]);
		rc = check_device(check, nodes[i]);
	}
	return rc;
}

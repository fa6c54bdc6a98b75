/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a guest's configuration lists by itself beside the plan. Xen maps a page
 * that dom0 uses to a guest without a word, and refuses an interrupt of dom0's
 * without a name.
 */
#include <inttypes.h>

#include "check.h"

/* Does dom0 drive it? Where nothing tells, it is not said. */
static bool dom0_has(const struct check *check, uint32_t node, const char *path)
{
	const struct xlpt_tree *dom0 = check->question->dom0_tree;
	uint32_t there;

	if (!dom0 || plan_item_of(check->plan, node) ||
	    check->plan->tree->node[node].flags & TREE_SPECIAL ||
	    device_reserved(check->plan->host, node))
		return false;
	there = tree_by_path(dom0, path, strlen(path));
	return there != XLPT_NO_NODE && tree_enabled(dom0, there);
}

struct own_frames {
	struct check *check;
	const struct xlpt_iomem *entry;
};

/* The plan itself maps it: who else is in that page has been said, and allowed. */
static bool is_planned(const struct xlpt_plan *plan, uint64_t frame)
{
	size_t i;

	for (i = 0; i < plan->n_iomem; i++)
		if (frame >= plan->iomem[i].start && frame - plan->iomem[i].start < plan->iomem[i].count)
			return true;
	return false;
}

static int dom0_reg(void *opaque, const struct res_reg *reg)
{
	struct own_frames *own = opaque;
	struct check *check = own->check;
	const char *path = plan_path(check->plan, reg->node);
	uint64_t frame = reg->base >> XLPT_FRAME_SHIFT;

	if (frame < own->entry->start)
		frame = own->entry->start;
	if (!reg->size || reg->spans_below || is_planned(check->plan, frame) ||
	    !dom0_has(check, reg->node, path))
		return 0;
	diag_add(check->diags, DIAG_NOT_MARKED, 0, path, "reg", NULL,
		 "the configuration's own iomem lists its frame 0x%" PRIx64 ", and dom0's tree shows it enabled",
		 frame);
	return check->plan->limited;
}

static void check_own_irq(struct check *check, uint32_t irq)
{
	const struct xlpt_tree *tree = check->plan->tree;
	uint32_t n, i;
	const uint32_t *with = spis_with(tree, irq, &n);

	for (i = 0; i < n; i++) {
		uint32_t node = tree->resources->irq[with[i]].node;
		const char *path = plan_path(check->plan, node);

		if (dom0_has(check, node, path))
			diag_add(check->diags, DIAG_NOT_MARKED, 0, path, "interrupts", NULL,
				 "the configuration's own irqs lists its interrupt %" PRIu32 ", and dom0's tree shows it enabled",
				 irq);
	}
}

void check_own_lists(struct check *check)
{
	const struct xlpt_own_lists *own = check->question->own;
	size_t i;

	if (!own)
		return;
	for (i = 0; i < own->n_iomem; i++) {
		struct own_frames frames = { check, &own->iomem[i] };
		uint64_t first = own->iomem[i].start << XLPT_FRAME_SHIFT;

		if (own->iomem[i].count)
			regs_overlapping(check->plan->tree, first,
					 last_byte(first, own->iomem[i].count << XLPT_FRAME_SHIFT),
					 dom0_reg, &frames);
	}
	for (i = 0; i < own->n_irqs; i++)
		check_own_irq(check, own->irqs[i]);
	if (own->iommu && !check->xen->info.iommu)
		diag_add(check->diags, DIAG_IOMMU_OFF, 0, NULL, NULL, NULL,
			 "the configuration's own passthrough asks for an IOMMU, and this Xen uses none");
}

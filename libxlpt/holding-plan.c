/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a planned guest would hold. */
#include <errno.h>

#include "holding.h"
#include "plan.h"
#include "u32-set.h"

/* The bytes of a device as frames; neighbours that stay neighbours in the guest become one run. */
static int add_regs(struct arena *arena, struct held *held, const struct xlpt_plan_device *device)
{
	size_t i;

	for (i = 0; i < device->n_regs; i++) {
		const struct xlpt_plan_reg *reg = &device->regs[i];
		struct xlpt_iomem run = {
			.start = reg->host >> XLPT_FRAME_SHIFT,
			.count = frames_of(reg->host, reg->size),
			.gfn = reg->guest >> XLPT_FRAME_SHIFT,
		};
		struct xlpt_iomem *last = held->n_iomem ? &held->iomem[held->n_iomem - 1] : NULL;
		int rc;

		if (last && run.count && run.start >= last->start &&
		    run.start <= last->start + last->count &&
		    run.gfn - last->gfn == run.start - last->start) {
			if (run.start + run.count > last->start + last->count)
				last->count = run.start + run.count - last->start;
			continue;
		}
		rc = held_add_iomem(arena, held, &run, 1);
		if (rc)
			return rc;
	}
	return 0;
}

static bool has_streams(const struct resources *r, uint32_t node)
{
	return r->first_stream[node] < r->first_stream[node + 1];
}

/* The IOMMU of the first assigned node that carries a stream of the device's: in it, or above it. */
static const char *iommu_of(struct arena *arena, const struct xlpt_plan *plan, uint32_t node)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t end = tree->node[node].end, up, carrier = XLPT_NO_NODE;
	size_t low = 0, high = plan->n_dtdev, middle;

	/* In the order of the tree: those above come first, the topmost before all. */
	for (up = node; up != XLPT_NO_NODE; up = tree->node[up].parent)
		if (has_streams(r, up) && u32_set_has(plan->dtdev_node, plan->n_dtdev, up))
			carrier = up;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (plan->dtdev_node[middle] < node)
			low = middle + 1;
		else
			high = middle;
	}
	for (; carrier == XLPT_NO_NODE && low < plan->n_dtdev && plan->dtdev_node[low] < end; low++)
		if (has_streams(r, plan->dtdev_node[low]))
			carrier = plan->dtdev_node[low];
	if (carrier != XLPT_NO_NODE)
		return tree_path(tree, r->stream[r->first_stream[carrier]].iommu, arena);
	return NULL;
}

static bool may_share(const struct xlpt_plan *plan, const struct plan_item *item)
{
	return diag_allowed(plan->diags, DIAG_IOMEM_SHARED_PAGE) ||
	       diag_set_has(&item->options->allowed, DIAG_IOMEM_SHARED_PAGE);
}

static int add_own(struct arena *arena, struct holding *holding, const struct xlpt_own_lists *own)
{
	struct held *held;
	int rc;

	if (!own->n_iomem && !own->n_irqs && !own->n_dtdev)
		return 0;
	held = holding_add_device(arena, holding, NULL);
	if (!held)
		return -ENOMEM;
	rc = held_add_iomem(arena, held, own->iomem, own->n_iomem);
	if (!rc)
		rc = held_add_irqs(arena, held, own->irqs, own->n_irqs);
	if (!rc)
		rc = holding_add_dtdev(arena, holding, own->dtdev, own->n_dtdev);
	return rc;
}

int holding_of_plan(struct arena *arena, const struct xlpt_plan *plan,
		    const struct xlpt_own_lists *own, struct holding *holding_r)
{
	size_t i;
	int rc = 0;

	*holding_r = (struct holding){ 0 };
	for (i = 0; i < plan->n_items && !rc; i++) {
		const struct xlpt_plan_device *device = &plan->devices[i];
		struct held *held = holding_add_device(arena, holding_r, device->path);

		if (!held)
			return -ENOMEM;
		held->may_share = may_share(plan, &plan->item[i]);
		held->iommu = iommu_of(arena, plan, plan->item[i].node);
		rc = add_regs(arena, held, device);
		if (!rc)
			rc = held_add_irqs(arena, held, device->irqs, device->n_irqs);
		/* A device may name a line several times; it holds it once. */
		if (!rc)
			held->n_irqs = u32_set_make(held->irqs, held->n_irqs);
	}
	if (!rc)
		rc = holding_add_dtdev(arena, holding_r, plan->dtdev, plan->n_dtdev);
	if (!rc && own)
		rc = add_own(arena, holding_r, own);
	if (!rc)
		rc = holding_finish(arena, holding_r);
	return rc ? rc : arena->failed ? -ENOMEM : 0;
}

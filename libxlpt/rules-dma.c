/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of a device's nodes can write memory with nobody holding them back. */
#include "dma.h"

/* Does a node on the way from `node` up to the item's top, or below `node`, carry streams that protect? */
static bool covered_inside(const struct xlpt_plan *plan, const struct plan_item *item, uint32_t node)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t i;

	for (i = node; i != XLPT_NO_NODE && tree_within(tree, i, item->node); i = tree->node[i].parent)
		if (dma_protected(plan, i))
			return true;
	for (i = r->first_stream[node]; i < r->first_stream[tree->node[node].end]; i++)
		if (dma_protected(plan, r->stream[i].node))
			return true;
	return false;
}

static void unprotected(struct xlpt_plan *plan, uint32_t node, enum mastery mastery, const char *why,
			bool behind_iommu)
{
	const char *path = plan_path(plan, node);

	diag_add(plan->diags, DIAG_DMA_UNPROTECTED, 0, path, NULL, NULL,
		 "%s master the bus (%s), and %s", mastery == MASTER_YES ? "can" : "may", why,
		 behind_iommu ? "its IOMMU protects nothing here" : "no IOMMU of the tree has its stream");
	if (diag_allowed(plan->diags, DIAG_DMA_UNPROTECTED))
		diag_add(plan->diags, DIAG_DMA_AFTER_DESTROY, 0, path, NULL, NULL,
			 "DMA it has started goes on after the guest is destroyed, into memory that is then somebody else's");
}

void rules_dma(struct xlpt_plan *plan, struct plan_item *item)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t node, end = item->end, above = XLPT_NO_NODE;
	bool asked_above = false, used_above = false;

	for (node = item->node; node < end; node++) {
		bool own = r->first_stream[node + 1] > r->first_stream[node];
		const char *why = "";
		enum mastery mastery;

		if (own)
			dma_add_carrier(plan, node);
		/* Only what has registers of its own can be programmed to do DMA. */
		if (!own && r->first_reg[node + 1] == r->first_reg[node])
			continue;
		mastery = dma_can_master(tree, node, &why);
		if (mastery == MASTER_NO || covered_inside(plan, item, node))
			continue;
		if (!asked_above) {
			above = dma_carrier_above(tree, item->node);
			asked_above = true;
		}
		if (!own && above != XLPT_NO_NODE) {
			if (!used_above && !plan_item_of(plan, above)) {
				used_above = true;
				dma_add_carrier(plan, above);
				if (dma_protected(plan, above))
					dma_check_siblings(plan, node, above);
			}
			if (dma_protected(plan, above))
				continue;
		}
		unprotected(plan, node, mastery, why, own || above != XLPT_NO_NODE);
	}
}

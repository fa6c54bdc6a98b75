/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Putting the stages together, and what the public API hands out of the result. */
#include <errno.h>
#include <stdlib.h>

#include "groups.h"
#include "outside.h"
#include "plan.h"

struct plan_item *plan_item_of(const struct xlpt_plan *plan, uint32_t node)
{
	size_t low = 0, high = plan->n_items, middle;

	/* The last item that starts at or before the node. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (plan->item[middle].node <= node)
			low = middle + 1;
		else
			high = middle;
	}
	return low && tree_within(plan->tree, node, plan->item[low - 1].node) ?
	       &plan->item[low - 1] : NULL;
}

const char *plan_path(struct xlpt_plan *plan, uint32_t node)
{
	const char *path = tree_path(plan->tree, node, &plan->arena);

	return path ? path : "";
}

void plan_mark(struct xlpt_plan *plan, uint32_t node)
{
	uint32_t *slot = arena_push(&plan->arena, &plan->mark_node, &plan->n_mark, &plan->mark_room,
				    sizeof(*slot));

	if (slot)
		*slot = node;
}

void plan_run_rules(struct xlpt_plan *plan, struct plan_item *item)
{
	plan->diags->allowed_here = item->options->allowed;
	rules_device(plan, item);
	/* What Xen keeps needs no further reasons. */
	if (!device_reserved(plan->host, item->node)) {
		rules_pci(plan, item);
		rules_iomem(plan, item);
		rules_irq(plan, item);
		rules_dma(plan, item);
	}
	plan->diags->allowed_here = (struct diag_set){ { 0, 0 } };
}

/* Nodes of an item that Xen would give to dom0, unless they are marked. */
static void mark_item(struct xlpt_plan *plan, const struct plan_item *item)
{
	const struct resources *r = plan->tree->resources;
	uint32_t node, end = plan->tree->node[item->node].end, i;

	plan_mark(plan, item->node);
	for (node = item->node + 1; node < end; node++) {
		bool wanted = r->first_reg[node + 1] > r->first_reg[node] ||
			      r->first_stream[node + 1] > r->first_stream[node];

		for (i = r->first_irq[node]; i < r->first_irq[node + 1] && !wanted; i++)
			wanted = r->irq[i].kind == IRQ_SPI;
		if (wanted)
			plan_mark(plan, node);
	}
}

int xlpt_plan_make(const struct xlpt_tree *tree, const struct xlpt_settings *settings,
		   const char *const *selections, size_t n_selections,
		   struct xlpt_diags *diags, struct xlpt_plan **plan_r)
{
	struct xlpt_plan *plan;
	size_t i;
	int rc;

	*plan_r = NULL;
	plan = calloc(1, sizeof(*plan));
	if (!plan)
		return -ENOMEM;
	arena_init(&plan->arena);
	plan->tree = tree;
	plan->settings = settings;
	plan->diags = diags;
	plan->host = &plan->own_host;
	plan->others = tree;
	rc = plan_host_init(&plan->own_host, tree, settings, &plan->arena);
	if (!rc)
		rc = select_items(plan, selections, n_selections);
	if (rc)
		goto out;
	plan_skip(plan);
	rc = outside_make(plan);
	if (rc)
		goto out;
	if (n_selections && !plan->n_items && !diags->count[XLPT_ERROR])
		diag_add(diags, DIAG_SELECTION_EMPTY, 0, NULL, NULL, NULL,
			 "nothing is left to pass: every device that was selected is left out for the reason noted");
	for (i = 0; i < plan->n_items; i++) {
		plan_run_rules(plan, &plan->item[i]);
		mark_item(plan, &plan->item[i]);
	}
	rules_dma_finish(plan);
	rules_providers(plan);
	outside_free(plan);
	rc = place_items(plan);
	if (!rc)
		rc = guest_build(plan);
	if (!rc)
		groups_hint(plan);
	if (!rc)
		rc = plan_finish(plan);
	if (!rc && (plan->arena.failed || diags->arena.failed))
		rc = -ENOMEM;
	plan->ok = !rc && !diags->count[XLPT_ERROR] && plan->placed && plan->n_items;
out:
	if (rc)
		xlpt_plan_free(plan);
	else
		*plan_r = plan;
	return rc;
}

void xlpt_plan_free(struct xlpt_plan *plan)
{
	if (!plan)
		return;
	outside_free(plan);
	arena_free(&plan->arena);
	free(plan);
}

bool xlpt_plan_ok(const struct xlpt_plan *plan)
{
	return plan->ok;
}

const struct xlpt_plan_device *xlpt_plan_devices(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_items;
	return plan->devices;
}

const struct xlpt_iomem *xlpt_plan_iomem(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_iomem;
	return plan->iomem;
}

const uint32_t *xlpt_plan_irqs(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_irqs;
	return plan->irqs;
}

const char *const *xlpt_plan_dtdev(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_dtdev;
	return plan->dtdev;
}

const char *const *xlpt_plan_mark(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_mark;
	return plan->mark;
}

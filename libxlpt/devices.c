/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "devices.h"

/* A device this small always finds a place: the smallest of the holes that are free everywhere is larger. */
#define ALWAYS_FITS_FRAMES 4096

/* Looks at sharers for all devices together: each names few, but steps over its own and over buses. */
#define LOOKS(r) (65536 + 16 * ((uint64_t)(r)->n_reg + (r)->n_spi + (r)->n_stream))

const char *xlpt_verdict_name(enum xlpt_verdict verdict)
{
	static const char *const names[] = { "ready", "attention", "impossible" };

	return names[verdict];
}

/* Worth asking the planner whether it fits at all? */
static bool is_large(const struct xlpt_tree *tree, uint32_t node)
{
	const struct resources *r = tree->resources;
	uint32_t i, end = tree->node[node].end;
	uint64_t frames = 0, more;

	for (i = r->first_reg[node]; i < r->first_reg[end]; i++) {
		more = frames_of(r->reg[i].base, r->reg[i].size);
		frames = more > ALWAYS_FITS_FRAMES ? more : frames + more;
		if (frames > ALWAYS_FITS_FRAMES)
			return true;
	}
	for (; node < end; node++)
		if (pci_is_host_bridge(tree, node))
			return true;
	return false;
}

static int judge(struct xlpt_plan *plan, uint32_t node, struct device_verdict *verdict)
{
	static const struct item_options no_options;
	struct plan_item *item = plan->item;
	int rc = 0;

	arena_reset(&plan->arena);
	diags_clear(plan->diags);
	plan->mark_node = plan->dtdev_node = plan->enable_node = NULL;
	plan->n_mark = plan->n_dtdev = plan->n_enable = 0;
	plan->mark_room = plan->dtdev_room = plan->enable_room = 0;
	plan->run = NULL;
	plan->n_runs = 0;
	plan->placed = false;

	*item = (struct plan_item){
		.node = node, .literal = true, .options = &no_options,
		.end = plan->tree->node[node].end,
	};
	/* Devices inside one another are looked at by each that holds them, so not without end. */
	plan->unexamined = item->end - node - 1 > plan->nodes_left;
	if (plan->unexamined)
		item->end = node + 1;
	plan->nodes_left -= item->end - node - 1;
	item->path = plan_path(plan, node);
	rules_device(plan, item);
	/* A node that is Xen's own needs no further reasons. */
	if (!device_reserved(plan->host, node)) {
		rules_iomem(plan, item);
		rules_irq(plan, item);
		rules_dma(plan, item);
		rules_dma_finish(plan);
		if (is_large(plan->tree, node))
			rc = place_items(plan);
		guest_check(plan, item);
	}
	if (plan->unexamined)
		diag_add(plan->diags, DIAG_DEVICE_UNEXAMINED, 0, item->path, NULL, NULL,
			 "not all nodes were looked at that lie inside it or go along with it: the tree has too many devices inside one another");
	if (plan->arena.failed || plan->diags->arena.failed)
		rc = -ENOMEM;
	*verdict = (struct device_verdict){
		.node = node, .path = item->path, .diags = plan->diags,
		.verdict = plan->diags->impossible ? XLPT_IMPOSSIBLE :
			   plan->diags->count[XLPT_ERROR] ? XLPT_ATTENTION : XLPT_READY,
	};
	return rc;
}

int devices_each(const struct xlpt_tree *tree, const struct xlpt_settings *settings, verdict_fn fn,
		 void *opaque)
{
	struct device_verdict verdict;
	struct plan_item item;
	struct xlpt_diags diags;
	struct xlpt_plan plan = {
		.tree = tree, .settings = settings, .diags = &diags, .host = &plan.own_host,
		.item = &item, .n_items = 1, .limited = true, .others = tree,
		.nodes_left = NODES_LEFT(tree->n_nodes), .sharers_left = LOOKS(tree->resources),
	};
	struct arena arena;
	uint32_t node;
	int rc;

	arena_init(&plan.arena);
	arena_init(&arena);
	diags_init(&diags);
	plan.is_taken = calloc(tree->n_nodes, sizeof(*plan.is_taken));
	if (!plan.is_taken)
		return -ENOMEM;
	rc = plan_host_init(&plan.own_host, tree, settings, &arena);
	for (node = 0; node < tree->n_nodes && !rc; node++) {
		if (!(tree->node[node].flags & TREE_CANDIDATE))
			continue;
		rc = judge(&plan, node, &verdict);
		if (!rc)
			rc = fn(opaque, &verdict);
	}
	free(plan.is_taken);
	diags_fini(&diags);
	arena_free(&plan.arena);
	arena_free(&arena);
	return rc;
}

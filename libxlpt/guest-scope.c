/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which nodes of the host tree go to the guest. */
#include "guest.h"

/* The only property with which a graph's endpoint names its other end. */
static uint32_t remote_endpoint(const struct xlpt_tree *tree, uint32_t node)
{
	const struct tree_prop *prop = tree_prop_named(tree, node, "remote-endpoint");

	return prop && prop->len >= 4 ? tree_by_phandle(tree, prop_cell(tree, prop, 0)) : XLPT_NO_NODE;
}

/* Is the node, or one between it and the selected one, which goes along whatever its status? */
static bool is_disabled(const struct xlpt_tree *tree, const struct plan_item *item, uint32_t node)
{
	for (; node != item->node; node = tree->node[node].parent)
		if (tree->node[node].flags & TREE_DISABLED)
			return true;
	return false;
}

/*
 * An endpoint goes along when its other end does and points back. Asking both
 * ends the same symmetric question keeps them consistent.
 */
static bool endpoint_stays(const struct guest_walk *w, uint32_t node)
{
	uint32_t other = remote_endpoint(w->tree, node);
	const struct plan_item *item;

	if (other == XLPT_NO_NODE)
		return tree_prop_named(w->tree, node, "remote-endpoint") != NULL;
	item = plan_item_of(w->plan, other);
	return !item || is_disabled(w->tree, item, other) || remote_endpoint(w->tree, other) != node;
}

/*
 * Told anew each time: what is remembered of one device's items is another
 * size of the tree for each device, where all refer to each other.
 */
enum guest_left_out guest_left_out(const struct guest_walk *w, const struct plan_item *item,
				   uint32_t node)
{
	if (is_disabled(w->tree, item, node))
		return LEFT_DISABLED;
	for (; node != item->node; node = w->tree->node[node].parent)
		if (tree_name_is(w->tree, node, "endpoint") && endpoint_stays(w, node))
			return LEFT_GRAPH;
	return LEFT_NOT;
}

bool guest_inside(const struct guest_walk *w, uint32_t node)
{
	const struct plan_item *item = plan_item_of(w->plan, node);

	return item && guest_left_out(w, item, node) == LEFT_NOT;
}

bool guest_takeable(const struct guest_walk *w, uint32_t node)
{
	const struct xlpt_tree *tree = w->tree;
	const struct resources *r = tree->resources;
	size_t low = 0, high = w->plan->n_items, middle;
	uint32_t end = tree->node[node].end;

	if (!node || r->first_reg[end] > r->first_reg[node] || r->first_irq[end] > r->first_irq[node])
		return false;
	/* Nor may it hold an item: one node, one copy. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (w->plan->item[middle].node < node)
			low = middle + 1;
		else
			high = middle;
	}
	return low == w->plan->n_items || w->plan->item[low].node >= end;
}

bool guest_take(struct guest_walk *w, uint32_t node)
{
	struct xlpt_plan *plan = w->plan;
	uint32_t *slot;

	/* One for all devices: making it anew for each takes the square of the tree's size. */
	if (!plan->is_taken)
		plan->is_taken = arena_alloc(&plan->arena, w->tree->n_nodes, sizeof(*plan->is_taken));
	w->is_taken = plan->is_taken;
	if (!w->is_taken)
		return false;
	if (w->is_taken[node])
		return true;
	slot = arena_push(&w->plan->arena, &w->taken, &w->n_taken, &w->taken_room, sizeof(*slot));
	if (!slot)
		return false;
	*slot = node;
	w->is_taken[node] = TAKEN_QUEUED;
	return true;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which nodes of the host tree go to the guest. */
#include "guest.h"

/* Beside enum guest_left_out: an endpoint that was asked about and goes along. */
#define ENDPOINT_GOES 3

/* The only property with which a graph's endpoint names its other end. */
static uint32_t remote_endpoint(const struct xlpt_tree *tree, uint32_t node)
{
	const struct tree_prop *prop = tree_prop_named(tree, node, "remote-endpoint");

	return prop && prop->len >= 4 ? tree_by_phandle(tree, prop_cell(tree, prop, 0)) : XLPT_NO_NODE;
}

/* The states of an item's subtree, made when the first one is asked for. */
static uint8_t *item_states(struct guest_walk *w, const struct plan_item *item)
{
	const struct xlpt_tree *tree = w->tree;
	size_t index = (size_t)(item - w->plan->item);
	uint32_t node, end = tree->node[item->node].end;
	uint8_t *state;

	if (!w->left_out)
		w->left_out = arena_alloc(&w->plan->arena, w->plan->n_items, sizeof(*w->left_out));
	if (!w->left_out)
		return NULL;
	if (w->left_out[index])
		return w->left_out[index];
	state = arena_alloc(&w->plan->arena, end - item->node, sizeof(*state));
	for (node = item->node + 1; state && node < end; node++)
		if (tree->node[node].flags & TREE_DISABLED)
			state[node - item->node] = LEFT_DISABLED;
		else
			state[node - item->node] = state[tree->node[node].parent - item->node];
	return w->left_out[index] = state;
}

/*
 * An endpoint goes along when its other end does and points back. Asking both
 * ends the same symmetric question keeps them consistent.
 */
static bool endpoint_stays(struct guest_walk *w, uint32_t node)
{
	uint32_t other = remote_endpoint(w->tree, node);
	const struct plan_item *item;
	const uint8_t *state;

	if (other == XLPT_NO_NODE)
		return tree_prop_named(w->tree, node, "remote-endpoint") != NULL;
	item = plan_item_of(w->plan, other);
	state = item ? item_states(w, item) : NULL;
	return !state || state[other - item->node] == LEFT_DISABLED ||
	       remote_endpoint(w->tree, other) != node;
}

/* One node, its ancestors aside; endpoints are asked about once. */
static enum guest_left_out left_itself(struct guest_walk *w, uint32_t node, uint8_t *state)
{
	if (*state == LEFT_NOT && tree_name_is(w->tree, node, "endpoint"))
		*state = endpoint_stays(w, node) ? LEFT_GRAPH : ENDPOINT_GOES;
	return *state == ENDPOINT_GOES ? LEFT_NOT : *state;
}

enum guest_left_out guest_left_out(struct guest_walk *w, const struct plan_item *item,
				   uint32_t node)
{
	enum guest_left_out left = LEFT_NOT;
	uint8_t *state;

	/* The selected node goes along whatever its status, and most have nothing below. */
	if (node == item->node)
		return LEFT_NOT;
	state = item_states(w, item);
	if (!state)
		return LEFT_DISABLED;
	for (; node != item->node && left == LEFT_NOT; node = w->tree->node[node].parent)
		left = left_itself(w, node, &state[node - item->node]);
	return left;
}

bool guest_inside(struct guest_walk *w, uint32_t node)
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* #address-cells and #size-cells, where the guest's nodes need others than the host's. */
#include "address.h"
#include "guest.h"

/* Do the guest's children of a node count cells? */
static bool has_counted_child(struct guest_walk *w, uint32_t node)
{
	const struct xlpt_tree *tree = w->tree;
	uint32_t child;

	for (child = tree_child(tree, node); child != XLPT_NO_NODE; child = tree_sibling(tree, child))
		if (w->guest_of[child] && tree_prop(tree, child, P_REG))
			return true;
	return false;
}

/* Does the count come from above the item? */
static bool inherited(const struct guest_walk *w, uint32_t node, enum prop_name count)
{
	for (; node != XLPT_NO_NODE && tree_within(w->tree, node, w->item->node);
	     node = w->tree->node[node].parent)
		if (tree_prop(w->tree, node, count))
			return false;
	return true;
}

void guest_add_counts(struct guest_walk *w, uint32_t node, struct guest_node *out)
{
	const struct tree_node *n = &w->tree->node[node];

	if ((n->address_cells == 2 && n->size_cells == 2) || n->address_cells > ADDRESS_MAX_CELLS ||
	    n->size_cells > ADDRESS_MAX_CELLS)
		return;
	if (!tree_prop(w->tree, node, P_INTERRUPT_MAP) && !tree_prop(w->tree, node, P_RANGES) &&
	    !has_counted_child(w, node))
		return;
	if (inherited(w, node, P_ADDRESS_CELLS))
		guest_prop_cell(w->out, out, "#address-cells", n->address_cells);
	if (inherited(w, node, P_SIZE_CELLS))
		guest_prop_cell(w->out, out, "#size-cells", n->size_cells);
}

bool guest_counts_serve(struct guest_walk *w, uint32_t node)
{
	const struct xlpt_tree *tree = w->tree;
	bool left = false, any = false;
	uint32_t child;

	if (tree_prop(tree, node, P_RANGES))
		return true;
	for (child = tree_child(tree, node); child != XLPT_NO_NODE; child = tree_sibling(tree, child)) {
		if (!w->guest_of[child]) {
			left = true;
			continue;
		}
		any = true;
		if (tree_prop(tree, child, P_REG))
			return true;
	}
	return !left || !any;
}

uint32_t guest_lone_endpoint(struct guest_walk *w, uint32_t port)
{
	const struct xlpt_tree *tree = w->tree;
	uint32_t child, lone = XLPT_NO_NODE, number;
	bool left = false;

	for (child = tree_child(tree, port); child != XLPT_NO_NODE; child = tree_sibling(tree, child)) {
		if (!w->guest_of[child])
			left = true;
		else if (lone != XLPT_NO_NODE || !tree_name_is(tree, child, "endpoint"))
			return XLPT_NO_NODE;
		else
			lone = child;
	}
	if (!left || lone == XLPT_NO_NODE || !tree_u32(tree, lone, P_REG, &number) || number)
		return XLPT_NO_NODE;
	return lone;
}

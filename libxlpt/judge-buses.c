/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Will Linux make devices of the nodes, and read their registers as they were meant? */
#include "address.h"
#include "judge-parts.h"

/* Below what Linux makes platform devices by itself (of_default_bus_match_table). */
static bool is_bus(const struct xlpt_tree *tree, uint32_t node)
{
	return tree_compatible(tree, node, "simple-bus") || tree_compatible(tree, node, "simple-mfd") ||
	       tree_compatible(tree, node, "isa") || tree_compatible(tree, node, "arm,amba-bus");
}

static bool has_devices(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t child;

	for (child = tree_child(tree, node); child != XLPT_NO_NODE; child = tree_sibling(tree, child))
		if (tree->node[child].flags & TREE_COMPATIBLE)
			return true;
	return false;
}

static bool has_registers(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t child;

	for (child = tree_child(tree, node); child != XLPT_NO_NODE; child = tree_sibling(tree, child))
		if (tree_prop(tree, child, P_REG))
			return true;
	return false;
}

static void check_bus(struct judge *j, uint32_t node)
{
	const struct xlpt_tree *tree = j->tree;
	bool top = node == j->passthrough;
	const struct tree_prop *ranges = tree_prop(tree, node, P_RANGES);
	uint32_t parent = tree->node[node].parent;

	if (!is_bus(tree, node)) {
		/* A driver of its own may fill a bus; nobody does it for a node without compatible. */
		if (top || (!(tree->node[node].flags & TREE_COMPATIBLE) && ranges &&
			    has_devices(tree, node)))
			judge_add(j, DIAG_GUEST_BUS, node, "compatible",
				  "is not compatible with \"simple-bus\": Linux makes no devices of the nodes below it");
		if (!top)
			return;
	}
	if (!top && !has_registers(tree, node))
		return;
	if (!ranges) {
		judge_add(j, DIAG_GUEST_BUS, node, "ranges",
			  "has no ranges: the registers below it translate to no address");
		return;
	}
	if (!tree_prop(tree, node, P_ADDRESS_CELLS) || !tree_prop(tree, node, P_SIZE_CELLS))
		judge_add(j, DIAG_GUEST_BUS, node,
			  tree_prop(tree, node, P_ADDRESS_CELLS) ? "#size-cells" : "#address-cells",
			  "does not say how many cells an address and a size below it have");
	else if (!ranges->len &&
		 (tree->node[node].address_cells != tree->node[parent].address_cells ||
		  tree->node[node].size_cells != tree->node[parent].size_cells))
		judge_add(j, DIAG_GUEST_CELLS, node, "ranges",
			  "has %u/%u cells and an empty ranges, the bus above it %u/%u",
			  tree->node[node].address_cells, tree->node[node].size_cells,
			  tree->node[parent].address_cells, tree->node[parent].size_cells);
}

static void check_entries(struct judge *j, uint32_t node)
{
	struct address_reg reg;
	unsigned i;

	for (i = 0; address_reg(j->tree, node, i, &reg); i++) {
		if (!reg.translates)
			judge_add(j, DIAG_GUEST_REG_INVALID, node, "reg",
				  "entry %u does not translate to an address: the ranges above do not cover it", i);
		else if (reg.past_window)
			judge_add(j, DIAG_GUEST_REG_INVALID, node, "reg",
				  "entry %u (0x%llx) runs past the ranges window it starts in", i,
				  (unsigned long long)reg.base);
	}
}

/* Is everything from here up to /passthrough a bus whose registers are to translate? */
static bool on_bus(const struct judge *j, uint32_t node)
{
	for (; node != j->passthrough; node = j->tree->node[node].parent)
		if (!(j->tree->node[node].flags & TREE_BUS))
			return false;
	return j->tree->node[node].flags & TREE_BUS;
}

static void check_reg(struct judge *j, uint32_t node)
{
	const struct tree_prop *reg = tree_prop(j->tree, node, P_REG);
	uint32_t parent = j->tree->node[node].parent;
	unsigned na, ns;

	if (!reg)
		return;
	/* Where nobody counts cells (port@0 of a graph) the number is a name, not an address. */
	if (parent != j->passthrough &&
	    !(j->tree->node[parent].flags & (TREE_OWN_ADDRESS_CELLS | TREE_BUS)))
		return;
	if (!address_cells(j->tree, parent, &na, &ns)) {
		/* A graph or a list may count addresses without sizes, which only buses may not. */
		if (j->tree->node[parent].flags & TREE_BUS)
			judge_add(j, DIAG_GUEST_REG_INVALID, node, "reg",
				  "the cell counts of its bus are none that Linux takes");
		return;
	}
	if (!reg->len || reg->len % (4 * (na + ns))) {
		judge_add(j, DIAG_GUEST_REG_INVALID, node, "reg",
			  "holds %u cells, no whole number of entries of %u + %u", reg->len / 4, na, ns);
		return;
	}
	if (j->tree->node[parent].bus == BUS_DEFAULT && on_bus(j, parent))
		check_entries(j, node);
}

void judge_buses(struct judge *j)
{
	uint32_t node;

	for (node = j->passthrough; node < j->tree->node[j->passthrough].end; node++) {
		check_bus(j, node);
		if (node != j->passthrough)
			check_reg(j, node);
	}
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where each node's lines go, found once: a tree may have nodes that refer
 * from one to the next in a long row, and many lines that go through it.
 */
#include <errno.h>

#include "interrupt.h"
#include "irq-cascade.h"

/* In the arrays while they are filled; no tree has so many nodes. */
#define UNKNOWN (XLPT_NO_NODE - 1)
#define OPEN (XLPT_NO_NODE - 2)

/* Controllers that parse their interrupt-map themselves (drivers/of/irq.c, of_irq_imap_abusers). */
static const char *const map_abusers[] = {
	"CBEA,platform-spider-pic", "sti,platform-spider-pic", "realtek,rtl-intc",
	"fsl,ls1021a-extirq", "fsl,ls1043a-extirq", "fsl,ls1088a-extirq",
	"renesas,rza1-irqc", "pasemi,rootbus",
};

#define N_ABUSERS (sizeof(map_abusers) / sizeof(*map_abusers))

static bool takes_lines(const struct xlpt_tree *tree, uint32_t node)
{
	return tree->node[node].flags & TREE_INTERRUPT_CONTROLLER &&
	       (!tree_prop(tree, node, P_INTERRUPT_MAP) ||
		tree_compatible_among(tree, node, map_abusers, N_ABUSERS) < N_ABUSERS);
}

static uint32_t next_up(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t phandle;

	if (tree_u32(tree, node, P_INTERRUPT_PARENT, &phandle))
		return tree_by_phandle(tree, phandle);
	return tree->node[node].parent;
}

/* From a node to the one that interrupt_parent() is to find, and all on the way with it. */
static void fill_parent(struct xlpt_tree *tree, uint32_t node)
{
	uint32_t *parent = tree->irq_parent, at = node, found;

	for (; parent[at] == UNKNOWN; at = found) {
		parent[at] = OPEN;
		found = next_up(tree, at);
		if (found == XLPT_NO_NODE || tree_prop(tree, found, P_INTERRUPT_CELLS))
			goto out;
	}
	/* A loop has no end. Linux would not return from one. */
	found = parent[at] == OPEN ? XLPT_NO_NODE : parent[at];
out:
	for (at = node; at != XLPT_NO_NODE && parent[at] == OPEN; at = next_up(tree, at))
		parent[at] = found;
}

static bool stops(const struct xlpt_tree *tree, uint32_t node)
{
	return tree->node[node].flags & TREE_TAKES_LINES || tree_prop(tree, node, P_INTERRUPT_MAP);
}

/* From a node that counts interrupt cells to the one where its lines end or are mapped. */
static void fill_stop(struct xlpt_tree *tree, uint32_t node)
{
	uint32_t *stop = tree->irq_stop, at = node, found;

	for (; stop[at] == UNKNOWN; at = found) {
		stop[at] = OPEN;
		found = stops(tree, at) ? at : tree->irq_parent[at];
		if (found == XLPT_NO_NODE || found == at)
			goto out;
	}
	found = stop[at] == OPEN ? XLPT_NO_NODE : stop[at];
out:
	for (at = node; at != XLPT_NO_NODE && stop[at] == OPEN; at = tree->irq_parent[at])
		stop[at] = found;
}

int interrupt_build_parents(struct xlpt_tree *tree)
{
	uint32_t node;

	tree->irq_parent = arena_alloc(&tree->arena, tree->n_nodes, sizeof(*tree->irq_parent));
	tree->irq_stop = arena_alloc(&tree->arena, tree->n_nodes, sizeof(*tree->irq_stop));
	if (!tree->irq_parent || !tree->irq_stop)
		return -ENOMEM;
	for (node = 0; node < tree->n_nodes; node++) {
		tree->irq_parent[node] = tree->irq_stop[node] = UNKNOWN;
		if (takes_lines(tree, node))
			tree->node[node].flags |= TREE_TAKES_LINES;
		if (tree_prop(tree, node, P_INTERRUPT_CELLS) && irq_is_stacked(tree, node))
			tree->node[node].flags |= TREE_STACKED;
	}
	for (node = 0; node < tree->n_nodes; node++)
		fill_parent(tree, node);
	for (node = 0; node < tree->n_nodes; node++)
		if (tree_prop(tree, node, P_INTERRUPT_CELLS))
			fill_stop(tree, node);
	return 0;
}

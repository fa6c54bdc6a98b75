/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "irq-cascade.h"
#include "resources.h"

/* Controllers behind controllers; boards have three. */
#define MAX_CASCADE 8
/* Lines of a controller that are looked at; one is enough. */
#define MAX_LINES 64

/*
 * Stacked on the GIC line by line, but with an `interrupts` for purposes of their own: Linux 6.1's
 * drivers/irqchip/irq-imx-gpcv2.c and irq-sun6i-r.c, arch/arm/mach-imx/gpc.c.
 */
static const char *const stacked[] = {
	"fsl,imx6q-gpc", "fsl,imx7d-gpc", "fsl,imx8mq-gpc",
	"allwinner,sun6i-a31-r-intc", "allwinner,sun50i-h6-r-intc",
};

#define N_STACKED (sizeof(stacked) / sizeof(*stacked))

bool irq_is_stacked(const struct xlpt_tree *tree, uint32_t controller)
{
	return tree_compatible_among(tree, controller, stacked, N_STACKED) < N_STACKED;
}

bool irq_is_chip(const struct xlpt_tree *tree, uint32_t node)
{
	const struct resources *r = tree->resources;
	uint32_t parent = tree->node[node].parent;

	return parent != XLPT_NO_NODE && r->first_reg[node + 1] == r->first_reg[node] &&
	       tree_prop(tree, node, P_REG) && !tree->node[parent].size_cells;
}

/*
 * The interrupts of the controller are its own; else those of what it is a
 * part of, up to the whole device, where a sibling may have them.
 */
static void find_lines(const struct xlpt_tree *tree, uint32_t controller, uint32_t *first_r,
		       uint32_t *end_r)
{
	const struct resources *r = tree->resources;
	uint32_t node;

	*first_r = *end_r = 0;
	for (node = controller; node && node != XLPT_NO_NODE; node = tree->node[node].parent) {
		bool whole = r->first_reg[node + 1] > r->first_reg[node] || irq_is_chip(tree, node);

		*first_r = r->first_irq[node];
		*end_r = r->first_irq[node + 1];
		if (*first_r == *end_r && whole)
			*end_r = r->first_irq[tree->node[node].end];
		if (*end_r > *first_r || whole)
			break;
	}
	if (*end_r - *first_r > MAX_LINES)
		*end_r = *first_r + MAX_LINES;
}

bool irq_cascade_reaches_gic(const struct xlpt_tree *tree, uint32_t controller)
{
	const struct resources *r = tree->resources;
	uint32_t next, i, end;
	unsigned hops;

	for (hops = 0; hops < MAX_CASCADE && controller != XLPT_NO_NODE; hops++, controller = next) {
		if (tree->node[controller].flags & TREE_STACKED)
			return false;
		next = XLPT_NO_NODE;
		for (find_lines(tree, controller, &i, &end); i < end; i++) {
			if (r->irq[i].kind == IRQ_SPI)
				return true;
			if (r->irq[i].kind == IRQ_FOREIGN && next == XLPT_NO_NODE)
				next = r->irq[i].controller;
		}
	}
	return false;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "interrupt.h"
#include "irq-map.h"

/* drivers/irqchip/irq-gic.c, irq-gic-v3.c, irq-gic-realview.c (IRQCHIP_DECLARE). */
static const struct {
	const char *compatible;
	unsigned xen;		/* the version Xen drives it as, 0: it does not */
} gics[] = {
	{ "arm,gic-400", 2 },
	{ "arm,cortex-a15-gic", 2 },
	{ "arm,cortex-a7-gic", 2 },
	{ "arm,gic-v3", 3 },
	{ "arm,cortex-a9-gic", 0 },
	{ "arm,arm11mp-gic", 0 },
	{ "arm,arm1176jzf-devchip-gic", 0 },
	{ "arm,pl390", 0 },
	{ "qcom,msm-8660-qgic", 0 },
	{ "qcom,msm-qgic2", 0 },
	{ "arm,tc11mp-gic", 0 },
	{ "arm,eb11mp-gic", 0 },
};

#define N_OF(array) (sizeof(array) / sizeof(*(array)))

static bool is_gic(const struct xlpt_tree *tree, uint32_t node)
{
	size_t i;

	for (i = 0; i < N_OF(gics); i++)
		if (tree_compatible(tree, node, gics[i].compatible))
			return true;
	return false;
}

bool interrupt_gic_is_driven(const struct xlpt_tree *tree, uint32_t gic, unsigned *version_r)
{
	size_t i;

	for (i = 0; gic != XLPT_NO_NODE && i < N_OF(gics); i++)
		if (gics[i].xen && tree_compatible(tree, gic, gics[i].compatible)) {
			*version_r = gics[i].xen;
			return true;
		}
	return false;
}

uint32_t interrupt_parent(const struct xlpt_tree *tree, uint32_t node)
{
	return tree->irq_parent[node];
}

uint32_t interrupt_find_gic(const struct xlpt_tree *tree)
{
	uint32_t node, parent, phandle;

	for (node = 0; node < tree->n_nodes; node++) {
		const struct tree_node *n = &tree->node[node];

		if (!(n->flags & TREE_INTERRUPT_CONTROLLER) || n->flags & TREE_DISABLED ||
		    !is_gic(tree, node))
			continue;
		parent = XLPT_NO_NODE;
		if (tree_u32(tree, node, P_INTERRUPTS_EXTENDED, &phandle))
			parent = tree_by_phandle(tree, phandle);
		if (parent == XLPT_NO_NODE)
			parent = interrupt_parent(tree, node);
		if (parent == XLPT_NO_NODE || parent == node)
			return node;
	}
	return XLPT_NO_NODE;
}

/* The specifier at the primary GIC (irq-gic.c and irq-gic-v3.c, *_domain_translate). */
static void classify(const struct xlpt_tree *tree, struct interrupt *irq)
{
	if (irq->controller != tree->gic) {
		irq->kind = IRQ_FOREIGN;
		return;
	}
	irq->kind = IRQ_OUT_OF_RANGE;
	if (irq->n_cells < 3)
		return;
	irq->flags = irq->cell[2];
	switch (irq->cell[0]) {
	case 0:
		if (irq->cell[1] <= INTID_SPI_LAST - INTID_SPI_FIRST) {
			irq->kind = IRQ_SPI;
			irq->intid = irq->cell[1] + INTID_SPI_FIRST;
		}
		break;
	case 1:
		irq->kind = IRQ_PRIVATE;
		irq->intid = irq->cell[1] < 16 ? irq->cell[1] + 16 : irq->cell[1];
		break;
	}
}

/*
 * From the controller a specifier names to the one that takes the line:
 * Linux's of_irq_parse_raw(). `reg` are the first cells of the device's reg.
 *
 * The line counts as that of the controller the specifier or a map named, even
 * where that one neither takes it nor maps it and Linux looks above it.
 */
static bool resolve(const struct xlpt_tree *tree, const uint8_t *reg, unsigned n_reg,
		    struct interrupt *irq)
{
	uint32_t node = irq->controller, stop = tree->irq_stop[node], n_irq;
	struct irq_map_key key;
	unsigned i;

	if (!tree_u32(tree, node, P_INTERRUPT_CELLS, &n_irq) || irq->n_cells != n_irq)
		return false;
	key.n_address = irq_map_address_cells(tree, node);
	key.n_irq = n_irq;
	if (key.n_address + n_irq > INTERRUPT_MAX_CELLS || stop == XLPT_NO_NODE)
		return false;
	if (tree->node[stop].flags & TREE_TAKES_LINES)
		return true;
	for (i = 0; i < key.n_address; i++)
		key.cell[i] = reg && i < n_reg ? be32_at(reg + i * 4) : 0;
	for (i = 0; i < n_irq; i++)
		key.cell[key.n_address + i] = irq->cell[i];
	return irq_map_lookup(tree, stop, &key, irq);
}

static void unresolved(struct interrupt *irq)
{
	irq->kind = IRQ_UNRESOLVED;
	irq->controller = XLPT_NO_NODE;
}

static void resolve_for(const struct xlpt_tree *tree, uint32_t node, struct interrupt *irq)
{
	const struct tree_prop *reg = tree_prop(tree, node, P_REG);
	unsigned n_reg = reg ? reg->len / 4 : 0;

	/* Linux takes three cells along, enough for PCI. */
	if (n_reg > 3)
		n_reg = 3;
	if (resolve(tree, reg ? prop_value(tree, reg) : NULL, n_reg, irq))
		classify(tree, irq);
	else
		unresolved(irq);
}

/*
 * Entries of interrupts-extended; false at its end. *named_r: the entry names a
 * controller. One that does not leaves its index to `interrupts`, as in Linux.
 */
static bool next_extended(const struct xlpt_tree *tree, struct interrupt_cursor *cursor,
			  const struct tree_prop *prop, struct interrupt *irq, bool *named_r)
{
	const uint8_t *cells = prop_value(tree, prop);
	unsigned n = prop->len / 4, i;
	uint32_t phandle, n_irq;

	*named_r = false;
	if (cursor->position >= n)
		return false;
	phandle = be32_at(cells + cursor->position++ * 4);
	irq->controller = tree_by_phandle(tree, phandle);
	if (!phandle) {
		unresolved(irq);
		return true;
	}
	if (irq->controller == XLPT_NO_NODE ||
	    !tree_u32(tree, irq->controller, P_INTERRUPT_CELLS, &n_irq) ||
	    n_irq > n - cursor->position) {
		cursor->position = n;
		unresolved(irq);
		return true;
	}
	irq->n_cells = n_irq < INTERRUPT_MAX_CELLS ? n_irq : INTERRUPT_MAX_CELLS;
	for (i = 0; i < irq->n_cells; i++)
		irq->cell[i] = be32_at(cells + (cursor->position + i) * 4);
	cursor->position += n_irq;
	*named_r = true;
	resolve_for(tree, cursor->node, irq);
	return true;
}

/* Entry `index` of interrupts. */
static bool plain_entry(const struct xlpt_tree *tree, uint32_t node, unsigned index,
			struct interrupt *irq)
{
	const struct tree_prop *prop = tree_prop(tree, node, P_INTERRUPTS);
	uint32_t n_irq, parent;
	const uint8_t *cells;
	unsigned i;

	if (!prop)
		return false;
	parent = interrupt_parent(tree, node);
	if (parent == XLPT_NO_NODE || !tree_u32(tree, parent, P_INTERRUPT_CELLS, &n_irq) || !n_irq ||
	    n_irq > INTERRUPT_MAX_CELLS) {
		/* The length of an entry is unknown: the whole property is one bad entry. */
		unresolved(irq);
		return index == 0 && prop->len;
	}
	if ((index + 1ull) * n_irq > prop->len / 4)
		return false;
	irq->controller = parent;
	irq->n_cells = n_irq;
	cells = prop_value(tree, prop) + (size_t)index * n_irq * 4;
	for (i = 0; i < n_irq; i++)
		irq->cell[i] = be32_at(cells + i * 4);
	resolve_for(tree, node, irq);
	return true;
}

bool interrupt_next(const struct xlpt_tree *tree, struct interrupt_cursor *cursor,
		    struct interrupt *irq_r)
{
	struct interrupt plain = { .controller = XLPT_NO_NODE };
	const struct tree_prop *extended;
	bool named;

	if (cursor->started)
		cursor->index++;
	*irq_r = (struct interrupt){ .controller = XLPT_NO_NODE };
	extended = tree_prop(tree, cursor->node, P_INTERRUPTS_EXTENDED);
	if (!cursor->started) {
		cursor->started = true;
		cursor->extended = extended != NULL;
	}
	if (cursor->extended && next_extended(tree, cursor, extended, irq_r, &named)) {
		if (!named && plain_entry(tree, cursor->node, cursor->index, &plain))
			*irq_r = plain;
		return true;
	}
	return plain_entry(tree, cursor->node, cursor->index, irq_r);
}

bool interrupt_map_next(const struct xlpt_tree *tree, uint32_t node, unsigned *position,
			struct interrupt_map_entry *entry_r)
{
	const struct tree_prop *prop = tree_prop(tree, node, P_INTERRUPT_MAP);
	struct irq_map_reader map;
	unsigned n_address;
	uint32_t n_irq;

	if (!prop || !tree_u32(tree, node, P_INTERRUPT_CELLS, &n_irq))
		return false;
	map = (struct irq_map_reader){ prop_value(tree, prop), prop->len / 4, *position };
	*entry_r = (struct interrupt_map_entry){ .n_child = irq_map_address_cells(tree, node) };
	if (n_irq > INTERRUPT_MAX_CELLS || map.position > map.n_cells ||
	    map.n_cells - map.position <= entry_r->n_child + n_irq)
		return false;
	entry_r->n_child += n_irq;
	entry_r->child = map.cells + map.position * 4;
	map.position += entry_r->n_child;
	if (!irq_map_read_parent(tree, &map, &entry_r->irq, &n_address))
		return false;
	*position = map.position;
	entry_r->parent = entry_r->irq.controller;
	if (resolve(tree, map.cells + (map.position - entry_r->irq.n_cells - n_address) * 4, n_address,
		    &entry_r->irq))
		classify(tree, &entry_r->irq);
	else
		unresolved(&entry_r->irq);
	return true;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interrupts of the guest's nodes. Whatever way a line takes in the host, SPIs
 * go to the guest's GIC with three cells, and lines of a controller that goes
 * along stay with it. The rest was reported by rules-irq.c and is left out.
 */
#include "guest.h"
#include "irq-cascade.h"

enum line_end {
	END_NOWHERE,
	END_GIC,
	END_INSIDE,	/* a controller that goes along */
};

static enum line_end end_of(struct guest_walk *w, const struct interrupt *irq)
{
	if (irq->kind == IRQ_SPI)
		return END_GIC;
	if (irq->kind == IRQ_FOREIGN && guest_inside(w, irq->controller) &&
	    irq_cascade_reaches_gic(w->tree, irq->controller))
		return END_INSIDE;
	return END_NOWHERE;
}

static void add_specifier(struct guest_cells *cells, const struct interrupt *irq)
{
	unsigned i;

	if (irq->kind == IRQ_SPI) {
		guest_cell(cells, 0);
		guest_cell(cells, irq->intid - INTID_SPI_FIRST);
		guest_cell(cells, irq->flags);
		return;
	}
	for (i = 0; i < irq->n_cells; i++)
		guest_cell(cells, irq->cell[i]);
}

/* The phandle of the controller, as the last cell so far. */
static void add_controller(struct guest_walk *w, struct guest_cells *cells, struct guest_prop *refs,
			   const struct interrupt *irq)
{
	guest_ref_add(w->out, refs, (uint32_t)cells->len,
		      irq->kind == IRQ_SPI ? XLPT_NO_NODE : irq->controller,
		      irq->kind == IRQ_SPI ? w->out->gic : NULL);
	guest_cell(cells, irq->kind == IRQ_SPI ? GUEST_PHANDLE_GIC : 0);
}

static void add_prop(struct guest_walk *w, struct guest_node *out, const char *name,
		     const struct guest_cells *cells, const struct guest_prop *refs)
{
	struct guest_prop *prop = cells->len ?
				  guest_prop_add(w->out, out, name, cells->value, cells->len) : NULL;

	if (prop) {
		prop->ref = refs->ref;
		prop->last_ref = refs->last_ref;
		prop->form = GUEST_CELLS;
	}
}

/* The names of the entries that are kept. */
static void add_names(struct guest_walk *w, uint32_t node, struct guest_node *out)
{
	const struct tree_prop *names = tree_prop_named(w->tree, node, "interrupt-names");
	struct guest_cells kept = { .out = w->out };
	struct interrupt_cursor cursor = { .node = node };
	struct interrupt irq;
	const char *s, *end, *nul;

	if (!names)
		return;
	s = (const char *)prop_value(w->tree, names);
	for (end = s + names->len; s < end && interrupt_next(w->tree, &cursor, &irq); s = nul + 1) {
		nul = memchr(s, '\0', (size_t)(end - s));
		if (!nul)
			break;
		if (end_of(w, &irq) != END_NOWHERE)
			guest_bytes(&kept, s, (size_t)(nul + 1 - s));
	}
	if (kept.len)
		guest_prop_add(w->out, out, "interrupt-names", kept.value, kept.len);
}

void guest_interrupts(struct guest_walk *w, uint32_t node, struct guest_node *out)
{
	struct interrupt_cursor cursor = { .node = node };
	struct guest_cells plain = { .out = w->out }, extended = plain, parent = plain;
	struct guest_prop extended_refs = { 0 }, parent_refs = { 0 };
	struct interrupt irq, first = { .controller = XLPT_NO_NODE };
	bool mixed = false;

	while (interrupt_next(w->tree, &cursor, &irq)) {
		if (end_of(w, &irq) == END_NOWHERE)
			continue;
		if (first.controller == XLPT_NO_NODE)
			first = irq;
		mixed |= irq.controller != first.controller;
		add_specifier(&plain, &irq);
		add_controller(w, &extended, &extended_refs, &irq);
		add_specifier(&extended, &irq);
	}
	if (!plain.len)
		return;
	if (mixed) {
		add_prop(w, out, "interrupts-extended", &extended, &extended_refs);
	} else {
		/* Said at every node: no bus above can come in between. */
		add_controller(w, &parent, &parent_refs, &first);
		add_prop(w, out, "interrupt-parent", &parent, &parent_refs);
		add_prop(w, out, "interrupts", &plain, &(struct guest_prop){ 0 });
	}
	add_names(w, node, out);
}

/* Cells of a controller's unit address in a map entry. */
static unsigned unit_cells(const struct xlpt_tree *tree, const struct interrupt *irq)
{
	if (irq->kind == IRQ_SPI || !(tree->node[irq->controller].flags & TREE_OWN_ADDRESS_CELLS))
		return 0;
	return tree->node[irq->controller].address_cells;
}

bool guest_interrupt_map(struct guest_walk *w, uint32_t node, struct guest_node *out)
{
	const struct tree_prop *mask = tree_prop(w->tree, node, P_INTERRUPT_MAP_MASK);
	struct guest_cells cells = { .out = w->out };
	struct guest_prop refs = { 0 }, *prop;
	struct interrupt_map_entry entry;
	unsigned position = 0, i;

	while (interrupt_map_next(w->tree, node, &position, &entry)) {
		if (end_of(w, &entry.irq) == END_NOWHERE)
			continue;
		guest_bytes(&cells, entry.child, entry.n_child * 4);
		add_controller(w, &cells, &refs, &entry.irq);
		for (i = unit_cells(w->tree, &entry.irq); i; i--)
			guest_cell(&cells, 0);
		add_specifier(&cells, &entry.irq);
	}
	if (!cells.len)
		return false;
	add_prop(w, out, "interrupt-map", &cells, &refs);
	if (mask) {
		prop = guest_prop_add(w->out, out, "interrupt-map-mask", prop_value(w->tree, mask), mask->len);
		if (prop)
			prop->form = GUEST_CELLS;
	}
	return true;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * interrupts, interrupts-extended and interrupt-map to the controller that
 * takes the line, as Linux 6.1's drivers/of/irq.c resolves them, and the
 * primary GIC's view of the specifier.
 */
#ifndef XLPT_INTERRUPT_H
#define XLPT_INTERRUPT_H

#include "tree.h"

#define INTERRUPT_MAX_CELLS 16	/* Linux's MAX_PHANDLE_ARGS */

/* What Xen can route: SPIs of the primary GIC (xen/arch/arm/vgic.c, domain_vgic_init). */
#define INTID_SPI_FIRST 32u
#define INTID_SPI_LAST 991u

enum irq_kind {
	IRQ_UNRESOLVED,		/* dangling, malformed, or no map entry */
	IRQ_FOREIGN,		/* ends at a controller that is not the primary GIC */
	IRQ_SPI,		/* primary GIC, INTID 32..991 */
	IRQ_PRIVATE,		/* primary GIC, PPI or SGI */
	IRQ_OUT_OF_RANGE,	/* primary GIC, but no INTID of 32..991: extended SPI, LPI, nonsense */
};

struct interrupt {
	enum irq_kind kind;
	uint32_t controller;	/* XLPT_NO_NODE if unresolved */
	uint32_t intid;		/* IRQ_SPI, IRQ_PRIVATE */
	uint32_t flags;		/* third cell of the specifier, verbatim */
	unsigned n_cells;
	uint32_t cell[INTERRUPT_MAX_CELLS];	/* the specifier at the controller */
};

/* Where a node's interrupts are written. */
struct interrupt_cursor {
	uint32_t node;
	unsigned index;		/* of the entry read last */
	unsigned position;	/* next cell of the property in use */
	bool extended, started;
};

/* The primary GIC: the first by Linux's irq-gic tables that is not cascaded; XLPT_NO_NODE if none. */
uint32_t interrupt_find_gic(const struct xlpt_tree *tree);

/* Is it one that Xen drives (xen/arch/arm/gic-v2.c, gic-v3.c)? *version_r: 2 or 3. */
bool interrupt_gic_is_driven(const struct xlpt_tree *tree, uint32_t gic, unsigned *version_r);

/* Find each node's interrupt parent, and what takes the lines given to it. -ENOMEM. */
int interrupt_build_parents(struct xlpt_tree *tree);

/* Then index the interrupt-maps. -ENOMEM. */
int interrupt_build_maps(struct xlpt_tree *tree);
void interrupt_free_maps(struct xlpt_tree *tree);

/* The interrupt parent of a node as of_irq_find_parent() finds it, or XLPT_NO_NODE. */
uint32_t interrupt_parent(const struct xlpt_tree *tree, uint32_t node);

/*
 * The next interrupt of a node, in the order of the property; false at its
 * end. Start with a cursor that only has .node. An entry that cannot be
 * resolved is returned as IRQ_UNRESOLVED; the walk goes on as long as the
 * length of the entry is known. interrupts-extended wins over interrupts,
 * which still serves the indices beyond the former's end, as in Linux.
 */
bool interrupt_next(const struct xlpt_tree *tree, struct interrupt_cursor *cursor,
		    struct interrupt *irq_r);

/* One entry of an interrupt-map. */
struct interrupt_map_entry {
	const uint8_t *child;	/* child unit address and specifier: n_child cells */
	unsigned n_child;
	uint32_t parent;	/* node, or XLPT_NO_NODE */
	struct interrupt irq;	/* resolved as if the entry had matched */
};

/* Walk the map of `node`; *position is 0 at the start. False at the end or where the map is malformed. */
bool interrupt_map_next(const struct xlpt_tree *tree, uint32_t node, unsigned *position,
			struct interrupt_map_entry *entry_r);

#endif

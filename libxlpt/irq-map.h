/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Looking a line up in an interrupt-map (Devicetree Specification, 2.4.3.1).
 * Maps are indexed when the tree is built, by what the mask leaves of an
 * entry's unit address and specifier, and each entry knows where a line
 * through it ends: maps may lead to maps, and a linear look per child and map
 * would be quadratic in a tree that wants it to be.
 */
#ifndef XLPT_IRQ_MAP_H
#define XLPT_IRQ_MAP_H

#include "interrupt.h"

/* The unit address and specifier that a map is searched for. */
struct irq_map_key {
	uint32_t cell[2 * INTERRUPT_MAX_CELLS];
	unsigned n_address, n_irq;
};

/* Reading a map entry by entry. */
struct irq_map_reader {
	const uint8_t *cells;
	unsigned n_cells, position;
};

/* The node's #address-cells, else its nearest ancestor's, else 2 (not the bus default). */
unsigned irq_map_address_cells(const struct xlpt_tree *tree, uint32_t node);

/* The parent part of an entry, at the reader's position; false where the map is broken. */
bool irq_map_read_parent(const struct xlpt_tree *tree, struct irq_map_reader *map,
			 struct interrupt *irq, unsigned *n_address_r);

/*
 * Through the first entry of the map of `node` that matches the key and has an
 * enabled parent, and through the maps behind it, to where the line ends; irq
 * then is what the last map makes of it. False if there is no such entry before
 * a map ends or is broken, or if maps lead in a circle.
 */
bool irq_map_lookup(const struct xlpt_tree *tree, uint32_t node, const struct irq_map_key *key,
		    struct interrupt *irq);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The index of interrupt-maps, between irq-map-build.c and irq-map.c. */
#ifndef XLPT_IRQ_MAP_ROWS_H
#define XLPT_IRQ_MAP_ROWS_H

#include "irq-map.h"

/* Of a row that was not followed yet, of one on the way, and of one that leads nowhere. */
#define LAST_UNKNOWN UINT32_MAX
#define LAST_OPEN (UINT32_MAX - 1)
#define NO_ROW (UINT32_MAX - 2)

/* An entry that may match: of equal ones the first, none of those with a disabled parent. */
struct irq_map_row {
	uint64_t hash;		/* of the masked cells */
	uint32_t position;	/* cell where the entry begins */
	uint32_t last;		/* the row that a line through this one goes through last */
};

/* The index of a map, for keys of n_key cells. */
struct irq_map {
	uint32_t node;
	unsigned n_key;
	uint32_t first, n;	/* rows, by hash, then by masked cells */
};

/* An interrupt-map with the mask its entries are compared under. */
struct masked_map {
	struct irq_map_reader map;
	const uint8_t *mask;	/* NULL: all bits count */
	unsigned n_key;
};

/* The map of a node for keys of n_key cells; false if it has none, or its mask is too short. */
bool irq_map_masked(const struct xlpt_tree *tree, uint32_t node, unsigned n_key,
		    struct masked_map *m);
uint32_t irq_map_mask_cell(const struct masked_map *m, unsigned i);
/* The i-th cell of an entry as the mask leaves it. */
uint32_t irq_map_entry_cell(const struct masked_map *m, unsigned position, unsigned i);

uint64_t irq_map_hash_cell(uint64_t hash, uint32_t cell);
/* By node, then by n_key. */
int irq_map_compare(const void *a_, const void *b_);

/* The row of a map that matches first, or NO_ROW. */
uint32_t irq_map_find_row(const struct xlpt_tree *tree, uint32_t node, const struct irq_map_key *key);
/* What a row makes of a line; the node whose map it is of. */
uint32_t irq_map_read_row(const struct xlpt_tree *tree, uint32_t row, struct interrupt *irq,
			  struct irq_map_key *key);

#endif

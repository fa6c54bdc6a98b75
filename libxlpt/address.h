/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * reg through every `ranges` to CPU addresses, as Linux 6.1's
 * drivers/of/address.c does it: missing `ranges` does not translate, empty
 * `ranges` is the identity, PCI and ISA buses count and match in their own way.
 */
#ifndef XLPT_ADDRESS_H
#define XLPT_ADDRESS_H

#include "tree.h"

enum bus_kind {
	BUS_DEFAULT,
	BUS_FLAGS,	/* three address cells: the first one is flags and must match */
	BUS_PCI,
	BUS_ISA,
};

#define ADDRESS_MAX_CELLS 4	/* Linux's OF_MAX_ADDR_CELLS */

enum bus_kind address_bus_kind(const struct xlpt_tree *tree, uint32_t node);

/* Cells that the children of `node` count reg in; false if Linux calls them bad. */
bool address_cells(const struct xlpt_tree *tree, uint32_t node, unsigned *na_r, unsigned *ns_r);

/* Big-endian cells as a number; of more than two the last two count. */
uint64_t cells_read(const uint8_t *cells, unsigned n);

/* One reg entry of a node. */
struct address_reg {
	uint64_t base, size;
	uint32_t entry;		/* index in the property */
	bool translates;
	bool past_window;	/* starts inside a ranges window, ends outside */
};

/*
 * The i-th entry of a node's reg (assigned-addresses below a PCI bus), false
 * past the end. Entries that are no memory (I/O, configuration space) do not
 * translate. `size` is that of the entry even where it does not translate.
 */
bool address_reg(const struct xlpt_tree *tree, uint32_t node, unsigned i, struct address_reg *reg_r);

/*
 * An address on the bus of `node` (as its children would write it, `na`
 * cells) to a CPU address; `size` only serves *past_window_r. False if it does
 * not translate.
 */
bool address_translate(const struct xlpt_tree *tree, uint32_t node, const uint8_t *cells,
		       uint64_t size, uint64_t *cpu_r, bool *past_window_r);

/* Index the `ranges` that have many windows. -ENOMEM. */
int address_build_windows(struct xlpt_tree *tree);
void address_free_windows(struct xlpt_tree *tree);

/* One window of a node's `ranges`. */
struct address_window {
	uint8_t child[ADDRESS_MAX_CELLS * 4];	/* as in the property */
	unsigned na;		/* cells of `child` */
	uint64_t bus;		/* its numeric part */
	uint64_t size;
	uint64_t cpu;		/* CPU address, if translates */
	bool translates;
	uint32_t flags;		/* first cell of `child` on a PCI bus */
};

/* The i-th window of `ranges`, false past the end or without windows. */
bool address_window(const struct xlpt_tree *tree, uint32_t node, unsigned i,
		    struct address_window *window_r);

#endif

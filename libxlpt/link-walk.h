/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The phandles of one property, entry by entry, as its row of links.def reads them. */
#ifndef XLPT_LINK_WALK_H
#define XLPT_LINK_WALK_H

#include "links.h"
#include "tree.h"

struct link_walk {
	const struct xlpt_tree *tree;
	uint32_t node;
	const struct tree_prop *prop;
	const struct link *link;
	unsigned n_cells, position;
	uint32_t cached_target, cached_args;

	/* of the entry in hand */
	unsigned entry;		/* its index */
	unsigned cell;		/* where its phandle stands */
	uint32_t phandle;	/* 0 for an empty entry */
	uint32_t target;	/* XLPT_NO_NODE: dangling, or an empty entry */
	unsigned first_arg, n_args;	/* cells of its arguments in the property */

	bool malformed;		/* the walk ended before the property did: cut short, or of unknown length */
};

/* prop->link must not be 0. */
void link_walk_init(struct link_walk *walk, const struct xlpt_tree *tree, uint32_t node,
		    const struct tree_prop *prop);
/* Empty entries (phandle 0) are skipped except that they count in `entry`. */
bool link_walk_next(struct link_walk *walk);

static inline uint32_t prop_cell(const struct xlpt_tree *tree, const struct tree_prop *prop,
				 unsigned cell)
{
	return be32_at(prop_value(tree, prop) + (size_t)cell * 4);
}

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nodes with many properties, whose look-ups by name would else be linear in them. */
#ifndef XLPT_WIDE_H
#define XLPT_WIDE_H

#include "tree.h"

#define WIDE_PROPS 32	/* more than this many properties make a node wide */

struct wide_prop {
	uint32_t hash, prop;
};

struct wide_node {
	uint32_t node, first, n;	/* slice of tree->wide_prop, by hash, then by prop */
};

/* Find the wide nodes and set TREE_WIDE. -ENOMEM. */
int wide_build(struct xlpt_tree *tree);

/* The first property of a wide node with this name, or NULL. */
const struct tree_prop *wide_find(const struct xlpt_tree *tree, uint32_t node, const char *name);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names a user has for a node, and the nearest ones when a name has none. */
#ifndef XLPT_NAMES_H
#define XLPT_NAMES_H

#include "tree.h"

/*
 * The nodes that `name` means: a full path, an alias, a label ("&gem3") or a
 * platform name. Stores the first `room` of them and returns how many there
 * are; more than one only if a platform name is not unique.
 */
size_t names_find(const struct xlpt_tree *tree, const char *name, size_t len, uint32_t *node,
		  size_t room);

/* A node whose name is close to one that no node has. */
struct near_name {
	uint32_t node;
	unsigned distance;
	const char *also;	/* its alias or label, where that is what is close; else NULL */
};

/* The nearest names, best first; at most `room`. Linear in the size of the tree. */
size_t names_nearest(const struct xlpt_tree *tree, const char *name, size_t len,
		     struct near_name *near, size_t room);

#endif

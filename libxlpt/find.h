/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Nodes by name. One look-up goes along the siblings, or through the whole
 * tree for a platform name; once that has cost more than an index would, there
 * is one, so that many look-ups are not quadratic, and few need no memory. A
 * tree is used by one thread at a time, and without memory for an index all
 * stays as it was.
 */
#ifndef XLPT_FIND_H
#define XLPT_FIND_H

#include "tree.h"

/* tree->find, in the tree's arena. -ENOMEM. */
int find_init(struct xlpt_tree *tree);
void find_free(struct find *find);	/* NULL is fine */
size_t find_size(const struct xlpt_tree *tree);	/* bytes in use now, beside the arena */

/*
 * The nodes that Linux would give this name, in document order; stores the
 * first `room` of them and returns how many there are. From the ninth on they
 * are counted by a hash alone.
 */
size_t find_platform(const struct xlpt_tree *tree, const char *name, size_t len, uint32_t *node,
		     size_t room);

#endif

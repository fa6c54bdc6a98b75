/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The partial tree a guest is created with: the plan's, and the user's own laid over it. */
#ifndef XLPT_CREATE_TREE_H
#define XLPT_CREATE_TREE_H

#include "create-lists.h"
#include "planning.h"

struct create_tree {
	void *blob;
	size_t size;
};

/*
 * Build the tree, and judge it with the guest's lists if any of it is the
 * user's own: the plan's part is judged by the plan. Findings join the plan's.
 * 0, also with findings that are errors (then there may be no blob); -errno, printed.
 */
int create_tree_make(struct create_tree *tree, const struct planning *planning,
		     const struct create_lists *lists);
void create_tree_free(struct create_tree *tree);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XLPT_TREE_FLAGS_H
#define XLPT_TREE_FLAGS_H

#include "tree.h"

/* flags, cells and bus of all nodes, once nodes and properties are there. */
void tree_flags_fill(struct xlpt_tree *tree);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Selecting in progress; shared by select.c, select-nodes.c and select-options.c. */
#ifndef XLPT_SELECT_H
#define XLPT_SELECT_H

#include "selector.h"

/* A node that a selector takes. */
struct hit {
	uint32_t node;
	uint32_t selector;
};

struct selecting {
	struct xlpt_plan *plan;
	const struct xlpt_tree *tree;
	struct arena scratch;
	struct selector *selector;
	size_t n_selectors;
	struct hit *hit;
	size_t n_hits, hit_room;
	/* selector + 1 that leaves out the node or one above it; NULL: none leaves out */
	uint32_t *left_out;
	bool *has_left_out;		/* some node below is left out */
	uint8_t *is_hit;		/* by node */
	unsigned n_hints;		/* names searched for what is near them */
	uint64_t looks;			/* nodes that patterns went through */
	/* of the selector in work */
	uint32_t current;
	size_t n_taken;			/* nodes it takes */
	size_t n_matched;		/* nodes it matches, taken or not */
	/* of the item in work, once its options are those of several selectors */
	struct item_options *merged;
	size_t clock_room;
};

/*
 * Look a selector up: hit the nodes it takes, or mark those it leaves out. What
 * is left out must be known before the first node is hit. No memory: the
 * scratch arena knows.
 */
void select_apply(struct selecting *s, uint32_t index);

/*
 * Add a selector's options to those of an item; `inner`: they were given for a
 * node inside it. Contradictions are findings. -ENOMEM.
 */
int select_merge_options(struct selecting *s, struct plan_item *item,
			 const struct selector *selector, bool inner);

#endif

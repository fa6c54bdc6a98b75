/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One selection string, understood but not yet looked up in a tree:
 *
 *   ['-'] TARGET [,gfn=FRAME] [,clock=NAME:HZ]... [,allow=ID]... [,buses=FIRST-LAST]
 *
 *   all               every device
 *   below:NAME        every device below a node
 *   compatible:STRING every node with this compatible string
 *   /soc/i2c@e65*     the nodes whose path matches: '*' stands for any characters
 *                     but a slash, '?' for one; nothing else is special
 *   NAME              a path, alias, label or platform name
 *
 * Node names may contain commas, so the options begin at the first of the four
 * words. A leading '-' leaves out instead of selecting.
 */
#ifndef XLPT_SELECTOR_H
#define XLPT_SELECTOR_H

#include "plan.h"

/* Rates of clocks that one device may be given; they are compared one by one. */
#define SELECTOR_MAX_CLOCKS 256

enum selector_kind {
	SELECTOR_NAME,
	SELECTOR_ALL,
	SELECTOR_BELOW,
	SELECTOR_COMPATIBLE,
	SELECTOR_GLOB,
};

struct selector {
	const char *text;		/* as it was given */
	enum selector_kind kind;
	bool exclude;
	const char *target;		/* in `text`, behind the prefix: the name, string or glob */
	size_t len;
	bool has_options;
	struct item_options options;	/* in the arena */
};

/* -EINVAL with a finding (selection-invalid), -ENOMEM. */
int selector_parse(struct selector *selector, const char *text, struct arena *arena,
		   struct xlpt_diags *diags);

/* Does a name match one component of a glob? */
bool glob_matches(const char *glob, size_t len, const char *name);

#endif

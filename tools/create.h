/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest on its way to xl create. */
#ifndef XLPT_CREATE_H
#define XLPT_CREATE_H

#include "create-args.h"
#include "create-lists.h"
#include "create-tree.h"
#include "live.h"
#include "xen.h"

struct create {
	struct create_args args;
	struct planning planning;
	struct live live;
	struct arena arena;
	char uuid[XEN_UUID_LEN + 1];
	bool drawn;			/* the configuration has none */
	struct create_lists lists;
	struct create_arguments arguments;
	struct create_tree tree;
};

/* All findings, unless -q and none is an error. */
void create_tell_findings(const struct create *create);

/*
 * Claim the devices, write the tree down, and become the distribution's xl,
 * whose exit status, console and signals are nobody else's. Returns only when
 * the guest will not be created, and then nothing is left of it: the exit
 * status, the reason printed.
 */
int create_carry_out(struct create *create);

#endif

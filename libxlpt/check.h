/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The questions of xlpt_xen_check(), one file each; all they find is a diagnostic. */
#ifndef XLPT_CHECK_H
#define XLPT_CHECK_H

#include "owners.h"
#include "plan.h"
#include "running.h"

struct check {
	struct xlpt_xen *xen;
	struct xlpt_plan *plan;
	struct xlpt_diags *diags;
	const struct xlpt_xen_question *question;
	struct arena arena;

	struct holding ours;
	/* Nodes that would be assigned: those of the plan, and of the configuration's own dtdev. */
	uint32_t *assign_node;
	size_t n_assign;
	struct owners owners;
};

/* They fail with -ENOMEM only. */
int check_own_dtdev(struct check *check);	/* fills assign_node */
void check_own_lists(struct check *check);
int check_owners(struct check *check);		/* fills owners */
int check_devices(struct check *check);
int check_grants(struct check *check);

/* What both trees say of a node; says nothing where dom0's lacks it. */
void check_same(struct check *check, uint32_t node);

/* The node Xen means by a path, or XLPT_NO_NODE. */
uint32_t check_node_of(struct check *check, const char *path);

/* The owner that has this node assigned, or NULL. */
const struct owner *check_owner_of(const struct check *check, const char *path);

#endif

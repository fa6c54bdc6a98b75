/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running system as commands ask it, on top of a plan. */
#ifndef XLPT_LIVE_H
#define XLPT_LIVE_H

#include "planning.h"

struct live {
	struct xlpt_xen *xen;
	char *blob;		/* of dom0_tree */
	struct xlpt_tree *dom0_tree;	/* NULL: there is none */
	bool failed;		/* live_open() did for a reason of this side's, not for want of a Xen */
};

/* Connect, and have `planning` plan for what is running. -errno, printed: EXIT_NO_ANSWER. */
int live_open(struct live *live, struct planning *planning);
void live_close(struct live *live);

/*
 * Ask the running system of the finished plan; the findings join the plan's.
 * `grants` as in struct xlpt_xen_question. -errno, printed.
 */
int live_check(struct live *live, struct planning *planning, bool grants);

/* Why the running system gave no answer, with what to do about it. */
void live_print_failure(const struct xlpt_diags *diags, int rc);

/* What the configuration of -c gives the guest besides the plan; it borrows from there. */
void live_own_lists(const struct planning *planning, struct xlpt_own_lists *own_r);

#endif

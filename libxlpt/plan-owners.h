/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which devices of a plan stand behind a run of host frames, or behind an SPI. */
#ifndef XLPT_PLAN_OWNERS_H
#define XLPT_PLAN_OWNERS_H

#include "plan.h"
#include "text.h"

struct plan_owner {
	uint64_t first, last;	/* host frames or INTIDs */
	const char *path;
};

struct plan_owners {
	struct plan_owner *owner;	/* by first, then in the order of the plan */
	size_t n, room;
	bool failed;
};

void plan_owners_of_frames(struct plan_owners *owners, const struct xlpt_plan *plan);
void plan_owners_of_irqs(struct plan_owners *owners, const struct xlpt_plan *plan);
void plan_owners_free(struct plan_owners *owners);

/*
 * Write "/soc/a, /soc/b and others": whom first..last belongs to. Asked for
 * ascending, disjoint runs, with *next 0 at the start, all of them cost one
 * pass. Nothing is written if there is no owner.
 */
void plan_owners_name(const struct plan_owners *owners, size_t *next, uint64_t first,
		      uint64_t last, struct text *out);

#endif

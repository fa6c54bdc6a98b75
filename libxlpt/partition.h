/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several guests of one host: what the parts of a partition share with each other. */
#ifndef XLPT_PARTITION_H
#define XLPT_PARTITION_H

#include "holding.h"
#include "plan.h"

/* One guest with what it would hold, ready to be compared. */
struct part {
	const struct xlpt_partition_guest *guest;
	struct holding holding;
	uint32_t *carrier;	/* nodes whose streams it gets: ascending and unique */
	size_t n_carriers;
};

/* partition-clash.c: what `ours` gets and `theirs` gets too, into the findings of `ours`. */
int partition_clashes(struct arena *arena, const struct part *ours, const struct part *theirs);

#endif

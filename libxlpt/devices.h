/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The verdict on every candidate device of a tree, each looked at alone. */
#ifndef XLPT_DEVICES_H
#define XLPT_DEVICES_H

#include "plan.h"

struct device_verdict {
	uint32_t node;
	const char *path;
	enum xlpt_verdict verdict;
	const struct xlpt_diags *diags;	/* of this device; gone with the next one */
};

typedef int (*verdict_fn)(void *opaque, const struct device_verdict *verdict);

/* In tree order; stops at a non-zero return and returns it. -ENOMEM. */
int devices_each(const struct xlpt_tree *tree, const struct xlpt_settings *settings, verdict_fn fn,
		 void *opaque);

/*
 * The frames of its registers, merged where they touch or overlap, and the
 * INTIDs of its SPIs; both ascending. Without memory none, and the arena says so.
 */
struct xlpt_iomem *device_frames(const struct resources *r, uint32_t node, struct arena *arena,
				 size_t *n_r);
uint32_t *device_spis(const struct resources *r, uint32_t node, struct arena *arena, size_t *n_r);

#endif

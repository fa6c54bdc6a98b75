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

#endif

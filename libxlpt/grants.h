/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What dom0 may hand out: the rangesets "Interrupts" and "I/O Memory" of domain
 * 0, as the debug key q prints them on Xen's console (xen/common/rangeset.c).
 * No hypercall tells them.
 */
#ifndef XLPT_GRANTS_H
#define XLPT_GRANTS_H

#include <stdint.h>

#include "arena.h"

struct grant {
	uint64_t first, last;
};

struct grants {
	struct grant *irqs, *frames;
	size_t n_irqs, irqs_room, n_frames, frames_room;
	bool has_irqs, has_frames;	/* the set was found, whole; else nothing is known of it */
};

/* The last such answer in the console's text. -ENOMEM only; what cannot be read is not there. */
int grants_read(struct arena *arena, const char *console, struct grants *grants_r);

/* The first of first..last that no range covers; false: all are covered. */
bool grants_missing(const struct grant *list, size_t n, uint64_t first, uint64_t last,
		    uint64_t *missing_r);

#endif

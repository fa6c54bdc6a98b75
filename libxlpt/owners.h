/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who has what now: every domain with what libxl stored of it, joined with our
 * record of it, and records of guests that are being made.
 */
#ifndef XLPT_OWNERS_H
#define XLPT_OWNERS_H

#include "record.h"

/*
 * A claim without a domain is a guest that is just coming or going, so it is
 * worth while to look again: one reboots in two seconds and its own create;
 * the monitor of one that was destroyed ends at once.
 */
#define OWNERS_WAIT_MS 5000
#define OWNERS_STEP_MS 100

struct owner {
	const char *uuid;
	const char *name;
	const struct xen_domain *domain;	/* NULL: no domain (yet, or at this moment) */
	bool known;				/* holding is all it has, as far as libxl or we wrote it down */
	struct holding holding;
};

struct owners {
	struct owner *list;
	size_t n;
};

/* -ENOMEM, or what the seam says. Everything lives in the arena. */
int owners_read(struct xlpt_xen *xen, struct arena *arena, struct owners *owners_r);

/* "guest 'web' (domid 3)", for people. */
const char *owner_title(struct arena *arena, const char *name, const char *uuid,
			const struct xen_domain *domain);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running system as the files that ask it share it. */
#ifndef XLPT_RUNNING_H
#define XLPT_RUNNING_H

#include "creator.h"
#include "diag.h"
#include "xen.h"

#define GONE_ROOM 4

/*
 * Guests whose creator left nobody behind, which takes a look at every process
 * to tell. One process may have made several guests, and the monitor of one of
 * them is none of another's.
 */
struct gone {
	struct {
		char uuid[XEN_UUID_LEN + 1];
		struct creator creator;
	} of[GONE_ROOM];
	unsigned n;		/* remembered so far, the latest in place of the earliest */
};

struct xlpt_xen {
	struct xen *seam;
	struct gone gone;
	struct text log;	/* what libxl said since running_failed() last told it */
	struct xen_info info;
};

/* The diagnostic for a seam call that failed: `what` could not be done. Returns rc. */
int running_failed(struct xlpt_xen *xen, struct xlpt_diags *diags, int rc, const char *node,
		   const char *what);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running system as the files that ask it share it. */
#ifndef XLPT_RUNNING_H
#define XLPT_RUNNING_H

#include "creator.h"
#include "diag.h"
#include "xen.h"

/* Creators that left nobody behind, which takes a look at every process to tell. */
struct gone {
	struct creator creator[4];
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

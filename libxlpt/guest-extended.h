/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The extended regions that libxl advertises in /hypervisor of one release's guest. */
#ifndef XLPT_GUEST_EXTENDED_H
#define XLPT_GUEST_EXTENDED_H

#include "guest-base.h"

#define EXTENDED_MAX 256	/* of 4.21 and later (MAX_NR_EXT_REGIONS) */

struct extended {
	uint64_t base, size;	/* bytes */
};

/* Entries of /hypervisor's reg behind the grant table that libxl reserves room for. */
size_t extended_room(unsigned minor);

/* Ascending; returns their number. */
size_t extended_regions(const struct merge_settings *settings, struct extended out[EXTENDED_MAX]);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The entries of a node's `clocks` with their names, and the rates known of them. */
#ifndef XLPT_GUEST_RATES_H
#define XLPT_GUEST_RATES_H

#include "guest.h"

/* The entry in hand: its target and arguments are those of `walk`. */
struct guest_clock {
	struct link_walk walk;
	uint32_t node;
	const char *name;		/* of clock-names, or NULL */
	unsigned index;
	bool only;			/* of the property */

	const char *names, *names_end;	/* names of entries from names_index on */
	unsigned names_index;
};

struct guest_rate {
	uint64_t hz;
	bool in_tree;		/* the provider cannot be switched off by the host */
	const char *source;	/* for people */
};

void guest_clock_begin(struct guest_clock *clock, const struct guest_walk *w, uint32_t node,
		       const struct tree_prop *prop);
bool guest_clock_next(struct guest_clock *clock);

/*
 * From the clock options of the item, the tree, or clk_summary. False if
 * nothing tells the rate, or if it does not fit in a fixed-clock: then
 * rate->hz is above UINT32_MAX.
 */
bool guest_clock_rate(struct guest_walk *w, const struct guest_clock *clock,
		      struct guest_rate *rate);

/* The device's name in Linux (of_device_make_bus_id); false for those that have no address. */
#define GUEST_LINUX_NAME_MAX (TREE_NAME_MAX + 20)
bool guest_linux_name(const struct xlpt_tree *tree, uint32_t node,
		      char name[GUEST_LINUX_NAME_MAX]);

#endif

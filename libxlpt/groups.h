/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which devices are bound together: by a page, an SPI or a StreamID they
 * share, by an interrupt controller other than the GIC, or by a reference that
 * cannot be cut. What one of them needs, the others must give: they go to one
 * guest, or stay.
 */
#ifndef XLPT_GROUPS_H
#define XLPT_GROUPS_H

#include "plan.h"

/* More companions than a person would name; the search ends there. */
#define GROUP_MAX 64

/* What must go along with a device, and what that hits upon. */
struct group {
	uint32_t node[GROUP_MAX];	/* the device itself first */
	size_t n;
	uint32_t blocker;	/* a companion that cannot be passed, or XLPT_NO_NODE */
	const char *why;	/* why it cannot */
	bool cut;		/* there would be more than GROUP_MAX */
};

/* The closure of a device that a plan has, over what the plan does not have. */
void group_find(const struct xlpt_plan *plan, uint32_t node, struct group *group);

/* The device that has the node, which may be one of its parts; the node itself if none does. */
uint32_t group_device_of(const struct xlpt_tree *tree, uint32_t node);

/* For `devices`: numbers from 1 on, by first member in tree order; 0: bound to nobody. NULL: -ENOMEM. */
uint32_t *groups_number(const struct xlpt_tree *tree, struct arena *arena);

/* groups-hint.c: into the hints of a plan's errors, which further devices would resolve them. */
void groups_hint(struct xlpt_plan *plan);

/* rules-iomem.c: is the other range the window of a bus, not registers beside ours? */
bool reg_of_spanning_bus(const struct xlpt_tree *tree, const struct res_reg *bus,
			 const struct res_reg *reg);

#endif

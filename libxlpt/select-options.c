/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options of several selectors that mean one device. */
#include <errno.h>

#include "select.h"

#define CONTRADICTION(plan, item, ...) \
	diag_add((plan)->diags, DIAG_SELECTION_INVALID, 0, (item)->path, NULL, NULL, __VA_ARGS__)

static int merge_clocks(struct xlpt_plan *plan, const struct plan_item *item,
			const struct selector *selector, struct item_options *merged)
{
	const struct item_options *old = item->options, *more = &selector->options;
	size_t i, k;

	merged->clocks = arena_alloc(&plan->arena, old->n_clocks + more->n_clocks,
				     sizeof(*merged->clocks));
	if (!merged->clocks)
		return -ENOMEM;
	for (i = 0; i < old->n_clocks; i++)
		merged->clocks[i] = old->clocks[i];
	for (i = 0; i < more->n_clocks; i++) {
		for (k = 0; k < old->n_clocks; k++)
			if (!strcmp(old->clocks[k].name, more->clocks[i].name))
				break;
		if (k == old->n_clocks)
			merged->clocks[merged->n_clocks++] = more->clocks[i];
		else if (old->clocks[k].hz != more->clocks[i].hz)
			CONTRADICTION(plan, item, "%.200s: clock %s of this device already has another rate",
				      selector->text, more->clocks[i].name);
	}
	return 0;
}

static void merge_gfn(struct xlpt_plan *plan, const struct plan_item *item,
		      const struct selector *selector, struct item_options *merged, bool inner)
{
	const struct item_options *old = item->options, *more = &selector->options;

	if (!more->has_gfn)
		return;
	if (inner) {
		CONTRADICTION(plan, item, "%.200s: gfn= is for a node inside this device, which is placed as a whole",
			      selector->text);
	} else if (old->has_gfn && more->gfn != old->gfn) {
		CONTRADICTION(plan, item, "%.200s: the device is already sent to guest frame 0x%llx",
			      selector->text, (unsigned long long)old->gfn);
	} else {
		merged->has_gfn = true;
		merged->gfn = more->gfn;
	}
}

static void merge_buses(struct xlpt_plan *plan, const struct plan_item *item,
			const struct selector *selector, struct item_options *merged)
{
	const struct item_options *old = item->options, *more = &selector->options;

	if (!more->has_buses)
		return;
	if (old->has_buses &&
	    (more->first_bus != old->first_bus || more->last_bus != old->last_bus)) {
		CONTRADICTION(plan, item, "%.200s: the device already has buses %u-%u",
			      selector->text, old->first_bus, old->last_bus);
	} else {
		merged->has_buses = true;
		merged->first_bus = more->first_bus;
		merged->last_bus = more->last_bus;
	}
}

int select_merge_options(struct selecting *s, struct plan_item *item,
			 const struct selector *selector, bool inner)
{
	struct xlpt_plan *plan = s->plan;
	struct item_options *merged = arena_alloc(&plan->arena, 1, sizeof(*merged));
	size_t i;

	if (!merged)
		return -ENOMEM;
	*merged = *item->options;
	if (merge_clocks(plan, item, selector, merged))
		return -ENOMEM;
	merge_gfn(plan, item, selector, merged, inner);
	merge_buses(plan, item, selector, merged);
	for (i = 0; i < sizeof(merged->allowed.bits) / sizeof(*merged->allowed.bits); i++)
		merged->allowed.bits[i] |= selector->options.allowed.bits[i];
	item->options = merged;
	return 0;
}

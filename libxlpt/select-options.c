/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options of several selectors that mean one device. */
#include <errno.h>

#include "select.h"

#define CONTRADICTION(plan, item, ...) \
	diag_add((plan)->diags, DIAG_SELECTION_INVALID, 0, (item)->path, NULL, NULL, __VA_ARGS__)

static int merge_clocks(struct selecting *s, const struct plan_item *item,
			const struct selector *selector)
{
	const struct item_options *more = &selector->options;
	struct item_options *merged = s->merged;
	size_t n_old = merged->n_clocks, i, k;

	for (i = 0; i < more->n_clocks; i++) {
		struct clock_option *slot;

		for (k = 0; k < n_old; k++)
			if (!strcmp(merged->clocks[k].name, more->clocks[i].name))
				break;
		if (k < n_old) {
			if (merged->clocks[k].hz != more->clocks[i].hz)
				CONTRADICTION(s->plan, item, "%.200s: clock %s of this device already has another rate",
					      selector->text, more->clocks[i].name);
			continue;
		}
		if (merged->n_clocks == SELECTOR_MAX_CLOCKS) {
			CONTRADICTION(s->plan, item, "%.200s: this device already has the rates of %u clocks",
				      selector->text, SELECTOR_MAX_CLOCKS);
			break;
		}
		slot = arena_push(&s->plan->arena, &merged->clocks, &merged->n_clocks, &s->clock_room,
				  sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		*slot = more->clocks[i];
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
	struct item_options *merged = s->merged;
	size_t i;

	/* The first time the item gets options of its own: those of a selector are others' too. */
	if (!merged || item->options != merged) {
		merged = s->merged = arena_alloc(&plan->arena, 1, sizeof(*merged));
		if (!merged)
			return -ENOMEM;
		*merged = *item->options;
		item->options = merged;
		/* full, so that the list is copied before anything is added */
		s->clock_room = merged->n_clocks;
	}
	if (merge_clocks(s, item, selector))
		return -ENOMEM;
	merge_gfn(plan, item, selector, merged, inner);
	merge_buses(plan, item, selector, merged);
	for (i = 0; i < sizeof(merged->allowed.bits) / sizeof(*merged->allowed.bits); i++)
		merged->allowed.bits[i] |= selector->options.allowed.bits[i];
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The register ranges of all nodes of a host that may ever be passed, and their slots. */
#include <stdlib.h>

#include "place.h"
#include "slots.h"

static int by_start(const void *a_p, const void *b_p)
{
	const struct slots_range *a = a_p, *b = b_p;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->count < b->count ? -1 : a->count > b->count;
}

/*
 * Disabled nodes too: to enable one shall move no other. Not what is Xen's own:
 * dom0's tree, which a plan may be made from as well, does not have it.
 */
static size_t ranges_of(const struct xlpt_plan *plan, struct slots_range *range)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t node, i;
	size_t n = 0;

	for (node = 0; node < tree->n_nodes; node++) {
		if (r->first_reg[node] == r->first_reg[node + 1] ||
		    device_reserved(plan->host, node))
			continue;
		for (i = r->first_reg[node]; i < r->first_reg[node + 1]; i++)
			range[n++] = (struct slots_range){
				r->reg[i].base >> XLPT_FRAME_SHIFT,
				frames_of(r->reg[i].base, r->reg[i].size),
			};
	}
	return n;
}

const struct slots *place_slots(struct xlpt_plan *plan)
{
	struct slots_range *range;
	struct slots *slots;
	size_t n;

	if (plan->slots)
		return plan->slots;
	slots = arena_alloc(&plan->arena, 1, sizeof(*slots));
	range = malloc((plan->tree->resources->n_reg + (size_t)1) * sizeof(*range));
	if (!slots || !range) {
		free(range);
		return NULL;
	}
	n = ranges_of(plan, range);
	qsort(range, n, sizeof(*range), by_start);
	slots_assign(slots, &plan->arena, range, n, plan->host->regions, plan->host->n_regions,
		     layout_ipa_end(plan->settings));
	free(range);
	if (plan->arena.failed)
		return NULL;
	plan->slots = slots;
	return slots;
}

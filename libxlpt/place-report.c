/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with the places of frames, as findings. */
#include <errno.h>

#include "place.h"

/* The item that a run belongs to, for a message: the first one that has registers in it. */
static const struct plan_item *item_of_run(const struct xlpt_plan *plan, const struct place_segments *s,
					   const struct hole_run *run)
{
	size_t low = 0, high = s->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (s->segment[middle].start < run->start)
			low = middle + 1;
		else
			high = middle;
	}
	return &plan->item[s->segment[low].item];
}

static void report_clash(struct xlpt_plan *plan, const struct place_segments *s, size_t i,
			 struct hole_clash clash, uint64_t ipa_end)
{
	const struct plan_item *item = item_of_run(plan, s, &plan->run[i]);
	const struct hole_run *run = &plan->run[i];
	const unsigned long long gfn = run->gfn;

	plan->diags->allowed_here = item->options->allowed;
	switch (clash.kind) {
	case HOLE_FREE:
		break;
	case HOLE_BEYOND_IPA:
		diag_add(plan->diags, DIAG_GFN_OVERLAP, 0, item->path, "reg", NULL,
			 "guest frames 0x%llx..0x%llx lie beyond the guest's %u address bits", gfn,
			 gfn + run->count - 1, (unsigned)__builtin_ctzll(ipa_end));
		break;
	case HOLE_OVERLAPS_RUN:
		diag_add(plan->diags, DIAG_GFN_OVERLAP, 0, item->path, "reg", NULL,
			 "guest frames 0x%llx..0x%llx overlap those of %s", gfn, gfn + run->count - 1,
			 item_of_run(plan, s, &plan->run[clash.other])->path);
		break;
	case HOLE_OVERLAPS_REGION:
		diag_add(plan->diags, clash.region->use == REGION_USED ? DIAG_GFN_OVERLAP : DIAG_GFN_RESERVED,
			 0, item->path, "reg", NULL,
			 "guest frames 0x%llx..0x%llx lie in the %s (0x%llx..0x%llx) of Xen 4.%u", gfn,
			 gfn + run->count - 1, clash.region->name, (unsigned long long)clash.region->base,
			 (unsigned long long)(clash.region->base + clash.region->size - 1),
			 clash.region->last);
		break;
	}
	plan->diags->allowed_here = (struct diag_set){ { 0, 0 } };
}

void place_report_shortage(struct xlpt_plan *plan, const struct place_segments *s,
			    const struct holes_shortage *shortage)
{
	diag_add(plan->diags, DIAG_OUT_OF_SPACE, 0, item_of_run(plan, s, &plan->run[shortage->run])->path,
		 "reg", NULL,
		 "%llu frames (%llu KiB) from host frame 0x%llx find no place: the largest hole left has %llu frames (%llu KiB)",
		 (unsigned long long)shortage->needed, (unsigned long long)shortage->needed * 4,
		 (unsigned long long)plan->run[shortage->run].start,
		 (unsigned long long)shortage->largest, (unsigned long long)shortage->largest * 4);
}

/* The runs whose frame is fixed; with `before`, those that were not so before. */
int place_report_clashes(struct xlpt_plan *plan, const struct place_segments *s, const bool *before)
{
	uint64_t ipa_end = layout_ipa_end(plan->settings);
	struct hole_clash *clash = arena_alloc(&plan->arena, plan->n_runs, sizeof(*clash));
	size_t i;

	if (!clash || holes_check_fixed(plan->run, plan->n_runs, plan->host->regions,
					plan->host->n_regions, ipa_end, clash))
		return -ENOMEM;
	for (i = 0; i < plan->n_runs; i++)
		if (plan->run[i].fixed && !(before && before[i]))
			report_clash(plan, s, i, clash[i], ipa_end);
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory windows of PCI host bridges, as aligned as the BARs behind them need it. */
#include "place.h"
#include "slots.h"

/* The first frame at or above `from` that is congruent to `like` modulo a power of two. */
static uint64_t next_like(uint64_t from, uint64_t like, uint64_t modulus)
{
	return from + ((like - from) & (modulus - 1));
}

/* Does the run, at gfn, touch what is not free, or the area? *past_r: the first frame behind that. */
static bool touches(const struct xlpt_plan *plan, const struct hole_run *run, const struct gap *area,
		    uint64_t gfn, uint64_t *past_r)
{
	size_t i;

	for (i = 0; i < plan->host->n_regions; i++) {
		const struct region *region = &plan->host->regions[i];
		uint64_t first = region->base >> XLPT_FRAME_SHIFT;
		uint64_t last = (region->base + region->size - 1) >> XLPT_FRAME_SHIFT;

		*past_r = last + 1;
		if (gfn <= last && gfn + run->count > first)
			return true;
	}
	*past_r = area ? area->to : 0;
	if (area && gfn < area->to && gfn + run->count > area->from)
		return true;
	for (i = 0; i < plan->n_runs; i++) {
		const struct hole_run *other = &plan->run[i];

		*past_r = other->gfn + other->count;
		if (other->fixed && gfn < *past_r && gfn + run->count > other->gfn)
			return true;
	}
	return false;
}

/*
 * A guest places BARs by the CPU address of their window, aligned to their
 * size, and expects the PCI address to be aligned too: so a window keeps its
 * host offset modulo the largest BAR it could hold. If no hole has room for
 * that, holes_place() finds one with the usual offset, or says that there is none.
 */
static bool align_run(struct xlpt_plan *plan, struct hole_run *run, const struct gap *area, uint64_t from,
		      uint64_t modulus)
{
	uint64_t end = layout_ipa_end(plan->settings) >> XLPT_FRAME_SHIFT, gfn, past;

	for (gfn = next_like(from, run->start, modulus); gfn + run->count <= end;
	     gfn = next_like(past, run->start, modulus)) {
		if (touches(plan, run, area, gfn, &past))
			continue;
		run->fixed = true;
		run->gfn = gfn;
		return true;
	}
	return false;
}

/* Where the general-purpose hole of every release begins, the one holes_place() prefers as well. */
#define GENERAL_HOLE 0x4020
/* Frame 0 stays free: a mapping there hides bugs. */
#define FIRST_FRAME 1

static void align_window(struct xlpt_plan *plan, const struct pci_window *window,
			 const struct slots *slots)
{
	struct hole_run *run = window->size ? place_run_of(plan, window->host >> XLPT_FRAME_SHIFT) : NULL;
	uint64_t modulus = 1;

	if (!run || run->fixed || run->count >= layout_ipa_end(plan->settings) >> XLPT_FRAME_SHIFT)
		return;
	while (modulus * 2 <= window->size >> XLPT_FRAME_SHIFT)
		modulus *= 2;
	/* In the slots' area only if there is no other place: it would move what it meets there. */
	if (slots && align_run(plan, run, &slots->area, GENERAL_HOLE, modulus))
		return;
	if (!align_run(plan, run, NULL, GENERAL_HOLE, modulus))
		align_run(plan, run, NULL, FIRST_FRAME, modulus);
}

void place_windows(struct xlpt_plan *plan, const struct plan_item *item, const struct slots *slots,
		   unsigned *left)
{
	const struct xlpt_tree *tree = plan->tree;
	struct pci_window window;
	uint32_t node;
	unsigned w;

	for (node = item->node; node < tree->node[item->node].end; node++)
		for (w = 0; *left && pci_memory_window(tree, node, w, &window); w++, --*left)
			align_window(plan, &window, slots);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory windows of PCI host bridges, as aligned as the BARs behind them need it. */
#include <errno.h>
#include <stdlib.h>

#include "place.h"
#include "slots.h"
#include "space.h"

/* More windows than boards have are placed like all else: each costs a look at all that is fixed. */
#define MAX_WINDOWS 64

/* The first frame at or above `from` that is congruent to `like` modulo a power of two. */
static uint64_t next_like(uint64_t from, uint64_t like, uint64_t modulus)
{
	return from + ((like - from) & (modulus - 1));
}

/* What no window may touch: regions and fixed runs, as disjoint and ascending frames [from, to). */
struct taken {
	struct gap *list;
	size_t n;
};

static int by_from(const void *a_, const void *b_)
{
	const struct gap *a = a_, *b = b_;

	return a->from < b->from ? -1 : a->from > b->from;
}

static int find_taken(struct xlpt_plan *plan, struct taken *taken)
{
	const struct plan_host *host = plan->host;
	size_t n = 0, i;

	/* Each window placed adds one. */
	taken->list = arena_alloc(&plan->arena, host->n_regions + plan->n_runs, sizeof(*taken->list));
	if (!taken->list)
		return -ENOMEM;
	for (i = 0; i < host->n_regions; i++)
		if (host->regions[i].size)
			taken->list[n++] = region_frames(&host->regions[i]);
	for (i = 0; i < plan->n_runs; i++)
		if (plan->run[i].fixed)
			taken->list[n++] = (struct gap){
				plan->run[i].gfn, run_end(plan->run[i].gfn, plan->run[i].count),
			};
	qsort(taken->list, n, sizeof(*taken->list), by_from);
	taken->n = 0;
	for (i = 0; i < n; i++) {
		struct gap *last = taken->n ? &taken->list[taken->n - 1] : NULL;

		if (!last || taken->list[i].from > last->to)
			taken->list[taken->n++] = taken->list[i];
		else if (taken->list[i].to > last->to)
			last->to = taken->list[i].to;
	}
	return 0;
}

/* The first that ends behind a frame, or n. */
static size_t taken_from(const struct taken *taken, uint64_t frame)
{
	size_t low = 0, high = taken->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (taken->list[middle].to <= frame)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * A guest places BARs by the CPU address of their window, aligned to their
 * size, and expects the PCI address to be aligned too: so a window keeps its
 * host offset modulo the largest BAR it could hold. If no hole has room for
 * that, holes_place() finds one with the usual offset, or says that there is none.
 */
static bool align_run(struct xlpt_plan *plan, struct taken *taken, struct hole_run *run,
		      const struct gap *area, uint64_t from, uint64_t modulus)
{
	uint64_t end = layout_ipa_end(plan->settings) >> XLPT_FRAME_SHIFT;
	uint64_t gfn = next_like(from, run->start, modulus);
	size_t i = taken_from(taken, gfn);

	while (gfn + run->count <= end) {
		/* Once through the list, whatever the alignment. */
		while (i < taken->n && taken->list[i].to <= gfn)
			i++;
		if (area && gfn < area->to && gfn + run->count > area->from) {
			gfn = next_like(area->to, run->start, modulus);
		} else if (i < taken->n && taken->list[i].from < gfn + run->count) {
			gfn = next_like(taken->list[i].to, run->start, modulus);
		} else {
			run->fixed = true;
			run->gfn = gfn;
			memmove(&taken->list[i + 1], &taken->list[i], (taken->n - i) * sizeof(*taken->list));
			taken->list[i] = (struct gap){ gfn, gfn + run->count };
			taken->n++;
			return true;
		}
	}
	return false;
}

/* Where the general-purpose hole of every release begins, the one holes_place() prefers as well. */
#define GENERAL_HOLE 0x4020
/* Frame 0 stays free: a mapping there hides bugs. */
#define FIRST_FRAME 1

static void align_window(struct xlpt_plan *plan, struct taken *taken, const struct pci_window *window,
			 const struct slots *slots)
{
	struct hole_run *run = window->size ? place_run_of(plan, window->host >> XLPT_FRAME_SHIFT) : NULL;
	uint64_t modulus = 1;

	if (!run || run->fixed || run->count >= layout_ipa_end(plan->settings) >> XLPT_FRAME_SHIFT)
		return;
	while (modulus * 2 <= window->size >> XLPT_FRAME_SHIFT)
		modulus *= 2;
	/* In the slots' area only if there is no other place: it would move what it meets there. */
	if (slots && align_run(plan, taken, run, &slots->area, GENERAL_HOLE, modulus))
		return;
	if (!align_run(plan, taken, run, NULL, GENERAL_HOLE, modulus))
		align_run(plan, taken, run, NULL, FIRST_FRAME, modulus);
}

int place_windows(struct xlpt_plan *plan, const struct slots *slots)
{
	const struct xlpt_tree *tree = plan->tree;
	struct taken taken = { 0 };
	unsigned w, left = MAX_WINDOWS;
	struct pci_window window;
	uint32_t node;
	size_t i;

	for (i = 0; i < plan->n_items && left; i++)
		for (node = plan->item[i].node; node < tree->node[plan->item[i].node].end; node++)
			for (w = 0; left && pci_memory_window(tree, node, &w, &window); left--) {
				if (!taken.list && find_taken(plan, &taken))
					return -ENOMEM;
				align_window(plan, &taken, &window, slots);
			}
	return 0;
}

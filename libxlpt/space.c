/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "space.h"

/*
 * Which part of the free space is taken first. What is free follows from the
 * regions alone; these only rank it, and may name addresses that are not free.
 */
static const struct zone {
	uint64_t from, to;	/* frames */
	bool largest_first;	/* else by address */
} zones[] = {
	/* Above the GIC, below the RAM: free in most releases, reachable by any guest. */
	{ FRAME(0x04020000), FRAME(0x40000000), true },
	/* Beside the GIC, of which a guest has only one version. */
	{ FRAME(0x02000000), FRAME(0x04020000), true },
	{ FRAME(0x00001000), FRAME(0x02000000), false },
	/* What RAM leaves of its first bank. */
	{ FRAME(0x40000000), FRAME(0x100000000), false },
	/* Out of reach for 32 bit guests without LPAE and for 32 bit drivers. */
	{ FRAME(0x100000000), UINT64_MAX, false },
};

#define N_ZONES (sizeof(zones) / sizeof(*zones))

struct gap region_frames(const struct region *region)
{
	uint64_t last = region->base + region->size - 1;

	if (!region->size)
		return (struct gap){ 0, 0 };
	if (last < region->base)
		last = UINT64_MAX;
	return (struct gap){ FRAME(region->base), FRAME(last) + 1 };
}

void space_open(struct gaps *set, struct arena *arena, const struct region *regions,
		size_t n_regions, uint64_t end, bool keep_reserved)
{
	struct gap gap;
	size_t i;

	gaps_init(set, arena);
	gaps_add(set, 1, end);
	for (i = 0; i < n_regions; i++) {
		if (keep_reserved && regions[i].use == REGION_RESERVED)
			continue;
		gap = region_frames(&regions[i]);
		gaps_carve(set, gap.from, gap.to);
	}
}

static int window_by_size(const void *a_p, const void *b_p)
{
	const struct gap *a = a_p, *b = b_p;

	if (a->to - a->from != b->to - b->from)
		return a->to - a->from > b->to - b->from ? -1 : 1;
	return a->from < b->from ? -1 : a->from > b->from;
}

static int window_by_address(const void *a_p, const void *b_p)
{
	const struct gap *a = a_p, *b = b_p;

	return a->from < b->from ? -1 : a->from > b->from;
}

void space_rank(struct space_windows *windows, struct arena *arena, const struct gaps *free)
{
	struct gap gap, *window;
	uint64_t to;
	size_t first, i;

	for (i = 0; i < N_ZONES; i++) {
		first = windows->n;
		to = zones[i].to;
		while (gaps_last_overlap(free, zones[i].from, to, &gap)) {
			window = arena_push(arena, &windows->window, &windows->n, &windows->room,
					    sizeof(*window));
			if (!window)
				return;
			window->from = gap.from > zones[i].from ? gap.from : zones[i].from;
			window->to = gap.to < to ? gap.to : to;
			to = window->from;
		}
		if (windows->n > first)
			qsort(windows->window + first, windows->n - first, sizeof(*window),
			      zones[i].largest_first ? window_by_size : window_by_address);
		if (zones[i].to <= FRAME_4GIB)
			windows->n_low = windows->n;
	}
}

bool space_has(const struct gaps *free, uint64_t from, uint64_t to)
{
	struct gap gap;

	/* The last gap it meets must be all of it. */
	return gaps_last_overlap(free, from, to, &gap) && gap.from <= from && gap.to >= to;
}

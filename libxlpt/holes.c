/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where device frames go in the guest.
 *
 * Identity first, for every run for which it is safe. The others are packed in
 * the order of their host addresses, so that a run's place depends only on the
 * runs before it and on the obstacles, never on what is packed later.
 *
 * A 2 MiB window that has any device frame costs one stage-2 table of the
 * guest's P2M pool (device mappings are always 4 KiB entries), so a run first
 * looks for room in windows that have one already.
 */
#include <errno.h>
#include <stdlib.h>

#include "arena.h"
#include "gaps.h"
#include "holes.h"

#define FRAME(bytes) ((uint64_t)(bytes) >> XLPT_FRAME_SHIFT)

#define TABLE_SHIFT 9	/* frames of one stage-2 table: 2 MiB */
#define TABLE_FRAMES ((uint64_t)1 << TABLE_SHIFT)

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
#define FRAME_4GIB FRAME(0x100000000)

struct space {
	struct arena arena;
	struct gaps free;	/* outside all regions */
	struct gaps touched;	/* what of it lies in a window that has device frames */
	struct gaps wide;	/* with the reserved regions, once `free` is too small */
	bool wide_open;
	struct gap *windows;	/* the regions' gaps, cut by zone, in order of preference */
	size_t n_windows;
	size_t n_low;		/* those below 4 GiB, which come first */
	uint64_t end;		/* one past the last frame a guest can address */
};

static struct gap region_frames(const struct region *region)
{
	uint64_t last = region->base + region->size - 1;

	if (!region->size)
		return (struct gap){ 0, 0 };
	if (last < region->base)
		last = UINT64_MAX;
	return (struct gap){ FRAME(region->base), FRAME(last) + 1 };
}

/* One past the run's last frame, wherever it is; UINT64_MAX rather than wrap around. */
static uint64_t run_end(uint64_t from, uint64_t count)
{
	uint64_t end;

	return __builtin_add_overflow(from, count, &end) ? UINT64_MAX : end;
}

struct hole_clash holes_check_fixed(const struct hole_run *runs, size_t n_runs, size_t i,
				    const struct region *regions, size_t n_regions,
				    uint64_t ipa_end)
{
	struct hole_clash clash = { .kind = HOLE_FREE };
	uint64_t from = runs[i].gfn, to = run_end(from, runs[i].count);
	struct gap gap;
	size_t r, j;

	if (!runs[i].count)
		return clash;
	for (r = 0; r < n_regions; r++) {
		gap = region_frames(&regions[r]);
		if (gap.from >= to || gap.to <= from)
			continue;
		/* The first used one by address, else the first reserved one. */
		if (!clash.region || (clash.region->use == REGION_RESERVED &&
				      regions[r].use == REGION_USED)) {
			clash.kind = HOLE_OVERLAPS_REGION;
			clash.region = &regions[r];
		}
	}
	if (clash.region && clash.region->use == REGION_USED)
		return clash;
	for (j = 0; j < n_runs; j++) {
		if (j == i || !runs[j].fixed || !runs[j].count)
			continue;
		if (runs[j].gfn < to && run_end(runs[j].gfn, runs[j].count) > from)
			return (struct hole_clash){ .kind = HOLE_OVERLAPS_RUN, .other = j };
	}
	if (to > FRAME(ipa_end))
		return (struct hole_clash){ .kind = HOLE_BEYOND_IPA };
	return clash;
}

/* Everything a guest can address but frame 0 and the regions; reserved ones stay if asked. */
static void open_set(struct space *space, struct gaps *set, const struct region *regions,
		     size_t n_regions, bool keep_reserved)
{
	struct gap gap;
	size_t i;

	gaps_init(set, &space->arena);
	gaps_add(set, 1, space->end);
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

/* Rank the free space before any run is in it, so that no run changes the ranking. */
static void rank_windows(struct space *space)
{
	struct gap gap, *window;
	uint64_t to;
	size_t room = 0, first, i;

	for (i = 0; i < N_ZONES; i++) {
		first = space->n_windows;
		to = zones[i].to;
		while (gaps_last_overlap(&space->free, zones[i].from, to, &gap)) {
			window = arena_push(&space->arena, &space->windows, &space->n_windows,
					    &room, sizeof(*window));
			if (!window)
				return;
			window->from = gap.from > zones[i].from ? gap.from : zones[i].from;
			window->to = gap.to < to ? gap.to : to;
			to = window->from;
		}
		if (space->n_windows > first)
			qsort(space->windows + first, space->n_windows - first, sizeof(*window),
			      zones[i].largest_first ? window_by_size : window_by_address);
		if (zones[i].to <= FRAME_4GIB)
			space->n_low = space->n_windows;
	}
}

/* The run is mapped at `at` from now on. */
static void occupy(struct space *space, uint64_t at, uint64_t count)
{
	uint64_t to = run_end(at, count);

	gaps_carve(&space->free, at, to);
	gaps_carve(&space->touched, at, to);
	if (space->wide_open)
		gaps_carve(&space->wide, at, to);
}

/* The window of this frame has a table from now on: its free rest costs nothing more. */
static void touch_window(struct space *space, uint64_t frame)
{
	uint64_t from = frame & ~(TABLE_FRAMES - 1), to = from + TABLE_FRAMES;
	struct gap gap;

	/* If it had one before, `touched` has all that is left of it. */
	if (gaps_last_overlap(&space->touched, from, to, &gap))
		return;
	while (gaps_last_overlap(&space->free, from, to, &gap)) {
		if (gap.from < from)
			gap.from = from;
		gaps_add(&space->touched, gap.from, gap.to < to ? gap.to : to);
		if (space->arena.failed)
			return;
		to = gap.from;
	}
}

static void touch(struct space *space, uint64_t at, uint64_t count)
{
	uint64_t to = run_end(at, count);

	if (to > space->end)
		to = space->end;
	if (at >= to)
		return;
	/* Windows between the first and the last have no free rest. */
	touch_window(space, at);
	touch_window(space, to - 1);
}

/* Windows that would need their first table with a run here. */
static uint64_t new_windows(const struct space *space, uint64_t at, uint64_t count)
{
	uint64_t first = at >> TABLE_SHIFT, last = (at + count - 1) >> TABLE_SHIFT;
	uint64_t n = last - first + 1;
	struct gap gap;

	if (gaps_last_overlap(&space->touched, at, at + 1, &gap))
		n--;
	if (last != first &&
	    gaps_last_overlap(&space->touched, at + count - 1, at + count, &gap))
		n--;
	return n;
}

static bool try_window(const struct space *space, const struct gaps *set, struct gap window,
		       const struct hole_run *run, uint64_t *at_r)
{
	unsigned residue = run->start % GAP_RESIDUES;
	uint64_t at, next;
	struct gap gap;

	if (!gaps_first_fit(set, window.from, window.to, run->count, residue, &gap))
		return false;
	at = gap_align(gap.from, residue);
	/* A long run may span a window less when it starts with one. */
	next = gap_align(((at >> TABLE_SHIFT) + 1) << TABLE_SHIFT, residue);
	if (next < gap.to && gap.to - next >= run->count &&
	    new_windows(space, next, run->count) < new_windows(space, at, run->count))
		at = next;
	*at_r = at;
	return true;
}

/* In order of preference, of the windows from..to-1 and of any space in `range`. */
static bool find_in(const struct space *space, size_t from, size_t to, struct gap range,
		    const struct hole_run *run, uint64_t *at_r)
{
	size_t i;

	if (try_window(space, &space->touched, range, run, at_r))
		return true;
	for (i = from; i < to; i++)
		if (try_window(space, &space->free, space->windows[i], run, at_r))
			return true;
	/* Too long for any window: space across the border of two zones is as free. */
	return try_window(space, &space->free, range, run, at_r);
}

static bool find_place(const struct space *space, const struct hole_run *run, uint64_t *at_r)
{
	const struct gap low = { 0, FRAME_4GIB }, all = { 0, UINT64_MAX };

	/* A table saved is not worth an address that some guests cannot reach. */
	return find_in(space, 0, space->n_low, low, run, at_r) ||
	       find_in(space, space->n_low, space->n_windows, all, run, at_r) ||
	       (space->wide_open && try_window(space, &space->wide, all, run, at_r));
}

int holes_place(struct hole_run *runs, size_t n_runs, const struct region *regions,
		size_t n_regions, const struct holes_options *options,
		struct holes_shortage *shortage_r)
{
	struct space space = { .end = FRAME(options->ipa_end) };
	bool *settled;
	struct gap gap;
	size_t i, j;
	int rc = 0;

	arena_init(&space.arena);
	settled = arena_alloc(&space.arena, n_runs, sizeof(*settled));
	open_set(&space, &space.free, regions, n_regions, false);
	gaps_init(&space.touched, &space.arena);
	rank_windows(&space);

	for (i = 0; i < n_runs && !space.arena.failed; i++) {
		settled[i] = runs[i].fixed || !runs[i].count;
		if (runs[i].fixed)
			occupy(&space, runs[i].gfn, runs[i].count);
		else if (!runs[i].count)
			runs[i].gfn = runs[i].start;
	}
	for (i = 0; i < n_runs && !space.arena.failed; i++) {
		uint64_t from = runs[i].start, to = run_end(from, runs[i].count);

		/* In one piece: the last gap it meets must be all of it. */
		if (settled[i] || !gaps_last_overlap(&space.free, from, to, &gap) ||
		    gap.from > from || gap.to < to)
			continue;
		runs[i].gfn = from;
		settled[i] = true;
		occupy(&space, from, runs[i].count);
	}

	for (i = 0; i < n_runs && !space.arena.failed; i++) {
		if (!settled[i] && !find_place(&space, &runs[i], &runs[i].gfn)) {
			if (!options->use_reserved || space.wide_open) {
				*shortage_r = (struct holes_shortage){
					.run = i,
					.needed = runs[i].count,
					.largest = gaps_largest(space.wide_open ? &space.wide :
										  &space.free,
								runs[i].start % GAP_RESIDUES),
				};
				rc = -ENOSPC;
				break;
			}
			open_set(&space, &space.wide, regions, n_regions, true);
			space.wide_open = true;
			for (j = 0; j < n_runs; j++)
				if (settled[j])
					occupy(&space, runs[j].gfn, runs[j].count);
			i--;
			continue;
		}
		if (!settled[i])
			occupy(&space, runs[i].gfn, runs[i].count);
		settled[i] = true;
		touch(&space, runs[i].gfn, runs[i].count);
	}

	if (space.arena.failed)
		rc = -ENOMEM;
	arena_free(&space.arena);
	return rc;
}

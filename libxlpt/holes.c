/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where device frames go in the guest.
 *
 * Identity first, for every run for which it is safe. Then, if the host's slots
 * are given, those that have one: neither depends on what else is selected. The
 * rest is packed outside of the slots, in the order of host addresses, so that
 * a run's place depends only on the runs before it and on the obstacles, never
 * on what is packed later.
 *
 * A 2 MiB window that has any device frame costs one stage-2 table of the
 * guest's P2M pool (device mappings are always 4 KiB entries), so a run that is
 * packed first looks for room in windows that have one already.
 */
#include <errno.h>

#include "arena.h"
#include "gaps.h"
#include "holes.h"
#include "slots.h"
#include "space.h"

struct space {
	struct arena arena;
	struct gaps free;	/* outside all regions */
	struct gaps touched;	/* what of it lies in a window that has device frames */
	struct gaps wide;	/* with the reserved regions, once `free` is too small */
	bool wide_open;
	struct space_windows windows;	/* of `free` before any run is in it, so that none changes the ranking */
	uint64_t end;		/* one past the last frame a guest can address */
};

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
		if (try_window(space, &space->free, space->windows.window[i], run, at_r))
			return true;
	/* Too long for any window: space across the border of two zones is as free. */
	return try_window(space, &space->free, range, run, at_r);
}

static bool find_place(const struct space *space, const struct hole_run *run, uint64_t *at_r)
{
	const struct gap low = { 0, FRAME_4GIB }, all = { 0, UINT64_MAX };

	/* A table saved is not worth an address that some guests cannot reach. */
	return find_in(space, 0, space->windows.n_low, low, run, at_r) ||
	       find_in(space, space->windows.n_low, space->windows.n, all, run, at_r) ||
	       (space->wide_open && try_window(space, &space->wide, all, run, at_r));
}

/* Runs at their own place, whatever else is selected: forced, identity, slots. */
static void settle(struct space *space, struct hole_run *runs, size_t n_runs,
		   const struct slots *slots, bool *settled)
{
	size_t i;

	for (i = 0; i < n_runs && !space->arena.failed; i++) {
		settled[i] = runs[i].fixed || !runs[i].count;
		if (runs[i].fixed)
			occupy(space, runs[i].gfn, runs[i].count);
		else if (!runs[i].count)
			runs[i].gfn = runs[i].start;
	}
	for (i = 0; i < n_runs && !space->arena.failed; i++) {
		if (settled[i] ||
		    !space_has(&space->free, runs[i].start, run_end(runs[i].start, runs[i].count)))
			continue;
		runs[i].gfn = runs[i].start;
		settled[i] = true;
		occupy(space, runs[i].gfn, runs[i].count);
	}
	for (i = 0; slots && i < n_runs && !space->arena.failed; i++) {
		if (settled[i] || !slots_find(slots, runs[i].start, runs[i].count, &runs[i].gfn) ||
		    !space_has(&space->free, runs[i].gfn, runs[i].gfn + runs[i].count))
			continue;
		settled[i] = true;
		occupy(space, runs[i].gfn, runs[i].count);
	}
}

int holes_place(struct hole_run *runs, size_t n_runs, const struct region *regions,
		size_t n_regions, const struct holes_options *options,
		struct holes_shortage *shortage_r)
{
	struct space space = { .end = FRAME(options->ipa_end) };
	const struct slots *slots = options->slots;
	bool *settled;
	size_t i, j;
	int rc = 0;

	arena_init(&space.arena);
	settled = arena_alloc(&space.arena, n_runs, sizeof(*settled));
	space_open(&space.free, &space.arena, regions, n_regions, space.end, false);
	gaps_init(&space.touched, &space.arena);
	space_rank(&space.windows, &space.arena, &space.free);
	if (!space.arena.failed)
		settle(&space, runs, n_runs, slots, settled);
	/* Slots that nobody has now are for the next selection. */
	if (slots)
		gaps_carve(&space.free, slots->area.from, slots->area.to);

	for (i = 0; i < n_runs && !space.arena.failed; i++) {
		if (!settled[i] && !find_place(&space, &runs[i], &runs[i].gfn)) {
			if (!options->use_reserved || slots || space.wide_open) {
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
			space_open(&space.wide, &space.arena, regions, n_regions, space.end, true);
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
		/* With slots, not even the choice of a window shall depend on who is there. */
		if (!slots)
			touch(&space, runs[i].gfn, runs[i].count);
	}

	if (space.arena.failed)
		rc = -ENOMEM;
	arena_free(&space.arena);
	return rc;
}

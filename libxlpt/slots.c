/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slots.h"
#include "space.h"

#define SLOT_FRAMES ((uint64_t)GAP_RESIDUES)

static uint64_t slot_down(uint64_t frame)
{
	return frame & ~(SLOT_FRAMES - 1);
}

static uint64_t slot_up(uint64_t frame)
{
	return frame > UINT64_MAX - SLOT_FRAMES ? UINT64_MAX : slot_down(frame + SLOT_FRAMES - 1);
}

/* Host slots [from, to) get the next guest slots that are free, in a row; none if there are none. */
static void give(struct slots *slots, struct arena *arena, const struct gaps *room,
		 struct gap *hole, uint64_t from, uint64_t to)
{
	struct slot_row *row = slots->n ? &slots->row[slots->n - 1] : NULL;
	struct gap gap;
	uint64_t at;

	if (from >= to || !gaps_first_fit(room, hole->from, hole->to, to - from, 0, &gap))
		return;
	at = gap_align(gap.from, 0);
	hole->from = at + (to - from);
	if (row && row->host + row->count == from && row->guest + row->count == at) {
		row->count += to - from;
		return;
	}
	row = arena_push(arena, &slots->row, &slots->n, &slots->room, sizeof(*row));
	if (row)
		*row = (struct slot_row){ .host = from, .guest = at, .count = to - from };
}

void slots_assign(struct slots *slots, struct arena *arena, const struct slots_range *ranges,
		  size_t n_ranges, const struct region *regions, size_t n_regions,
		  uint64_t ipa_end)
{
	struct space_windows windows = { 0 };
	struct gaps free, room;
	struct gap hole;
	uint64_t from = 0, to = 0, first, last;
	size_t i;

	*slots = (struct slots){ 0 };
	space_open(&free, arena, regions, n_regions, FRAME(ipa_end), false);
	space_rank(&windows, arena, &free);
	if (arena->failed || !windows.n_low)
		return;
	hole = windows.window[0];
	gaps_init(&room, arena);
	gaps_add(&room, hole.from, hole.to);
	for (i = 0; i < n_ranges; i++) {
		first = ranges[i].start;
		last = run_end(first, ranges[i].count);
		if (space_has(&free, first, last))
			gaps_carve(&room, first, last);
	}
	/* Ranges with a slot in common stay together. */
	for (i = 0; i < n_ranges && !arena->failed; i++) {
		first = ranges[i].start;
		last = run_end(first, ranges[i].count);
		if (!ranges[i].count || ranges[i].count > SLOTS_LARGEST ||
		    space_has(&free, first, last))
			continue;
		if (slot_down(first) >= to) {
			give(slots, arena, &room, &hole, from, to);
			from = slot_down(first);
		}
		if (slot_up(last) > to)
			to = slot_up(last);
	}
	give(slots, arena, &room, &hole, from, to);
	if (slots->n && !arena->failed) {
		slots->area.from = slots->row[0].guest & ~(TABLE_FRAMES - 1);
		slots->area.to = (hole.from + TABLE_FRAMES - 1) & ~(TABLE_FRAMES - 1);
	}
}

bool slots_find(const struct slots *slots, uint64_t start, uint64_t count, uint64_t *gfn_r)
{
	size_t low = 0, high = slots->n, middle;
	const struct slot_row *row;

	/* The last row that begins at or below the run. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (slots->row[middle].host <= start)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return false;
	row = &slots->row[low - 1];
	if (start - row->host >= row->count || count > row->count - (start - row->host))
		return false;
	*gfn_r = row->guest + (start - row->host);
	return true;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The free part of a guest's address map: what it is, and in which order it is taken. */
#ifndef XLPT_SPACE_H
#define XLPT_SPACE_H

#include "arena.h"
#include "gaps.h"
#include "layout.h"

#define FRAME(bytes) ((uint64_t)(bytes) >> XLPT_FRAME_SHIFT)
#define FRAME_4GIB FRAME(0x100000000)

#define TABLE_SHIFT 9	/* frames of one stage-2 table: 2 MiB */
#define TABLE_FRAMES ((uint64_t)1 << TABLE_SHIFT)

/* The frames that a region touches; { 0, 0 } of an empty one. */
struct gap region_frames(const struct region *region);

/* One past a run's last frame, wherever it is; UINT64_MAX rather than wrap around. */
static inline uint64_t run_end(uint64_t from, uint64_t count)
{
	uint64_t end;

	return __builtin_add_overflow(from, count, &end) ? UINT64_MAX : end;
}

/*
 * Everything a guest can address (frames below `end`) but frame 0 and the
 * regions; reserved ones stay if asked.
 */
void space_open(struct gaps *set, struct arena *arena, const struct region *regions,
		size_t n_regions, uint64_t end, bool keep_reserved);

struct space_windows {
	struct gap *window;	/* what is free, cut by zone, in order of preference */
	size_t n, room;
	size_t n_low;		/* those below 4 GiB, which come first */
};

/* Zeroed windows from the free space; on exhaustion arena->failed. */
void space_rank(struct space_windows *windows, struct arena *arena, const struct gaps *free);

/* Is [from, to) free in one piece? */
bool space_has(const struct gaps *free, uint64_t from, uint64_t to);

#endif

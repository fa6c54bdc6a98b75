/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where in a guest each small register range of a host goes, whoever is passed
 * together with it: the host's address space in slots of 64 KiB, less those
 * without registers, in the host's order and with the offset in the slot kept.
 * It follows from the host and the guest's layout alone, so no device moves
 * because another one comes or goes.
 */
#ifndef XLPT_SLOTS_H
#define XLPT_SLOTS_H

#include "arena.h"
#include "gaps.h"
#include "layout.h"

/*
 * A larger range has no slot: of those a host has few, they take much room,
 * and together they rarely fit.
 */
#define SLOTS_LARGEST ((uint64_t)512)	/* frames */

/* Slots in a row, here and there. */
struct slot_row {
	uint64_t host, guest, count;	/* in frames */
};

struct slots {
	struct slot_row *row;	/* ascending, in both */
	size_t n, room;
	struct gap area;	/* guest frames from the first slot's to the last one's, in whole 2 MiB */
};

/* Register ranges of the host, in frames: ascending, may overlap. */
struct slots_range {
	uint64_t start, count;
};

/*
 * Slots in the guest's preferred hole for all ranges that are not free at their
 * own address; frames of those that are, are not given out. Ranges for which
 * the hole has no room get none. Exhaustion: arena->failed.
 */
void slots_assign(struct slots *slots, struct arena *arena, const struct slots_range *ranges,
		  size_t n_ranges, const struct region *regions, size_t n_regions,
		  uint64_t ipa_end);

/* The place of host frames; false if not all of them have slots, in a row. */
bool slots_find(const struct slots *slots, uint64_t start, uint64_t count, uint64_t *gfn_r);

#endif

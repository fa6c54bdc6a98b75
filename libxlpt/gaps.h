/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A set of disjoint intervals of frames, by address, that answers "where is
 * the lowest place for this many frames with this residue" in logarithmic
 * time. The free space of holes.c.
 */
#ifndef XLPT_GAPS_H
#define XLPT_GAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

/* Placements keep the offset within 64 KiB: the residue modulo 16 frames. */
#define GAP_RESIDUES 16

struct gap {
	uint64_t from, to;	/* frames [from, to) */
};

struct gap_node;

struct gaps {
	struct arena *arena;	/* of the nodes; its `failed` tells of exhaustion */
	struct gap_node *root;
	struct gap_node *spare;
};

void gaps_init(struct gaps *gaps, struct arena *arena);

/*
 * Add an interval that overlaps none in the set, as one with those it touches;
 * an empty one is nothing.
 */
void gaps_add(struct gaps *gaps, uint64_t from, uint64_t to);

/* Take [from, to) out, however many intervals it cuts. */
void gaps_carve(struct gaps *gaps, uint64_t from, uint64_t to);

/* The last interval that overlaps [from, to); false if none does, or if that is empty. */
bool gaps_last_overlap(const struct gaps *gaps, uint64_t from, uint64_t to, struct gap *gap_r);

/*
 * The lowest interval that, clipped to [from, to), has `count` frames from a
 * frame ≡ residue on; *gap_r is what the clipping left. False if none has.
 */
bool gaps_first_fit(const struct gaps *gaps, uint64_t from, uint64_t to, uint64_t count,
		    unsigned residue, struct gap *gap_r);

/* The most frames that would fit from a frame ≡ residue on. */
uint64_t gaps_largest(const struct gaps *gaps, unsigned residue);

/* The lowest frame >= from with this residue. */
static inline uint64_t gap_align(uint64_t from, unsigned residue)
{
	return from + ((residue - from) & (GAP_RESIDUES - 1));
}

#endif

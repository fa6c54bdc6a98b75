/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs of host frames into free guest space. Integers only: knows nothing of
 * device trees or diagnostics.
 */
#ifndef XLPT_HOLES_H
#define XLPT_HOLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"

struct slots;

/* A run of frames that must stay contiguous in the guest. */
struct hole_run {
	uint64_t start, count;	/* host frames; runs ascend and do not overlap */
	bool fixed;		/* gfn was forced by the user and is not to be moved */
	uint64_t gfn;		/* out (in, when fixed): first guest frame */
};

/* What is wrong with a fixed run. */
enum hole_clash_kind {
	HOLE_FREE,
	HOLE_OVERLAPS_REGION,	/* region set; its .use says whether it may be allowed */
	HOLE_OVERLAPS_RUN,	/* other set: index of another fixed run */
	HOLE_BEYOND_IPA,
};

struct hole_clash {
	enum hole_clash_kind kind;
	const struct region *region;
	size_t other;
};

/*
 * The worst clash of each fixed run (used before reserved), into clashes[];
 * HOLE_FREE where there is none and for runs that are not fixed. n log n.
 * Returns 0; -ENOMEM.
 */
int holes_check_fixed(const struct hole_run *runs, size_t n_runs, const struct region *regions,
		      size_t n_regions, uint64_t ipa_end, struct hole_clash *clashes);

struct holes_options {
	uint64_t ipa_end;	/* bytes */
	bool use_reserved;	/* gfn-reserved was allowed: REGION_RESERVED may be taken, after all else is full */
	const struct slots *slots;	/* of the host, for this layout; NULL: pack as tight as possible */
};

/* Free space when it did not fit. */
struct holes_shortage {
	size_t run;		/* the first run that found no place */
	uint64_t needed;	/* frames of that run */
	uint64_t largest;	/* the most frames that would have fitted, its residue kept */
};

/*
 * Place every run that is not fixed: at its own address (identity) where the
 * whole run lies in free space; else, with slots, at that of its slot if it has
 * one that is free, so that a run added or left out moves no other such run;
 * else packed: as few distinct 2 MiB windows as possible, gfn ≡ start modulo 16
 * frames (64 KiB, for guests with 64 KiB pages), below 4 GiB first,
 * deterministic, and a run added at the end moves none placed before it unless
 * it must. Fixed runs are obstacles. What is packed keeps out of the slots'
 * area, so with slots there may be no place (below 4 GiB) where there is one
 * without them: then ask again without.
 * Linear in runs times regions or better (n log n), not quadratic in runs.
 * Frame 0 is never given out. Returns 0; -ENOSPC with *shortage_r filled
 * (runs before the one that found no place have theirs, the later ones only if
 * fixed or identity); -ENOMEM.
 */
int holes_place(struct hole_run *runs, size_t n_runs, const struct region *regions,
		size_t n_regions, const struct holes_options *options,
		struct holes_shortage *shortage_r);

#endif

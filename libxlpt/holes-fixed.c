/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs whose guest frames the user forced: what they clash with. */
#include <errno.h>
#include <stdlib.h>

#include "holes.h"
#include "space.h"

/* A fixed run, for sorting. */
struct forced {
	uint64_t from, to;
	size_t run;
};

static int by_frame(const void *a_p, const void *b_p)
{
	const struct forced *a = a_p, *b = b_p;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->run < b->run ? -1 : a->run > b->run;
}

/* The first used region by address, else the first reserved one; NULL if it meets none. */
static const struct region *met_region(const struct forced *forced, const struct region *regions,
				       size_t n_regions)
{
	const struct region *met = NULL;
	struct gap gap;
	size_t i;

	for (i = 0; i < n_regions; i++) {
		gap = region_frames(&regions[i]);
		if (gap.from >= forced->to || gap.to <= forced->from)
			continue;
		if (!met || (met->use == REGION_RESERVED && regions[i].use == REGION_USED))
			met = &regions[i];
	}
	return met;
}

static struct hole_clash worst(const struct forced *forced, const struct forced *reaching,
			       const struct forced *next, const struct region *met, uint64_t end)
{
	if (met && met->use == REGION_USED)
		return (struct hole_clash){ .kind = HOLE_OVERLAPS_REGION, .region = met };
	if (reaching && reaching->to > forced->from)
		return (struct hole_clash){ .kind = HOLE_OVERLAPS_RUN, .other = reaching->run };
	if (next && next->from < forced->to)
		return (struct hole_clash){ .kind = HOLE_OVERLAPS_RUN, .other = next->run };
	if (forced->to > end)
		return (struct hole_clash){ .kind = HOLE_BEYOND_IPA };
	if (met)
		return (struct hole_clash){ .kind = HOLE_OVERLAPS_REGION, .region = met };
	return (struct hole_clash){ .kind = HOLE_FREE };
}

int holes_check_fixed(const struct hole_run *runs, size_t n_runs, const struct region *regions,
		      size_t n_regions, uint64_t ipa_end, struct hole_clash *clashes)
{
	struct forced *forced = malloc((n_runs ? n_runs : 1) * sizeof(*forced));
	const struct forced *reaching = NULL;	/* of those that start before, what ends last */
	size_t n = 0, i;

	if (!forced)
		return -ENOMEM;
	for (i = 0; i < n_runs; i++) {
		clashes[i] = (struct hole_clash){ .kind = HOLE_FREE };
		if (runs[i].fixed && runs[i].count)
			forced[n++] = (struct forced){
				runs[i].gfn, run_end(runs[i].gfn, runs[i].count), i,
			};
	}
	qsort(forced, n, sizeof(*forced), by_frame);
	for (i = 0; i < n; i++) {
		clashes[forced[i].run] = worst(&forced[i], reaching,
					       i + 1 < n ? &forced[i + 1] : NULL,
					       met_region(&forced[i], regions, n_regions),
					       FRAME(ipa_end));
		if (!reaching || forced[i].to > reaching->to)
			reaching = &forced[i];
	}
	free(forced);
	return 0;
}

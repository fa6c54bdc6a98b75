/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frames and the SPIs of a device, each once however often the tree lists it. */
#include <stdlib.h>

#include "devices.h"
#include "u32-set.h"

static int by_start(const void *a_, const void *b_)
{
	const struct xlpt_iomem *a = a_, *b = b_;

	return a->start < b->start ? -1 : a->start > b->start;
}

struct xlpt_iomem *device_frames(const struct resources *r, uint32_t node, struct arena *arena,
				 size_t *n_r)
{
	uint32_t i, first = r->first_reg[node], end = r->first_reg[node + 1];
	struct xlpt_iomem *run = arena_alloc(arena, end - first, sizeof(*run));
	size_t n = 0, out = 0, k;

	*n_r = 0;
	if (!run)
		return NULL;
	for (i = first; i < end; i++)
		if (r->reg[i].size)
			run[n++] = (struct xlpt_iomem){
				.start = r->reg[i].base >> XLPT_FRAME_SHIFT,
				.count = frames_of(r->reg[i].base, r->reg[i].size),
			};
	if (n > 1)
		qsort(run, n, sizeof(*run), by_start);
	for (k = 1; k < n; k++) {
		uint64_t behind = run[k].start + run[k].count;

		if (run[k].start > run[out].start + run[out].count)
			run[++out] = run[k];
		else if (behind > run[out].start + run[out].count)
			run[out].count = behind - run[out].start;
	}
	*n_r = n ? out + 1 : 0;
	return run;
}

uint32_t *device_spis(const struct resources *r, uint32_t node, struct arena *arena, size_t *n_r)
{
	uint32_t i, first = r->first_irq[node], end = r->first_irq[node + 1];
	uint32_t *intid = arena_alloc(arena, end - first, sizeof(*intid));
	size_t n = 0;

	*n_r = 0;
	if (!intid)
		return NULL;
	for (i = first; i < end; i++)
		if (r->irq[i].kind == IRQ_SPI && !r->irq[i].from_map)
			intid[n++] = r->irq[i].intid;
	*n_r = u32_set_make(intid, n);
	return intid;
}

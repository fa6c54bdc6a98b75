/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "guest-extended.h"
#include "layout.h"

#define ALIGN ((uint64_t)2 << 20)
#define SMALLEST ((uint64_t)64 << 20)

static const struct {
	uint64_t base, size;
} banks[] = {
	{ 0x40000000, (uint64_t)3 << 30 },
	{ 0x200000000, (uint64_t)1016 << 30 },
};

#define N_BANKS (sizeof(banks) / sizeof(*banks))

size_t extended_room(unsigned minor)
{
	if (minor < 16)
		return 0;
	return minor < 21 ? N_BANKS : EXTENDED_MAX;
}

static int by_gfn(const void *a_p, const void *b_p)
{
	const struct xlpt_iomem *a = a_p, *b = b_p;

	return a->gfn < b->gfn ? -1 : a->gfn > b->gfn;
}

/* The rest of a bank, [start, end), in pieces around the device frames (4.21 and later). */
static size_t pieces(uint64_t start, uint64_t end, const struct xlpt_iomem *iomem, size_t n_iomem,
		     struct extended *out, size_t n)
{
	uint64_t from, to;
	size_t i;

	for (i = 0; i < n_iomem && start < end && n < EXTENDED_MAX; i++) {
		from = iomem[i].gfn << XLPT_FRAME_SHIFT;
		to = (iomem[i].gfn + iomem[i].count) << XLPT_FRAME_SHIFT;
		if (to <= start || from >= end)
			continue;
		/* What lies before the device is kept as it is: its end need not be aligned. */
		if (from > start && from - start >= SMALLEST)
			out[n++] = (struct extended){ start, from - start };
		start = to;
	}
	if (start < end && end - start >= SMALLEST && n < EXTENDED_MAX)
		out[n++] = (struct extended){ start, end - start };
	return n;
}

size_t extended_regions(const struct merge_settings *s, struct extended out[EXTENDED_MAX])
{
	uint64_t start, end, ipa_end = layout_ipa_end(&s->guest);
	bool around = s->guest.xen_last >= 21 && s->n_iomem;
	struct xlpt_iomem *sorted = NULL;
	struct region ram[2];
	size_t n_ram, n = 0, i;

	if (!extended_room(s->guest.xen_last))
		return 0;
	if (around)
		sorted = calloc(s->n_iomem, sizeof(*sorted));
	if (sorted) {
		memcpy(sorted, s->iomem, s->n_iomem * sizeof(*sorted));
		qsort(sorted, s->n_iomem, sizeof(*sorted), by_gfn);
	}
	n_ram = layout_ram(s->guest.xen_last, s->guest.memory_mib, ram);
	for (i = 0; i < N_BANKS; i++) {
		start = banks[i].base;
		if (i < n_ram)
			start += (ram[i].size + ALIGN - 1) / ALIGN * ALIGN;
		end = banks[i].base + banks[i].size;
		if (end > ipa_end)
			end = ipa_end;
		/* A bank with less than the smallest is skipped whole, devices or not. */
		if (start < end && end - start >= SMALLEST)
			n = pieces(start, end, sorted, sorted ? s->n_iomem : 0, out, n);
	}
	free(sorted);
	return n;
}
